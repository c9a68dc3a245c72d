import { full, tensor } from '../../../../tensor/ops/creation.ts';
import { where } from '../../../../tensor/ops/where.ts';
import type { Shape } from '../../../../tensor/shape-types.ts';
import type { AnyTensor, Tensor } from '../../../../tensor/tensor.ts';
import type { Operator, OperatorCall } from './call.ts';
import { elementwise } from './layout.ts';

type Unary = (x: AnyTensor, call: OperatorCall) => AnyTensor;
type Binary = (a: AnyTensor, b: AnyTensor) => AnyTensor;

const unary: Readonly<Record<string, Unary>> = {
  Abs: (x) => x.abs(),
  Acos: (x) => x.acos(),
  Acosh: (x) => x.acosh(),
  Asin: (x) => x.asin(),
  Asinh: (x) => x.asinh(),
  Atan: (x) => x.atan(),
  Atanh: (x) => x.atanh(),
  BitwiseNot: (x) => x.bitwiseNot(),
  Ceil: (x) => x.ceil(),
  Celu: (x, call) => x.celu(call.float('alpha', 1)),
  Cos: (x) => x.cos(),
  Cosh: (x) => x.cosh(),
  Elu: (x, call) => elu(x, call.float('alpha', 1)),
  Erf: (x) => x.erf(),
  Exp: (x) => x.exp(),
  Floor: (x) => x.floor(),
  Gelu: (x, call) => (call.text('approximate', 'none') === 'tanh' ? x.geluTanh() : x.gelu()),
  HardSigmoid: (x, call) => x.mul(call.float('alpha', 0.2)).add(call.float('beta', 0.5)).clip(0, 1),
  HardSwish: (x) => x.hardSwish(),
  Identity: (x) => x,
  IsInf: (x, call) => {
    const infinite = x.isInf();
    if (!call.flag('detect_positive', true)) return infinite.logicalAnd(x.less(0));
    return call.flag('detect_negative', true) ? infinite : infinite.logicalAnd(x.greater(0));
  },
  IsNaN: (x) => x.isNan(),
  LeakyRelu: (x, call) => x.leakyRelu(call.float('alpha', 0.01)),
  Log: (x) => x.log(),
  Mish: (x) => x.mish(),
  Neg: (x) => x.neg(),
  Not: (x) => x.logicalNot(),
  Reciprocal: (x) => x.reciprocal(),
  Relu: (x) => x.relu(),
  Round: (x) => x.round(),
  Selu: (x, call) =>
    elu(x, call.float('alpha', 1.6732631921768188)).mul(call.float('gamma', 1.0507010221481323)),
  Shrink: (x, call) => {
    const [edge, bias] = [call.float('lambd', 0.5), call.float('bias', 0)];
    const outer = where(x.greater(edge), x.sub(bias), x.mul(0));
    return where(x.less(-edge), x.add(bias), outer);
  },
  Sigmoid: (x) => x.sigmoid(),
  Sign: (x) => x.sign(),
  Sin: (x) => x.sin(),
  Sinh: (x) => x.sinh(),
  Softplus: (x) => x.softplus(),
  Softsign: (x) => x.softsign(),
  Sqrt: (x) => x.sqrt(),
  Tan: (x) => x.tan(),
  Tanh: (x) => x.tanh(),
  ThresholdedRelu: (x, call) => where(x.greater(call.float('alpha', 1)), x, x.mul(0)),
};

/** x above 0, `slope (eˣ − 1)` below. */
function elu(x: AnyTensor, slope: number): AnyTensor {
  return where(x.greater(0), x, x.minimum(0).expm1().mul(slope));
}

const binary: Readonly<Record<string, Binary>> = {
  Add: (a, b) => a.add(b),
  And: (a, b) => a.logicalAnd(b),
  BitwiseAnd: (a, b) => a.bitwiseAnd(b),
  BitwiseOr: (a, b) => a.bitwiseOr(b),
  BitwiseXor: (a, b) => a.bitwiseXor(b),
  Div: (a, b) => a.div(b),
  Equal: (a, b) => a.equal(b),
  Greater: (a, b) => a.greater(b),
  GreaterOrEqual: (a, b) => a.greaterEqual(b),
  Less: (a, b) => a.less(b),
  LessOrEqual: (a, b) => a.lessEqual(b),
  Mul: (a, b) => a.mul(b),
  Or: (a, b) => a.logicalOr(b),
  Pow: (a, b) => a.cast('f32').pow(b.cast('f32')).cast(a.dtype),
  Sub: (a, b) => a.sub(b),
  Xor: (a, b) => a.logicalXor(b),
};

/** Operators of any number of operands, one after the other. */
const folded: Readonly<Record<string, Binary>> = {
  Max: (a, b) => a.maximum(b),
  Min: (a, b) => a.minimum(b),
  Sum: (a, b) => a.add(b),
};

/** Bytes are computed with as words, and are bytes again. */
function onWords(compute: (inputs: readonly AnyTensor[]) => AnyTensor): typeof compute {
  return (inputs) => {
    if (inputs[0]?.dtype !== 'u8') return compute(inputs);
    const result = compute(inputs.map((x) => x.cast('u32')));
    return result.dtype === 'u32' ? result.cast('u8') : result;
  };
}

function clip(x: AnyTensor, call: OperatorCall): AnyTensor {
  const bound = (name: string, index: number) =>
    call.inputs[index] ??
    (call.opset < 11 ? tensor(call.float(name, name === 'min' ? -Infinity : Infinity)) : undefined);
  const [low, high] = [bound('min', 1), bound('max', 2)];
  const raised = low ? x.maximum(low) : x;
  return high ? raised.minimum(high) : raised;
}

function remainder(a: AnyTensor, b: AnyTensor, call: OperatorCall): AnyTensor {
  if (!call.flag('fmod')) return a.mod(b);
  // The sign of a.
  const rest = a.abs().mod(b.abs());
  return where(a.less(0), rest.neg(), rest);
}

/** Operators that compute element by element. */
export const elementwiseOperators: Readonly<Record<string, Operator>> = {
  ...mapped(unary, (compute) =>
    elementwise(([x], call) => onWords(([word]) => compute(word!, call))([x!])),
  ),
  ...mapped(binary, (compute) => elementwise(onWords(([a, b]) => compute(a!, b!)))),
  ...mapped(folded, (compute) => elementwise(onWords((inputs) => inputs.reduce(compute)))),
  BitShift: elementwise(([a, b], call) => {
    const isLeft = call.text('direction', 'LEFT') === 'LEFT';
    return onWords(([x, by]) => (isLeft ? x!.bitwiseLeftShift(by!) : x!.bitwiseRightShift(by!)))([
      a!,
      b!,
    ]);
  }),
  Clip: (call) => clip(call.x, call),
  Dropout: (call) => {
    const { x } = call;
    const [isTraining = 0] = call.known(2) ?? [];
    if (isTraining && call.known(1)?.[0] !== 0) throw call.unsupported('training_mode');
    return [x, full(x.shape, 1, { dtype: 'bool' })];
  },
  Mean: elementwise((inputs) => inputs.reduce((a, b) => a.add(b)).div(inputs.length)),
  Mod: elementwise(([a, b], call) => onWords(([x, y]) => remainder(x!, y!, call))([a!, b!])),
  PRelu: elementwise(([x, slope], { opset }) => {
    // Before version 7 one slope a channel did not need axes of size 1 behind it.
    const isPerChannel = opset < 7 && slope!.rank === 1 && x!.rank > 2;
    const shape = isPerChannel ? [slope!.size, ...x!.shape.slice(2).map(() => 1)] : slope!.shape;
    return x!.prelu(slope!.reshape(shape));
  }),
  Where: elementwise(([test, yes, no]) => where(test as Tensor<Shape, 'bool'>, yes!, no!)),
};

function mapped<T>(records: Readonly<Record<string, T>>, operator: (record: T) => Operator) {
  return Object.fromEntries(
    Object.entries(records).map(([name, record]) => [name, operator(record)]),
  );
}
