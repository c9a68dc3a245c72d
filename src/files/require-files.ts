import { WgradError } from '../errors.ts';

/** Whether files are read and written by their paths: in Node, Deno and Bun, and in no browser. */
export function hasFiles(): boolean {
  return globalThis.process?.versions?.node !== undefined;
}

/** @throws WgradError where there are no files, naming the call and what to do `instead`. */
export function requireFiles(call: string, instead: string): void {
  if (hasFiles()) return;
  throw new WgradError(
    `${call} takes Node, Deno or Bun: a browser reads and writes no files by their paths. ${instead}`,
  );
}
