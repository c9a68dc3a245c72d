import { ShapeError, StaleTensorError } from '../errors.ts';
import { cellReadBy } from '../graph/cell.ts';
import { type Node, topologicalThroughValues } from '../graph/node.ts';
import type { AnyOp } from '../tensor/op.ts';
import { full, zeros } from '../tensor/ops/creation.ts';
import { requireDType } from '../tensor/require-dtype.ts';
import { sameShape } from '../tensor/shape.ts';
import { type AnyTensor, Tensor } from '../tensor/tensor.ts';
import { type AnyVariable, Variable } from '../tensor/variable.ts';

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
 * computed with other values, combined, and differentiated again. What `y` does not depend on
 * has gradient 0. Reverse-mode accumulation over the ops' vector-Jacobian products.
 *
 * @param y a tensor of size 1, or of any size if `seed` is given
 * @param seed the gradient of `y` itself, in its shape; 1 if left out
 * @throws ShapeError where `y` is not a scalar and has no seed, or the seed is of another shape.
 * @throws DTypeError where one of them is not f32.
 * @throws StaleTensorError where a variable has changed since `y` was computed.
 */
export function grad<const T extends readonly Differentiable[]>(
  y: AnyTensor,
  wrt: T,
  seed?: AnyTensor,
): Gradients<T> {
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
  const targets = wrt.map((target) => {
    const x = target instanceof Variable ? target.value : target;
    requireDType('grad', x, ['f32']);
    return x.node;
  });
  const gradients = accumulate(y, targets, start);
  return targets.map((node) => gradients.get(node) ?? zeros(node.shape)) as Gradients<T>;
}

/**
 * Walks from `y` back to `targets` and sums what arrives at each. With `within`, the targets' own
 * inputs are not looked at: the walk stays inside one op's decomposition.
 */
function accumulate(
  y: AnyTensor,
  targets: readonly Node[],
  seed: Tensor,
  within = false,
): Map<Node, Tensor> {
  const wanted = new Set(targets);
  const order = topologicalThroughValues(
    [y.node],
    (node) => cellReadBy(node) !== undefined || (within && wanted.has(node)),
  );
  const needed = dependents(order, targets);
  const gradients = new Map<Node, Tensor>([[y.node, seed]]);
  for (const node of [...order].reverse()) {
    const gradient = gradients.get(node);
    if (!gradient || !needed.has(node)) continue;
    if (!wanted.has(node)) gradients.delete(node);
    else if (within) continue;
    if (node.inputs.length === 0) continue;
    const parts = backward(node, gradient);
    node.inputs.forEach((input, i) => {
      const part = parts[i];
      if (!part || !needed.has(input)) return;
      const sum = gradients.get(input);
      gradients.set(input, sum ? sum.add(part) : part);
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
  const inputs = node.inputs.map((input) => new Tensor(input));
  const { attributes, scalars } = node;
  if (op.vjp) {
    const output: AnyTensor = new Tensor(node);
    requireDType(op.name, output, ['f32']);
    return op.vjp(gradient, { inputs, output, attributes, scalars });
  }
  if (!op.decompose) return inputs.map(() => undefined);
  // No rule of its own: differentiate what it is made of, up to these very inputs.
  const output = op.decompose({ inputs, attributes, scalars });
  const parts = accumulate(output, node.inputs, gradient, true);
  return node.inputs.map((input) => (input.dtype === 'f32' ? parts.get(input) : undefined));
}
