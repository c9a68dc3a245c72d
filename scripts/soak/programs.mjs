// The programs of `npm run test:soak`: what lies in test/soak, in the order in which they run.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The parts; a folder is a part of a program a file. `full` is what a program gets as its argument in
 * a full run. Programs of memory get none, at any scale: growth shows only after a while.
 * `computes` says whether it matters on which device.
 */
const parts = [
  { part: 'steps', full: 20_000, computes: true },
  { part: 'shapes', full: 5000, computes: true },
  { part: 'memory', computes: true },
  { part: 'fuzz', full: 20_000, computes: false },
  { part: 'kills', full: 200, computes: false },
];

/** Every program, with its name (`steps`, `memory/results`, `fuzz/csv`), part and file. */
export function soakPrograms(root) {
  return parts.flatMap((part) => {
    const folder = join(root, 'test/soak', part.part);
    if (!existsSync(folder)) return [{ ...part, name: part.part, file: `${folder}.ts` }];
    return readdirSync(folder)
      .filter((file) => file.endsWith('.ts') && isProgram(join(folder, file)))
      .sort()
      .map((file) => {
        return { ...part, name: `${part.part}/${file.slice(0, -3)}`, file: join(folder, file) };
      });
  });
}

/** A program does something when it is loaded; what programs of a folder share does not. */
function isProgram(file) {
  return /^await /m.test(readFileSync(file, 'utf8'));
}

/** The arguments of a program at a scale of the full run. */
export function argumentsAt(scale, { full }) {
  return full === undefined ? [] : [String(Math.max(1, Math.round(full * scale)))];
}
