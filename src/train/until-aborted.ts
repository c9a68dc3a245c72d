import type { Signal } from '../signal.ts';

/**
 * What `values` gives, up to the moment in which the signal is aborted: what is being waited for
 * then is left to itself. No listener stays behind.
 */
export async function* untilAborted<T>(
  values: AsyncIterable<T>,
  signal: Signal | undefined,
): AsyncGenerator<T, void, undefined> {
  const iterator = values[Symbol.asyncIterator]();
  let stop = () => {};
  const onAbort = () => stop();
  signal?.addEventListener('abort', onAbort);
  try {
    while (!signal?.aborted) {
      const next = await new Promise<IteratorResult<T> | undefined>((resolve, reject) => {
        stop = () => resolve(undefined);
        iterator.next().then(resolve, reject);
      });
      if (!next || next.done) return;
      yield next.value;
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    // Not waited for: it comes after what the iterator may wait for for ever.
    iterator.return?.()?.catch(() => {});
  }
}
