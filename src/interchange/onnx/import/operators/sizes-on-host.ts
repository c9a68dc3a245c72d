import { product } from '../../../../kernels/launch.ts';
import type { AnyTensor } from '../../../../tensor/tensor.ts';
import type { OperatorCall } from './call.ts';
import { hostTensor, hostValues, isInput } from './host-values.ts';

// Exporters compute the sizes that Reshape and its like take by nodes of the graph: the shape of a
// tensor, some of its numbers, a product, all joined. Such sizes have to be known when the graph is
// built, so these operators are computed here where they meet few numbers that are at hand.

/** More are no sizes. */
const MOST = 64;

type Numbers = readonly number[];

/** The elements of a result of `shape`. */
type Compute = (values: readonly Numbers[], call: OperatorCall, shape: Numbers) => Numbers;

const pairwise =
  (compute: (a: number, b: number) => number): Compute =>
  (values) =>
    values.reduce((a, b) =>
      Array.from({ length: Math.max(a.length, b.length) }, (_, i) =>
        compute(a[a.length === 1 ? 0 : i] ?? 0, b[b.length === 1 ? 0 : i] ?? 0),
      ),
    );
const each =
  (compute: (x: number) => number): Compute =>
  ([x = []]) =>
    x.map(compute);
const same: Compute = ([x = []]) => x;

const test = (holds: (a: number, b: number) => boolean) => pairwise((a, b) => Number(holds(a, b)));
const folded =
  (fold: (a: number, b: number) => number, first: number): Compute =>
  ([x = []]) => [x.reduce((a, b) => fold(a, b), first)];

/** How far apart neighbours along each axis are. */
function stridesOf(shape: Numbers): number[] {
  return shape.map((_, axis) => product(shape.slice(axis + 1)));
}

/** Elements that lie apart by strides, in order. */
function strided(values: Numbers, shape: Numbers, strides: Numbers, from = 0): number[] {
  const [size, ...inner] = shape;
  if (size === undefined) return [values[from] ?? 0];
  return Array.from({ length: size }).flatMap((_, i) =>
    strided(values, inner, strides.slice(1), from + i * (strides[0] ?? 0)),
  );
}

const transposed: Compute = ([x = []], call, shape) => {
  const strides = stridesOf(call.x.shape);
  const order = call.ints('perm') ?? [...strides.keys()].reverse();
  return strided(
    x,
    shape,
    order.map((axis) => strides[axis] ?? 0),
  );
};

const sliced: Compute = ([x = []], call, shape) => {
  const strides = stridesOf(call.x.shape);
  const starts = call.axesFrom('starts', 1) ?? [];
  const axes = call.axesFrom('axes', 3) ?? [...starts.keys()];
  const steps = call.known(4) ?? [];
  const along = [...strides];
  let from = 0;
  axes.forEach((given, i) => {
    const axis = given < 0 ? given + strides.length : given;
    const [size, step] = [call.x.shape[axis] ?? 0, steps[i] ?? 1];
    const start = starts[i] ?? 0;
    const inside = Math.min(Math.max(start < 0 ? start + size : start, 0), size - Number(step < 0));
    from += inside * (strides[axis] ?? 0);
    along[axis] = (strides[axis] ?? 0) * step;
  });
  return strided(x, shape, along, from);
};

/** Of tables, what can be told from the elements alone: others than these take and give lists. */
const OF_TABLES = ['Cast', 'Identity', 'Reshape', 'Slice', 'Squeeze', 'Transpose', 'Unsqueeze'];

const computations: Readonly<Record<string, Compute>> = {
  Abs: each(Math.abs),
  Add: pairwise((a, b) => a + b),
  And: test((a, b) => a !== 0 && b !== 0),
  Cast: same,
  Ceil: each(Math.ceil),
  Concat: (values) => values.flat(),
  ConstantOfShape: ([[length = 1] = []], call) =>
    Array.from({ length }, () => Number(call.tensor('value')?.data[0] ?? 0)),
  Div: pairwise((a, b) => a / b),
  Equal: test((a, b) => a === b),
  Floor: each(Math.floor),
  Gather: ([x = [], indices = []]) => indices.map((i) => x[i < 0 ? i + x.length : i] ?? 0),
  Greater: test((a, b) => a > b),
  GreaterOrEqual: test((a, b) => a >= b),
  Identity: same,
  Less: test((a, b) => a < b),
  LessOrEqual: test((a, b) => a <= b),
  Max: pairwise(Math.max),
  Min: pairwise(Math.min),
  Mul: pairwise((a, b) => a * b),
  Neg: each((x) => -x),
  Not: each((x) => Number(x === 0)),
  Or: test((a, b) => a !== 0 || b !== 0),
  ReduceMax: folded(Math.max, -Infinity),
  ReduceMin: folded(Math.min, Infinity),
  ReduceProd: folded((a, b) => a * b, 1),
  ReduceSum: folded((a, b) => a + b, 0),
  Relu: each((x) => Math.max(x, 0)),
  Reshape: same,
  Slice: sliced,
  Sqrt: each(Math.sqrt),
  Squeeze: same,
  Sub: pairwise((a, b) => a - b),
  Transpose: transposed,
  Unsqueeze: same,
  Where: ([test = [], yes = [], no = []]) =>
    test.map((t, i) => (t ? yes[yes.length === 1 ? 0 : i] : no[no.length === 1 ? 0 : i]) ?? 0),
};

/**
 * The output of a node that computes a few numbers from numbers at hand; `computed`, which the same
 * operator has made of tensors, says its shape and dtype.
 */
export function onHost(
  opType: string,
  call: OperatorCall,
  computed: AnyTensor,
): AnyTensor | undefined {
  const compute = computations[opType];
  const { shape, dtype } = computed;
  const inputs = call.inputs.map((x) => x && hostValues(x));
  const ranks = [shape.length, ...call.given.map(({ rank }) => rank)];
  const isKnown = call.inputs.every((x, i) => !x || (inputs[i] && !isInput(x)));
  const isList = OF_TABLES.includes(opType) || Math.max(...ranks) <= 1;
  if (!compute || !isKnown || !isList || product(shape) > MOST) return undefined;
  const values = compute(
    inputs.map((x) => (x ? Array.from(x) : [])),
    call,
    shape,
  );
  if (values.length !== product(shape)) return undefined;
  return hostTensor(dtype === 'i32' ? values.map(Math.trunc) : values, shape, dtype);
}
