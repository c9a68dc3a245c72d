import { ArgumentError } from '../errors.ts';
import { Tensor } from './tensor.ts';
import { Variable } from './variable.ts';

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
