import { requireList, requireText } from '../../../arguments.ts';
import { ShapeError } from '../../../errors.ts';
import { product } from '../../../kernels/launch.ts';
import { requireDType } from '../../require-dtype.ts';
import { sizeOf } from '../../shape.ts';
import type { Tensor } from '../../tensor.ts';
import { matMul } from '../linear.ts';
import { diagonalOf } from '../rearranging/diagonals.ts';
import { expandTo, reshape, transpose } from '../views.ts';
import { type Labels, parseEquation } from './equation.ts';

/** A tensor each of whose axes has a label. */
interface Labelled {
  readonly x: Tensor;
  readonly labels: Labels;
}

/**
 * Einstein's summation: products of elements at places of equal labels, summed over the labels that the
 * result is without. `einsum('bij,bjk->bik', [a, b])` is a product of matrices. A label twice in one
 * operand is its diagonal; without `->` the result has the labels that are there once, in alphabetical
 * order; `...` stands for axes without labels, which broadcast.
 *
 * Operands are contracted two at a time, those first whose result is smallest, by `matMul` wherever both
 * have axes of their own.
 * @throws ArgumentError where the equation is no such text.
 * @throws ShapeError where it has other axes than the operands, or a label two sizes.
 * @throws DTypeError where an operand is not f32.
 */
export function einsum(equation: string, operands: readonly Tensor[]): Tensor {
  requireText('einsum', 'equation', equation);
  requireList('einsum', operands, 'tensors, such as [a, b]');
  for (const x of operands) requireDType('einsum', x, ['f32']);
  const { inputs, output } = parseEquation(
    equation,
    operands.map(({ shape }) => shape),
  );
  const sizes = sizesOf(equation, operands, inputs);
  let left = operands.map((x, i) => withoutRepeats({ x, labels: inputs[i] ?? [] }, sizes));
  while (left.length > 1) {
    const [a, b] = cheapestPair(left, output, sizes);
    const rest = left.filter((_, i) => i !== a && i !== b);
    const kept = new Set([...output, ...rest.flatMap(({ labels }) => labels)]);
    left = [contract(left[a] as Labelled, left[b] as Labelled, kept), ...rest];
  }
  const last = summed(left[0] as Labelled, new Set(output));
  const there = output.filter((label) => last.labels.includes(label));
  const ordered = arranged(last, there);
  // Broadcast axes that all operands have with size 1 have gone.
  const spread = reshape(
    ordered,
    output.map((label) => (there.includes(label) ? sizeOfLabel(sizes, label) : 1)),
  );
  return expandTo(
    spread,
    output.map((label) => sizeOfLabel(sizes, label)),
  );
}

type Sizes = ReadonlyMap<string, number>;

const sizeOfLabel = (sizes: Sizes, label: string): number => sizes.get(label) ?? 1;

/** The size of each label; those of `...`, which are numbers, may also be 1 in some operands. */
function sizesOf(equation: string, operands: readonly Tensor[], inputs: readonly Labels[]): Sizes {
  const sizes = new Map<string, number>();
  operands.forEach(({ shape }, k) => {
    inputs[k]?.forEach((label, axis) => {
      const [size, known] = [sizeOf(shape, axis), sizes.get(label)];
      const broadcasts = !/[a-z]/i.test(label);
      if (known === undefined || (broadcasts && known === 1)) sizes.set(label, size);
      else if (size !== known && !(broadcasts && size === 1)) {
        const name = broadcasts ? 'an axis of ...' : `label ${label}`;
        throw new ShapeError(
          `einsum: '${equation}' of ${operands.map((x) => `[${x.shape}]`).join(', ')}: ${name} has sizes ${known} and ${size}.`,
        );
      }
    });
  });
  return sizes;
}

/** Diagonals of labels that are there twice, and no axes that are only there to be broadcast. */
function withoutRepeats({ x, labels }: Labelled, sizes: Sizes): Labelled {
  const first = labels.findIndex((label, i) => labels.indexOf(label, i + 1) > 0);
  if (first >= 0) {
    const label = labels[first] ?? '';
    const second = labels.indexOf(label, first + 1);
    const rest = labels.filter((_, axis) => axis !== first && axis !== second);
    return withoutRepeats({ x: diagonalOf(x, first, second), labels: [...rest, label] }, sizes);
  }
  const own = labels.filter((label, axis) => x.shape[axis] === sizes.get(label));
  const shape = x.shape.filter((size, axis) => size === sizes.get(labels[axis] ?? ''));
  return own.length === labels.length ? { x, labels } : { x: reshape(x, shape), labels: own };
}

function cheapestPair(parts: readonly Labelled[], output: Labels, sizes: Sizes): [number, number] {
  let best: [number, number] = [0, 1];
  let least = Number.POSITIVE_INFINITY;
  parts.forEach((a, i) => {
    parts.slice(i + 1).forEach((b, j) => {
      const others = parts.filter((one) => one !== a && one !== b).flatMap(({ labels }) => labels);
      const wanted = [...output, ...others];
      const kept = new Set([...a.labels, ...b.labels].filter((label) => wanted.includes(label)));
      const size = product([...kept].map((label) => sizeOfLabel(sizes, label)));
      if (size < least) [least, best] = [size, [i, i + 1 + j]];
    });
  });
  return best;
}

/** The sum over labels that nothing else asks for. */
function summed({ x, labels }: Labelled, kept: ReadonlySet<string>): Labelled {
  const axes = labels.flatMap((label, axis) => (kept.has(label) ? [] : [axis]));
  if (axes.length === 0) return { x, labels };
  return { x: x.sum(axes), labels: labels.filter((label) => kept.has(label)) };
}

/** The product of two operands, summed over the labels that are not kept. */
function contract(first: Labelled, second: Labelled, kept: ReadonlySet<string>): Labelled {
  const a = summed(first, new Set([...kept, ...second.labels]));
  const b = summed(second, new Set([...kept, ...first.labels]));
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const batch = shared.filter((label) => kept.has(label));
  const inner = shared.filter((label) => !kept.has(label));
  const [rows, columns] = [a, b].map(({ labels }) =>
    labels.filter((label) => !shared.includes(label)),
  ) as [string[], string[]];
  const shapeOf = (labels: Labels) =>
    labels.map((label) => {
      const { x, labels: own } = a.labels.includes(label) ? a : b;
      return sizeOf(x.shape, own.indexOf(label));
    });
  const size = (labels: Labels) => product(shapeOf(labels));
  const labels = [...batch, ...rows, ...columns];
  // Without a sum, or with one number for each batch, there is no product of matrices in it.
  if (inner.length === 0 || (rows.length === 0 && columns.length === 0)) {
    const ones = columns.map(() => 1);
    const left = arranged(a, [...batch, ...inner, ...rows]);
    const wide = reshape(left, [...left.shape, ...ones]);
    const right = reshape(arranged(b, [...batch, ...inner, ...columns]), [
      ...shapeOf([...batch, ...inner]),
      ...rows.map(() => 1),
      ...shapeOf(columns),
    ]);
    return { x: wide.mul(right).sum(inner.map((_, i) => batch.length + i)), labels };
  }
  const left = reshape(arranged(a, [...batch, ...rows, ...inner]), [
    ...shapeOf(batch),
    size(rows),
    size(inner),
  ]);
  const right = reshape(arranged(b, [...batch, ...inner, ...columns]), [
    ...shapeOf(batch),
    size(inner),
    size(columns),
  ]);
  return { x: reshape(matMul(left, right), shapeOf(labels)), labels };
}

/** The axes in the order of labels. */
function arranged({ x, labels }: Labelled, order: Labels): Tensor {
  return transpose(
    x,
    order.map((label) => labels.indexOf(label)),
  );
}
