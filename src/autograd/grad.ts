import { requireList } from '../arguments.ts';
import { ShapeError, StaleTensorError } from '../errors.ts';
import { Cell, cellReadBy } from '../graph/cell.ts';
import { isTrained } from '../graph/execution/freezing.ts';
import { type Node, topologicalThroughValues } from '../graph/node.ts';
import { isFloat } from '../kernels/dtype.ts';
import { keepCauses } from '../tensor/nan-causes.ts';
import type { AnyOp } from '../tensor/op.ts';
import { cast } from '../tensor/ops/cast.ts';
import { full, zeros } from '../tensor/ops/creation.ts';
import { requireDType, requireTensor } from '../tensor/require-dtype.ts';
import { sameShape } from '../tensor/shape.ts';
import { type AnyTensor, Tensor } from '../tensor/tensor.ts';
import { type AnyVariable, Variable } from '../tensor/variable.ts';
import { sumOf } from './sum-of-parts.ts';

/** What a gradient can be taken with respect to. */
export type Differentiable = AnyTensor | AnyVariable;

/** The gradients of a list, each in the shape of what it belongs to. */
export type Gradients<T extends readonly Differentiable[]> = {
  -readonly [I in keyof T]: T[I] extends { readonly shape: infer S extends readonly number[] }
    ? Tensor<S, 'f32'>
    : never;
};

/**
 * The gradients of a scalar with respect to tensors or variables, as a graph: they can be
 * computed with other values, combined, and differentiated again; those of f16 are f32 too. What `y`
 * does not depend on has gradient 0. Reverse-mode accumulation over the ops' vector-Jacobian products.
 *
 * The gradient with respect to a variable is that at the value which `y` was built from, whatever
 * has been assigned since: it can be computed as long as that value is there.
 *
 * @param y a tensor of size 1, or of any size if `seed` is given
 * @param seed the gradient of `y` itself, in its shape; 1 if left out
 * @throws ShapeError where `y` is not a scalar and has no seed, or the seed is of another shape.
 * @throws DTypeError where `y` or its seed is not f32, or what it is differentiated by no float.
 * @throws StaleTensorError where a variable has changed since `y` was computed, where `y` was built
 *   from several values of a variable, and where it was built from another than the one given.
 */
export function grad<const T extends readonly Differentiable[]>(
  y: AnyTensor,
  wrt: T,
  seed?: AnyTensor,
): Gradients<T> {
  requireList('grad', wrt, 'tensors or variables, such as [x]');
  if (seed !== undefined) requireTensor('grad', seed);
  const nodes = wrt.map((target) => {
    const isVariable = target instanceof Variable;
    requireDType('grad', isVariable ? target.value : target, ['f32', 'f16']);
    return isVariable ? target.cell : target.node;
  });
  return gradientsOf(y, nodes, seed).map(
    (gradient, i) => gradient ?? zeros((wrt[i] as Differentiable).shape),
  ) as Gradients<T>;
}

/** As {@link grad}, for nodes and for cells, whichever of their values `y` was built from. */
export function gradientsOf(
  y: AnyTensor,
  wrt: readonly (Node | Cell)[],
  seed?: AnyTensor,
): (Tensor | undefined)[] {
  requireDType('grad', y, ['f32']);
  if (!seed && y.size !== 1) {
    throw new ShapeError(
      `grad: the gradient of a tensor of shape [${y.shape}] needs a scalar to start from. Reduce it first, as in y.sum(), or give a seed of its shape.`,
    );
  }
  if (seed && !sameShape(seed.shape, y.shape)) {
    throw new ShapeError(`grad: the seed [${seed.shape}] must have the shape of y, [${y.shape}].`);
  }
  const start: AnyTensor = seed ?? full(y.shape, 1);
  requireDType('grad', start, ['f32']);
  const order = historyOf(y.node);
  keepCauses(y.node, order);
  const reads = readsIn(order);
  const targets = wrt.map((target) =>
    target instanceof Cell ? (reads.get(target) ?? []) : [sameValue(target, reads)],
  );
  const gradients = accumulate(order, y, targets.flat(), start);
  return targets.map((nodes) => {
    const reached = nodes.filter((node) => gradients.has(node));
    if (reached.length > 1) throw severalValues(reached[0] as Node);
    return reached[0] && gradients.get(reached[0]);
  });
}

/** The trainable f32 cells that a tensor was built from. */
export function trainedBehind(y: AnyTensor): Cell[] {
  const cells = [...readsIn(historyOf(y.node)).keys()];
  return cells.filter((cell) => cell.dtype === 'f32' && isTrained(cell));
}

/** What `y` was made from, inputs first, back to where no gradient goes further. */
function historyOf(y: Node): Node[] {
  return topologicalThroughValues([y], endsHistory);
}

function endsHistory(node: Node): boolean {
  return node.op.endsHistory === true;
}

/** The reads of each cell, one for each of its values. */
function readsIn(order: readonly Node[]): Map<Cell, Node[]> {
  const reads = new Map<Cell, Node[]>();
  for (const node of order) {
    const cell = endsHistory(node) ? cellReadBy(node) : undefined;
    if (cell) reads.set(cell, [...(reads.get(cell) ?? []), node]);
  }
  return reads;
}

/** @throws StaleTensorError where `target` reads another value of its cell than those in `reads` */
function sameValue(target: Node, reads: ReadonlyMap<Cell, readonly Node[]>): Node {
  const cell = cellReadBy(target);
  const own = cell && reads.get(cell);
  if (!own || own.includes(target)) return target;
  throw new StaleTensorError(
    `grad: the value given of variable '${cell.name}' is not the one that the tensor was built from. ` +
      'Give the variable itself, or the very value that went into it.',
  );
}

function severalValues(read: Node): StaleTensorError {
  return new StaleTensorError(
    `grad: a tensor was built from several values of variable '${cellReadBy(read)?.name}', before and after it was replaced, ` +
      'so that it has no one gradient. Wrap what belongs to the older value in stopGradient, or give the values themselves instead of the variable.',
  );
}

/**
 * Walks `order` from `y` back to `targets` and sums what arrives at each. With `within`, the
 * targets' own inputs are not looked at: the walk stays inside one op's decomposition.
 */
function accumulate(
  order: readonly Node[],
  y: AnyTensor,
  targets: readonly Node[],
  seed: Tensor,
  within = false,
): Map<Node, Tensor> {
  const wanted = new Set(targets);
  const needed = dependents(order, targets);
  const arrived = new Map<Node, Tensor[]>([[y.node, [seed]]]);
  const gradients = new Map<Node, Tensor>();
  for (const node of [...order].reverse()) {
    const sums = arrived.get(node);
    if (!sums || !needed.has(node)) continue;
    arrived.delete(node);
    const gradient = sumOf(sums);
    if (wanted.has(node)) gradients.set(node, gradient);
    if (endsHistory(node) || (within && wanted.has(node))) continue;
    const parts = backward(node, gradient);
    node.inputs.forEach((input, i) => {
      const part = parts[i];
      if (!part || !needed.has(input)) return;
      const others = arrived.get(input);
      if (others) others.push(part);
      else arrived.set(input, [part]);
    });
  }
  return gradients;
}

/** The nodes through which the gradient has to travel to reach a target. */
function dependents(order: readonly Node[], targets: readonly Node[]): Set<Node> {
  const needed = new Set<Node>(targets);
  for (const node of order) {
    if (node.released) {
      throw new StaleTensorError(
        `grad: a tensor of shape [${node.shape}] was computed before its variables were updated, and what it was computed from is gone. ` +
          'Take gradients before the optimizer steps, or build the loss anew.',
      );
    }
    if (node.inputs.some((input) => needed.has(input))) needed.add(node);
  }
  return needed;
}

/** What each input gets of the gradient of a node that `op` was applied for. */
function backward(node: Node, gradient: Tensor): readonly (Tensor | undefined)[] {
  const op: AnyOp = node.op;
  const inputs = node.inputs.map(inFullPrecision);
  const { attributes, scalars } = node;
  if (op.vjp) {
    const output = inFullPrecision(node);
    requireDType(op.name, output, ['f32']);
    return op.vjp(gradient, { inputs, output, attributes, scalars });
  }
  if (!op.decompose) return inputs.map(() => undefined);
  // No rule of its own: differentiate what it is made of, up to these very inputs.
  const output = op.decompose({ inputs, attributes, scalars });
  const own = new Set(node.inputs);
  const order = topologicalThroughValues([output.node], (at) => endsHistory(at) || own.has(at));
  const parts = accumulate(order, output, node.inputs, gradient, true);
  return node.inputs.map((input, i) => {
    // What stands at two places has got the parts of both.
    const isFirst = node.inputs.indexOf(input) === i;
    return isFirst && isFloat(input.dtype) ? parts.get(input) : undefined;
  });
}

/** Rules are written for f32, and gradients are: an f16 is cast, which a fused kernel does as it reads. */
function inFullPrecision(node: Node): AnyTensor {
  const value: AnyTensor = new Tensor(node);
  return value.dtype === 'f16' ? cast(value, 'f32') : value;
}
