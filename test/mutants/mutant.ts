import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { boundaries } from './subjects/boundaries.ts';
import { gradients } from './subjects/gradients.ts';
import { kernels } from './subjects/kernels.ts';
import { optimizers } from './subjects/optimizers.ts';
import { ranks } from './subjects/ranks.ts';
import { state } from './subjects/state.ts';
import { training } from './subjects/training.ts';

/** Faults to plant in one file, and the tests that should notice each of them. */
export interface Planted {
  readonly file: string;
  /** Parts of the paths of test files, as `npm test` takes them: as few as notice. */
  readonly tests: readonly string[];
  /** Single changes; what is replaced is in the file exactly once. */
  readonly changes: readonly (readonly [right: string, wrong: string])[];
}

export interface Mutant {
  readonly subject: string;
  readonly file: string;
  readonly tests: readonly string[];
  readonly right: string;
  readonly wrong: string;
}

const subjects: Readonly<Record<string, readonly Planted[]>> = {
  gradients,
  kernels,
  boundaries,
  optimizers,
  training,
  ranks,
  state,
};

export const subjectNames: readonly string[] = Object.keys(subjects);

export const mutants: readonly Mutant[] = Object.entries(subjects).flatMap(([subject, planted]) =>
  planted.flatMap(({ file, tests, changes }) =>
    changes.map(([right, wrong]) => ({ subject, file, tests, right, wrong })),
  ),
);

export function describe({ file, right, wrong }: Mutant): string {
  const line = (text: string) => text.replace(/\s+/g, ' ');
  return `${file}: ${line(right)}  →  ${line(wrong)}`;
}

/**
 * The file with the fault in it.
 * @throws Error where the text to replace is not there exactly once: the list needs mending.
 */
export function mutated(source: string, mutant: Mutant): string {
  const [before, after, ...more] = source.split(mutant.right);
  if (before === undefined || after === undefined || more.length > 0) {
    const times = after === undefined ? 'not' : `${more.length + 1} times`;
    throw new Error(
      `${describe(mutant)}: what it replaces is ${times} in the file; mend test/mutants.`,
    );
  }
  return before + mutant.wrong + after;
}

/** Plants a fault in a copy of the checkout; the result takes it out again. */
export async function plant(checkout: string, mutant: Mutant): Promise<() => Promise<void>> {
  const path = join(checkout, mutant.file);
  const source = await readFile(path, 'utf8');
  await writeFile(path, mutated(source, mutant));
  return () => writeFile(path, source);
}
