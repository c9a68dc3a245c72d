import { refuseNames } from '../arguments.ts';
import { ArgumentError } from '../errors.ts';
import type { DType } from '../kernels/dtype.ts';
import type { Shape } from './shape-types.ts';
import { Tensor } from './tensor.ts';
import { Variable as OwnVariable } from './variable.ts';

/**
 * A named cell that holds a tensor between steps: a weight, a moment, a running mean. Without `new` it
 * says what to write.
 * @class
 */
export const Variable: typeof OwnVariable = new Proxy(OwnVariable, {
  apply() {
    throw new ArgumentError('Variable: write new Variable(tensor); without new nothing is made.');
  },
});
export type Variable<S extends Shape = Shape, D extends DType = 'f32'> = OwnVariable<S, D>;

// JavaScript makes text of a tensor behind a plus sign, NaN of one behind a minus, and JSON of the
// whole graph. None of it is what was meant, and all of it goes on without a word.

function define(target: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(target, name, { configurable: true, writable: true, value });
}

function refuseArithmetic(what: string, ops: string, read: string): (hint: string) => string {
  return function (this: object, hint: string) {
    if (hint === 'string') return this.toString();
    throw new ArgumentError(
      `JavaScript's operators do not take ${what}: use ${ops}; for its numbers await ${read}.`,
    );
  };
}

define(
  Tensor.prototype,
  Symbol.toPrimitive,
  refuseArithmetic(
    'a tensor',
    'a.add(b), a.sub(b), a.mul(b), a.neg(), a.less(b), …',
    'a.item() or a.data()',
  ),
);
define(
  Variable.prototype,
  Symbol.toPrimitive,
  refuseArithmetic('a variable', 'v.value.add(b), v.value.mul(b), …', 'v.data()'),
);
define(Tensor.prototype, Symbol.iterator, () => {
  throw new ArgumentError(
    'A tensor is not iterable: its elements may not have been computed. Use await a.array(), or a.split(n) for tensors.',
  );
});
define(Tensor.prototype, 'toJSON', () => {
  throw new ArgumentError(
    'A tensor is no JSON: its elements may not have been computed. Use await a.array().',
  );
});

// Elements are on the device, so that t[0] would be undefined, and a loop up to t.length empty.
const element =
  "t.gather(tensor([i], { dtype: 'i32' })) or t.slice(…) for a tensor, (await t.array())[i] for numbers";
for (let i = -1; i < 10; i++) refuseNames(Tensor.prototype, 'A tensor', { [i]: element });

refuseNames(Tensor.prototype, 'A tensor', {
  length: 't.shape[0], or t.size for all elements',
  T: 't.transpose()',
  permute: 't.transpose([…])',
  view: 't.reshape([…])',
  flatten: 't.reshape([-1])',
  expandDims: 't.unsqueeze(axis)',
  matmul: 't.matMul(other)',
  mm: 't.matMul(other)',
  dot: 'dot(t, other)',
  tile: 'tile(t, repeats)',
  repeat: 'repeat(t, repeats, axis), or tile(t, repeats)',
  remainder: 't.mod(other)',
  clamp: 't.clip(low, high)',
  argmax: 't.argMax(axis)',
  argmin: 't.argMin(axis)',
  astype: "t.cast('f32')",
  toFloat: "t.cast('f32')",
  to: 't.cast(dtype); setDevice(…) chooses the device for all tensors',
  cpu: 'await t.data(), which brings the elements to the host',
  cuda: 'setDevice(…), which chooses the device for all tensors',
  numpy: 'await t.array() or await t.data()',
  tolist: 'await t.array()',
  dataSync: 'await t.data()',
  arraySync: 'await t.array()',
  print: 'console.log(await t.array())',
  clone: 't itself: a tensor never changes',
  detach: 't.stopGradient()',
  grad: 'grad(loss, [t]), or loss.backward() and variable.gradient',
  requiresGrad: 'grad(loss, [t]), which needs no mark',
  backwards: 'loss.backward()',
});

const ops = Object.getOwnPropertyNames(Tensor.prototype).filter(
  (op) => !(op in Variable.prototype),
);
refuseNames(
  Variable.prototype,
  'A variable',
  Object.fromEntries(ops.map((op) => [op, `variable.value.${op}`])),
);
refuseNames(Variable.prototype, 'A variable', { grad: 'variable.gradient' });

const value = Object.getOwnPropertyDescriptor(Variable.prototype, 'value');
Object.defineProperty(Variable.prototype, 'value', {
  ...value,
  set() {
    throw new ArgumentError(
      "A variable's value is read here: use variable.assign(tensor) to replace it.",
    );
  },
});
