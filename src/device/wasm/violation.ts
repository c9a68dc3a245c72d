import type { Program } from '../device.ts';
import { type CheckedAccesses, VIOLATION } from './compiled.ts';

/** What a thread's record says. */
interface Violation {
  readonly access: number;
  readonly index: number;
  readonly length: number;
  readonly group: number;
  readonly lane: number;
}

/**
 * The access outside an array in the first workgroup that made one, if any did; clears the records
 * of all threads, which lie `stride` bytes apart from `scratch` on.
 */
export function takeViolation(
  words: Uint32Array,
  scratch: number,
  stride: number,
  threads: number,
): Violation | undefined {
  let first: Violation | undefined;
  for (let thread = 0; thread < threads; thread++) {
    const record = (scratch + thread * stride) / 4;
    const word = (name: keyof typeof VIOLATION) => words[record + VIOLATION[name]] ?? 0;
    if (word('access') === 0) continue;
    if (!first || word('group') < first.group) {
      first = {
        access: word('access'),
        index: word('index'),
        length: word('length'),
        group: word('group'),
        lane: word('lane'),
      };
    }
    words[record + VIOLATION.access] = 0;
  }
  return first;
}

/** Says which kernel went out of which array, where in its text and in which invocation. */
export function describeViolation(
  { name, source }: Program,
  { workgroup, accesses }: CheckedAccesses,
  { access, index, length, group, lane }: Violation,
): string {
  const noted = accesses[access - 1];
  if (!noted) throw new Error(`kernel ${name} has no access ${access}`);
  const { variable, at, signed } = noted;
  const line = source.slice(0, at).split('\n').length;
  const text = (source.split('\n')[line - 1] ?? '').trim();
  const [x, y] = workgroup;
  const local = [lane % x, Math.floor(lane / x) % y, Math.floor(lane / (x * y))] as const;
  const global = [group * x + local[0], local[1], local[2]];
  const elements = length === 1 ? '1 element' : `${length} elements`;
  return (
    `Kernel ${name} takes element ${signed ? index | 0 : index} of '${variable}', which has ${elements}, in line ${line}:\n` +
    `  ${text}\n` +
    `  workgroup ${group}, local invocation (${local.join(', ')}), global invocation (${global.join(', ')})`
  );
}
