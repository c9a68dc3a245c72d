// Times one prepared case for one round. Benchmark.js counts how many iterations make a sample
// long enough for the clock, in its deferred mode; which peer goes when is decided elsewhere.
import Benchmark from 'benchmark';
import type { Prepared } from './peers/peer.ts';

// It would otherwise paste the source of the timed function into code of its own, where the
// function's variables do not exist, and fall back to calling it at each iteration.
(Benchmark.support as { decompilation: boolean }).decompilation = false;

/** Milliseconds per iteration, one number a sample; at least one sample, about `seconds` long. */
export function sampleRound(prepared: Prepared, seconds: number): Promise<number[]> {
  return new Promise((resolve, reject) => {
    let failure: unknown;
    const bench = new Benchmark({
      defer: true,
      // A training step may take longer than the round: one sample must do.
      minSamples: 1,
      maxTime: seconds,
      fn: (deferred: Benchmark.Deferred) => {
        prepared.run().then(
          () => deferred.resolve(),
          (error: unknown) => {
            failure ??= error;
            bench.abort();
            deferred.resolve();
          },
        );
      },
      onComplete: () => {
        const failed = failure ?? bench.error;
        if (failed === undefined) {
          resolve(bench.stats.sample.map((period: number) => period * 1e3));
        } else {
          reject(failed);
        }
      },
    });
    bench.run({ async: true });
  });
}
