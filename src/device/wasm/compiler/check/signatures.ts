import {
  BOOL,
  isNumeric,
  type Numeric,
  type ScalarName,
  scalar,
  type Type,
  U32,
  vector,
  withScalar,
} from '../syntax/types.ts';

/** Which scalars a builtin takes for the type its arguments share. */
type Family = 'float' | 'number' | 'integer' | 'bool' | 'any';

export interface Signature {
  /** How many arguments; those counted by `shared` have one type. */
  readonly count: number;
  readonly shared: number;
  readonly family: Family;
  /** The types of the further arguments, and the result's, from the shared type. */
  readonly rest?: (shared: Numeric) => readonly Type[];
  readonly result?: (shared: Numeric) => Type;
  readonly vectorOnly?: boolean;
  /** Whether scalars stand for vectors in shared arguments. */
  readonly spread?: boolean;
}

const unaryFloat: Signature = { count: 1, shared: 1, family: 'float' };
const binaryFloat: Signature = { count: 2, shared: 2, family: 'float' };
const ternaryFloat: Signature = { count: 3, shared: 3, family: 'float' };
const toScalar = (type: Numeric) => scalar(type.scalar);
const packing = (width: number, name: ScalarName): Signature => ({
  count: 1,
  shared: 1,
  family: 'any',
  rest: () => [vector(width, name)],
  result: () => U32,
});
const unpacking = (result: Type): Signature => ({
  count: 1,
  shared: 1,
  family: 'any',
  rest: () => [U32],
  result: () => result,
});

/** For these the first argument's type is fixed: `rest` names it. */
export const FIXED = new Set([
  'pack4x8snorm',
  'pack4x8unorm',
  'pack2x16float',
  'pack4xU8',
  'pack4xI8',
  'unpack4x8snorm',
  'unpack4x8unorm',
  'unpack2x16float',
  'unpack4xU8',
  'unpack4xI8',
]);

/** The builtin functions of plain values; `arrayLength` and barriers are checked by themselves. */
export const signatures: ReadonlyMap<string, Signature> = new Map<string, Signature>([
  ...[
    'acos',
    'asin',
    'atan',
    'ceil',
    'cos',
    'cosh',
    'degrees',
    'exp',
    'exp2',
    'floor',
    'fract',
    'inverseSqrt',
    'log',
    'log2',
    'radians',
    'round',
    'saturate',
    'sin',
    'sinh',
    'sqrt',
    'tan',
    'tanh',
    'trunc',
  ].map((name): [string, Signature] => [name, unaryFloat]),
  ['atan2', binaryFloat],
  ['pow', binaryFloat],
  ['step', binaryFloat],
  ['fma', ternaryFloat],
  ['smoothstep', ternaryFloat],
  ['mix', { count: 3, shared: 3, family: 'float', spread: true }],
  ['abs', { count: 1, shared: 1, family: 'number' }],
  ['sign', { count: 1, shared: 1, family: 'number' }],
  ['min', { count: 2, shared: 2, family: 'number' }],
  ['max', { count: 2, shared: 2, family: 'number' }],
  ['clamp', { count: 3, shared: 3, family: 'number' }],
  ['countOneBits', { count: 1, shared: 1, family: 'integer' }],
  ['countLeadingZeros', { count: 1, shared: 1, family: 'integer' }],
  ['countTrailingZeros', { count: 1, shared: 1, family: 'integer' }],
  ['reverseBits', { count: 1, shared: 1, family: 'integer' }],
  ['ldexp', { count: 2, shared: 1, family: 'float', rest: (t) => [withScalar(t, 'i32')] }],
  ['all', { count: 1, shared: 1, family: 'bool', result: () => BOOL }],
  ['any', { count: 1, shared: 1, family: 'bool', result: () => BOOL }],
  ['dot', { count: 2, shared: 2, family: 'number', vectorOnly: true, result: toScalar }],
  ['cross', { count: 2, shared: 2, family: 'float', vectorOnly: true }],
  ['normalize', { count: 1, shared: 1, family: 'float', vectorOnly: true }],
  ['length', { count: 1, shared: 1, family: 'float', result: toScalar }],
  ['distance', { count: 2, shared: 2, family: 'float', result: toScalar }],
  ['select', { count: 3, shared: 2, family: 'any' }],
  ['pack4x8snorm', packing(4, 'f32')],
  ['pack4x8unorm', packing(4, 'f32')],
  ['pack2x16float', packing(2, 'f32')],
  ['pack4xU8', packing(4, 'u32')],
  ['pack4xI8', packing(4, 'i32')],
  ['unpack4x8snorm', unpacking(vector(4, 'f32'))],
  ['unpack4x8unorm', unpacking(vector(4, 'f32'))],
  ['unpack2x16float', unpacking(vector(2, 'f32'))],
  ['unpack4xU8', unpacking(vector(4, 'u32'))],
  ['unpack4xI8', unpacking(vector(4, 'i32'))],
]);

/** Whether a type belongs to the family a builtin asks for. */
export function inFamily(type: Type, family: Family): type is Numeric {
  if (!isNumeric(type)) return false;
  const { scalar: name } = type;
  switch (family) {
    case 'float':
      return name === 'f32' || name === 'abstract-float';
    case 'number':
      return name !== 'bool';
    case 'integer':
      return name === 'i32' || name === 'u32' || name === 'abstract-int';
    case 'bool':
      return name === 'bool';
    case 'any':
      return true;
  }
}
