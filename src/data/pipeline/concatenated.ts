import { ArgumentError, DTypeError, ShapeError } from '../../errors.ts';
import { tensor } from '../../tensor/ops/creation.ts';
import { where } from '../../tensor/ops/where.ts';
import { sameShape } from '../../tensor/shape.ts';
import { namedValues, type Structure, valueAt } from '../../tensor/structure.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import { type AnySource, type Examples, mapExamples, partsOf } from './batch.ts';

/**
 * The examples of `first`, then those of `second`. Both are asked for a full batch, of which each
 * example is then taken from one: how many come from which changes from batch to batch, and must
 * not change the graph.
 */
export function concatenated(first: AnySource, second: AnySource): AnySource {
  if (first.count === 0) return second;
  if (second.count === 0) return first;
  return {
    count: first.count + second.count,
    async get(indices, context) {
      const fromFirst = Uint8Array.from(indices, (index) => (index < first.count ? 1 : 0));
      const low = indices.map((index) => (index < first.count ? index : 0));
      const high = indices.map((index) => Math.max(index - first.count, 0));
      const [a, b] = await Promise.all([first.get(low, context), second.get(high, context)]);
      requireSameNames(a, b);
      const chosen = mapExamples(a, (value, part, name) => {
        const other: Structure<AnyTensor> = b[part] ?? [];
        const called = name ? `${part} '${name}'` : part;
        return choose(called, fromFirst, value, valueAt(other, name) as AnyTensor);
      });
      return { ...chosen, count: indices.length };
    },
  };
}

function requireSameNames(a: Examples, b: Examples): void {
  const [ofFirst, ofSecond] = [a, b].map((examples) =>
    partsOf(examples).flatMap(([part, tensors]) =>
      namedValues(tensors).map(([name]) => (name ? `${part} '${name}'` : part)),
    ),
  ) as [string[], string[]];
  if (ofFirst.join() === ofSecond.join()) return;
  throw new ArgumentError(
    `concat: the data sets differ: the first has ${ofFirst.join(', ')}, the second ${ofSecond.join(', ')}.`,
  );
}

function choose(name: string, fromFirst: Uint8Array, a: AnyTensor, b: AnyTensor): AnyTensor {
  if (!sameShape(a.shape, b.shape)) {
    throw new ShapeError(
      `concat: the data sets' ${name} differ: an example has shape [${a.shape.slice(1)}] in the first ` +
        `and [${b.shape.slice(1)}] in the second. Map one of them to the shape of the other.`,
    );
  }
  if (a.dtype !== b.dtype) {
    throw new DTypeError(
      `concat: the data sets' ${name} differ: ${a.dtype} in the first, ${b.dtype} in the second. Cast one of them in a map.`,
    );
  }
  const column = [fromFirst.length, ...a.shape.slice(1).fill(1)];
  const condition = tensor(fromFirst, column, { dtype: 'bool' });
  return where(condition, a, b);
}
