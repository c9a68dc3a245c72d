import { requireOptions, requireWhole } from '../../arguments.ts';
import { ArgumentError } from '../../errors.ts';
import { reshape } from '../../tensor/ops/views.ts';
import { type AnySource, mapExamples } from './batch.ts';

export interface WindowOptions {
  /** How many examples further each window begins. Default 1. */
  readonly stride?: number;
  /** How many targets a window has, on an axis of their own; left out, one without such an axis. */
  readonly horizon?: number;
  /** How far behind the window the targets begin: 0, the default, is the next example, −1 the last within. */
  readonly offset?: number;
}

/** Windows of `size` examples that follow each other; see `Dataset.window`. */
export function windows(source: AnySource, size: number, options: WindowOptions): AnySource {
  requireOptions('window', options, ['stride', 'horizon', 'offset']);
  const { stride = 1, horizon, offset = 0 } = options;
  const ahead = horizon ?? 1;
  requireWhole('window', { size, stride, horizon: ahead }, { from: 1 });
  requireWhole('window', { offset }, { from: -size });
  const span = Math.max(size, size + offset + ahead);
  if (source.count < span) {
    throw new ArgumentError(
      `window: a window and its targets take ${span} examples, and the data set has ${source.count}.`,
    );
  }
  return {
    count: Math.floor((source.count - span) / stride) + 1,
    async get(indices, context) {
      /** The examples from a place in each window on, `length` of each. */
      const stretch = async (from: number, length: number, shape: readonly number[]) => {
        const numbers = Int32Array.from({ length: indices.length * length }, (_, i) => {
          return (indices[Math.floor(i / length)] ?? 0) * stride + from + (i % length);
        });
        const all = await source.get(numbers, context);
        return mapExamples(all, (x) => reshape(x, [indices.length, ...shape, ...x.shape.slice(1)]));
      };
      const [past, future] = await Promise.all([
        stretch(0, size, [size]),
        stretch(size + offset, ahead, horizon === undefined ? [] : [ahead]),
      ]);
      return { ...future, inputs: past.inputs, count: indices.length };
    },
  };
}
