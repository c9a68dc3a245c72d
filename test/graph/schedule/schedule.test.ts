import { test } from 'uvu';
import * as assert from 'uvu/assert';
import '../../../src/tensor/methods.ts';
import { schedule } from '../../../src/graph/schedule/schedule.ts';
import type { Step } from '../../../src/graph/schedule/step.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';
import { concat } from '../../../src/tensor/ops/joining.ts';
import { matMul } from '../../../src/tensor/ops/linear.ts';
import { uniform } from '../../../src/tensor/random/distributions.ts';
import type { AnyTensor } from '../../../src/tensor/tensor.ts';
import { sizeOf } from '../../reference/shape.ts';
import { STANDARD_LIMITS } from '../limits.ts';
import '../kernels-loaded.ts';

const input = (...shape: number[]): AnyTensor =>
  tensor(new Float32Array(sizeOf(shape)), shape) as AnyTensor;

const times = (a: AnyTensor, b: AnyTensor): AnyTensor => matMul(a, b);

function stepsFor(...results: readonly AnyTensor[]): readonly Step[] {
  const nodes = results.map(({ node }) => node);
  return schedule(nodes, [], STANDARD_LIMITS).steps;
}

const nodesOf = (steps: readonly Step[]) => [...new Set(steps.map(({ node }) => node))];

test('an elementwise chain is one kernel', () => {
  const x = input(5, 7);
  const y = x.mul(2).add(x).exp().sub(input(7)).relu();
  const steps = stepsFor(y);
  assert.is(steps.length, 1);
  assert.is(steps[0]?.node, y.node);
});

test('views are index arithmetic: no step of their own', () => {
  const x = input(4, 6);
  const y = x
    .transpose()
    .slice([1], [5])
    .flip(0)
    .pad([
      [1, 1],
      [0, 2],
    ])
    .mul(3)
    .unsqueeze(0);
  assert.is(stepsFor(y).length, 1);
  assert.is(stepsFor(concat([x, x.flip(1), x.mul(2)], 1)).length, 1);
});

test('a reshape of a result is the result itself', () => {
  const y = input(4, 6).exp();
  assert.is(stepsFor(y.reshape([24]), y).length, 1);
});

test('dense is one kernel: bias and activation end the product', () => {
  const [x, w, b] = [input(3, 8), input(8, 4), input(4)];
  const steps = stepsFor(times(x, w).add(b).relu());
  assert.is(nodesOf(steps).length, 1);
  assert.ok(steps.some(({ operands }) => operands.includes(b.node)));
  const named = steps.map(({ program }) => program.name).join();
  assert.not.match(named, /add|relu/);
});

test('a product ends with whatever follows of its own elements', () => {
  const [x, w, b] = [input(3, 8), input(8, 4), input(4)];
  const product = times(x, w);
  for (const ending of [
    product.add(b),
    product.relu(),
    product.sigmoid().exp(),
    product.mul(2).sub(input(3, 4)),
    product.reshape([12]).add(input(12)),
    product.add(b.unsqueeze(0)).mul(input(3, 1)).tanh(),
  ]) {
    assert.is(stepsFor(ending).length, 1);
  }
});

test('a product does not end with what mixes, moves or multiplies its elements, or is no f32', () => {
  const [x, w] = [input(4, 8), input(8, 4)];
  const product = times(x, w);
  for (const other of [
    product.transpose().exp(),
    product.flip(0).add(1),
    product.add(product.flip(0)),
    product.unsqueeze(0).expand([2, 4, 4]).mul(2),
    product.slice([1]).mul(2),
    product.greater(0),
    product.sum().add(product),
  ]) {
    assert.ok(nodesOf(stepsFor(other)).length > 1);
  }
});

test('of several products the last ends with what is made of all', () => {
  const products = [1, 2, 3].map(() => times(input(3, 8), input(8, 4)));
  const [a, b, c] = products as [AnyTensor, AnyTensor, AnyTensor];
  const sum = a.add(b.mul(2)).add(c).relu();
  const steps = stepsFor(sum);
  assert.is(steps.length, 3);
  assert.is(steps[2]?.node, sum.node);
});

test('a kernel ends with nothing that would have it bind more buffers than the device allows', () => {
  const others = (count: number) => Array.from({ length: count }, () => input(3, 4));
  const sumOf = (count: number) =>
    others(count).reduce((a, b) => a.add(b), times(input(3, 8), input(8, 4)));
  const most = STANDARD_LIMITS.maxStorageBuffers - 3;
  assert.is(stepsFor(sumOf(most)).length, 1);
  assert.is(stepsFor(sumOf(most + 1)).length, 2);
});

test('a product that is wanted without its bias as well is not folded', () => {
  const [x, w, b] = [input(3, 8), input(8, 4), input(4)];
  const product = times(x, w);
  assert.is(nodesOf(stepsFor(product, product.add(b).relu())).length, 2);
  assert.is(nodesOf(stepsFor(product.add(b).relu(), product.sum())).length, 3);
});

test('a column of biases is no row of them, also where the product is square', () => {
  const [x, w, b] = [input(4, 4), input(4, 4), input(4)];
  const product = times(x, w);
  const textOf = (bias: AnyTensor) => stepsFor(product.add(bias)).at(-1)?.program.source;
  assert.is(textOf(b.unsqueeze(0)), textOf(b));
  assert.is.not(textOf(b.unsqueeze(1)), textOf(b));
});

test('transposed operands of a product are read as they lie', () => {
  const [a, b] = [input(8, 3), input(4, 8)];
  const steps = stepsFor(times(a.transpose(), b.transpose()));
  assert.is(nodesOf(steps).length, 1);
  assert.ok(steps.some(({ operands }) => operands.includes(a.node) && operands.includes(b.node)));
});

test('what several kernels share is computed once where it is dear', () => {
  const shared = input(6, 5).exp().mul(input(6, 5));
  const steps = stepsFor(shared.sum(0), shared.sum(1));
  assert.is(nodesOf(steps).length, 3);
  assert.ok(nodesOf(steps).includes(shared.node));
});

test('what several kernels share is computed by each where that costs no more than reading it', () => {
  const cheap = input(6, 5).mul(2);
  const [first, second] = [cheap.add(1).transpose(), cheap.sub(1)];
  assert.is(nodesOf(stepsFor(first, second)).length, 2);
  const mask = uniform([6, 5], { seed: 1 }) as AnyTensor;
  assert.is(nodesOf(stepsFor(mask.mul(input(6, 5)), mask.mul(input(6, 5)))).length, 2);
});

test('equal subexpressions within one kernel are computed once', () => {
  const y = input(4).exp();
  const [step] = stepsFor(y.add(y).mul(y));
  assert.is(step?.program.source.match(/exp\(/g)?.length, 1);
});

test('inputs are computed before their users', () => {
  const x = input(4, 4);
  const h = times(x, x);
  const y = times(h.exp(), h).sum().add(h.max());
  const steps = stepsFor(y, h.min());
  const written = new Set<unknown>([x.node]);
  for (const { operands, node } of steps) {
    for (const operand of operands) {
      assert.ok('temporary' in operand || operand === node || written.has(operand));
    }
    written.add(node);
  }
});

test('a kernel binds no more buffers than the device allows', () => {
  const parts = Array.from({ length: 30 }, () => input(2, 3));
  const sum = parts.reduce((a, b) => a.add(b));
  for (const result of [sum, concat(parts)]) {
    const steps = stepsFor(result as AnyTensor);
    assert.ok(steps.length > 1);
    for (const { operands } of steps) {
      assert.ok(operands.length <= STANDARD_LIMITS.maxStorageBuffers);
    }
  }
});

test('a kernel reads as many buffers as the device allows beside its result', () => {
  const sumOf = (count: number) =>
    Array.from({ length: count }, () => input(2, 3)).reduce((a, b) => a.add(b));
  const most = STANDARD_LIMITS.maxStorageBuffers - 1;
  assert.is(stepsFor(sumOf(most)).length, 1);
  assert.is(stepsFor(sumOf(most + 1)).length, 2);
});

test('long expressions are cut into kernels of a size that compiles quickly', () => {
  const chain = (length: number) => {
    let x = input(5);
    for (let i = 0; i < length; i++) x = x.add(i);
    return x;
  };
  assert.is(stepsFor(chain(50)).length, 1);
  assert.is(stepsFor(chain(300)).length, 4);
  // Deeper than the call stack.
  assert.is(stepsFor(chain(8000)).length, 100);
  const tree = (depth: number): AnyTensor =>
    depth === 0 ? input(5).exp() : tree(depth - 1).add(tree(depth - 1));
  const x = input(5);
  const wide = Array.from({ length: 400 }, (_, i) => x.mul(i)).reduce((a, b) => a.add(b));
  assert.ok(stepsFor(wide).length <= 20, `${stepsFor(wide).length}`);
  assert.ok(stepsFor(tree(6)).length <= 40);
});

test.run();
