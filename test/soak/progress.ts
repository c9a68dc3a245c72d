/** Says on the error stream, at each twentieth, how far a long run has come. */
export function showProgress(name: string, done: number, all: number): void {
  const twentieth = Math.ceil(all / 20);
  if (done % twentieth === 0) process.stderr.write(`  ${name}: ${done} of ${all}\n`);
}
