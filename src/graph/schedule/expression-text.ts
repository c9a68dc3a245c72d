import type { DeviceLimits } from '../../device/device.ts';
import { type DType, dtypes } from '../../kernels/dtype.ts';
import { functionTexts } from '../../kernels/elementwise/function-texts.ts';
import halves from '../../kernels/wgsl/functions/halves.wgsl';
import philox from '../../kernels/wgsl/philox.wgsl';
import type { Node } from '../node.ts';
import { type Affine, collapse } from './affine.ts';
import { converted, loadedElement, loadedVector, stored, vectorType } from './element-text.ts';
import type { Bound, Value } from './value.ts';

const SIGN_BIT = 0x80000000;

/** A number a node carries, wanted in a kernel's parameters in the bits of `dtype`. */
export interface ScalarParam {
  readonly node: Node;
  readonly name: string;
  readonly dtype: DType;
}

/** How the text around an expression names what that reads. */
interface Names {
  param(word: number): string;
  buffer(number: number): string;
  /** The size of an axis whose coordinate is known as `column`, where that is the innermost. */
  readonly columns?: number;
}

/** A buffer that an expression reads, as an array of `type`. */
interface Buffer {
  readonly node: Node;
  readonly type: string;
  readonly name: string;
}

/**
 * How a load finds its four elements: `flat` walks with the output, `row` with its columns; `scalar`
 * is one element for all; `vector` is an aligned vec4; `splat` one element for the four; `lanes` four elements at
 * equal distance; `each` four addresses.
 */
type Access = 'flat' | 'row' | 'scalar' | 'vector' | 'splat' | 'lanes' | 'each';

/**
 * The statements that compute the values of an expression, four neighbouring elements at a time:
 * those at `i`, in vec4s, of the tensor `root`. Values are `v0`, `v1`, …
 */
export class ExpressionText {
  readonly lines: string[] = [];
  readonly params: (number | ScalarParam)[] = [];
  readonly buffers: Buffer[] = [];
  /** The texts of the functions that it calls. */
  readonly functions = new Set<string>();
  private readonly root: Node;
  private readonly values: readonly Value[];
  private readonly names: Names;
  private readonly places = new Map<Affine, Affine>();
  private readonly shape: number[];
  private readonly aligned: boolean;
  private readonly addresses = new Map<string, string>();
  private coordinates: string[] | undefined;

  constructor(root: Node, values: readonly Value[], names: Names) {
    this.root = root;
    this.values = values;
    this.names = names;
    const functions = values.flatMap(functionsOf);
    const collapsed = collapse(root.shape, functions);
    collapsed.functions.forEach((place, i) => {
      const f = functions[i];
      if (f) this.places.set(f, place);
    });
    this.shape = collapsed.shape;
    this.aligned = innermost(this.shape) % 4 === 0;
  }

  /** Writes the statements, with what they read. */
  write(limits: DeviceLimits): void {
    this.values.forEach((value, i) => {
      const text = this.expression(value);
      // What the next op sees must be what memory would hold; the last value goes there.
      const isLast = i === this.values.length - 1;
      const kept = dtypeComputed(value) === 'f16' && !isLast ? this.rounded(text) : text;
      this.lines.push(`let v${i} = ${kept};`);
    });
    if (!this.lines.some((line) => line.includes('sign_bit'))) return;
    // Drivers' compilers cancel x − x where they see that it is a difference; our own never does.
    const isOwn = limits.cpu && !limits.slowLoads;
    const sign = isOwn ? `${SIGN_BIT}u` : this.param(SIGN_BIT);
    this.lines.unshift(`let sign_bit = vec4<u32>(${sign});`);
  }

  private expression(value: Value): string {
    switch (value.kind) {
      case 'load':
        return this.load(value.node, value.at, value.bounds);
      case 'given':
        return 'value';
      case 'constant':
        return this.constant(value.node);
      case 'iota':
        return converted(this.address(value.at), value.dtype);
      case 'random':
        return this.random(value.node, value.at);
      case 'padded':
        return `select(${this.constant(value.node)}, v${value.value}, ${this.inside(value.bounds)})`;
      case 'op': {
        const { node, inputs } = value;
        if (node.op.lowering.kind !== 'elementwise')
          throw new Error(`${node.op.name} is no expression`);
        for (const name of node.op.lowering.functions ?? [])
          this.functions.add(functionTexts.get().functions[name]);
        const names = inputs.map((input) => `v${input}`);
        return node.op.lowering.wgsl(
          names,
          computedAs(node.dtype),
          node.inputs.map(({ dtype }) => computedAs(dtype)),
        );
      }
    }
  }

  /** A value as a buffer of vectors holds it. */
  stored(value: string, dtype: DType): string {
    if (dtype === 'f16') this.functions.add(halves);
    return stored(value, dtype);
  }

  private rounded(value: string): string {
    return `halves(${this.stored(value, 'f16')})`;
  }

  private constant(node: Node): string {
    const { computed } = dtypes[node.dtype];
    const word = this.param({ node, name: 'value', dtype: node.dtype });
    if (computed === 'f32') return `vec4<f32>(bitcast<f32>(${word}))`;
    return computed === 'bool'
      ? `vec4<bool>(${word} != 0u)`
      : `vec4<${computed}>(${computed}(${word}))`;
  }

  private random(node: Node, at: Affine): string {
    this.functions.add(philox);
    const [low, high, stream] = ['seedLow', 'seedHigh', 'stream'].map((name) =>
      this.param({ node, name, dtype: 'u32' }),
    );
    const key = `${stream}, vec2<u32>(${low}, ${high})`;
    if (this.access(at, []) === 'flat') return `philox(i, ${key})`;
    const address = this.address(at);
    const lanes = ['x', 'y', 'z', 'w'].map((k) => `philox_at(u32(${address}.${k}), ${key})`);
    return `vec4<u32>(${lanes.join(', ')})`;
  }

  private access(at: Affine, bounds: readonly Bound[]): Access {
    const { offset, coefficients } = this.place(at);
    if (bounds.length > 0) return 'each';
    if (coefficients.every((c) => c === 0)) return 'scalar';
    const last = coefficients.length - 1;
    const step = innermost(coefficients);
    if (last === 0 && step === 1 && offset === 0) return 'flat';
    if (!this.aligned) return 'each';
    const isRow = offset === 0 && step === 1 && coefficients.every((c, i) => i === last || c === 0);
    if (isRow && this.knowsColumn) return 'row';
    if (step === 0) return 'splat';
    const whole = offset % 4 === 0 && coefficients.every((c, i) => i === last || c % 4 === 0);
    return step === 1 && whole ? 'vector' : 'lanes';
  }

  private load(node: Node, at: Affine, bounds: readonly Bound[]): string {
    const access = this.access(at, bounds);
    const { dtype } = node;
    if (access === 'flat' || access === 'row' || access === 'vector') {
      const index =
        access === 'flat' ? 'i' : `${access === 'row' ? 'column' : `u32(${this.base(at)})`} >> 2u`;
      if (dtype === 'f16') this.functions.add(halves);
      return loadedVector(this.buffer(node, true), index, dtype);
    }
    const name = this.buffer(node, false);
    const one = (index: string) => loadedElement(name, index, dtype);
    const { computed } = dtypes[dtype];
    if (access === 'scalar') return `vec4<${computed}>(${one(this.param(this.place(at).offset))})`;
    if (access === 'splat') return `vec4<${computed}>(${one(`u32(${this.base(at)})`)})`;
    let address = this.address(at);
    if (bounds.length > 0) address = `select(vec4<i32>(), ${address}, ${this.inside(bounds)})`;
    const name4 = this.named(`vec4<u32>(${address})`);
    return `vec4<${computed}>(${['x', 'y', 'z', 'w'].map((k) => one(`${name4}.${k}`)).join(', ')})`;
  }

  /** A condition per lane: whether all bounds hold. */
  private inside(bounds: readonly Bound[]): string {
    const tests = bounds.map(({ at, limit }) => {
      const address = this.address(at);
      const most = `vec4<i32>(i32(${this.param(limit)}))`;
      return this.named(`(${address} >= vec4<i32>()) & (${address} < ${most})`);
    });
    const [only = '', ...more] = tests;
    return more.length === 0 ? only : this.named(tests.join(' & '));
  }

  /** The value of an index function for the first of the four elements (aligned kernels). */
  private base(at: Affine): string {
    const { offset, coefficients } = this.place(at);
    const terms = coefficients.flatMap((c, axis) =>
      c === 0 ? [] : [`i32(${this.param(c)}) * ${this.axes()[axis]}`],
    );
    return this.named(`i32(${this.param(offset)}) + ${terms.join(' + ') || '0'}`);
  }

  /** The values of an index function for the four elements. */
  private address(at: Affine): string {
    const { offset, coefficients } = this.place(at);
    if (this.aligned) {
      const step = innermost(coefficients);
      const lanes = `vec4<i32>(0, 1, 2, 3) * i32(${this.param(step)})`;
      return this.named(`vec4<i32>(${this.base(at)}) + ${lanes}`);
    }
    const terms = coefficients.flatMap((c, axis) =>
      c === 0 ? [] : [`${this.axes()[axis]} * i32(${this.param(c)})`],
    );
    return this.named(
      `vec4<i32>(i32(${this.param(offset)})) + ${terms.join(' + ') || 'vec4<i32>()'}`,
    );
  }

  /** The output coordinates: of the first element where rows are whole vec4s, else of all four. */
  private axes(): string[] {
    if (this.coordinates) return this.coordinates;
    const cast = this.aligned ? 'i32' : 'vec4<i32>';
    let rest = this.aligned
      ? this.named('i * 4u')
      : this.named(
          `min(vec4<u32>(i * 4u) + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(${this.param(this.root.size - 1)}))`,
        );
    const axes: string[] = [];
    for (const [axis, extent] of [...this.shape.entries()].slice(1).reverse()) {
      const size = this.param(extent);
      const divisor = this.aligned ? size : `vec4<u32>(${size})`;
      axes[axis] = this.named(`${cast}(${rest} % ${divisor})`);
      rest = this.named(`${rest} / ${divisor}`);
    }
    axes[0] = this.named(`${cast}(${rest})`);
    this.coordinates = axes;
    return axes;
  }

  private get knowsColumn(): boolean {
    return this.aligned && innermost(this.shape) === this.names.columns;
  }

  private place(at: Affine): Affine {
    return this.places.get(at) as Affine;
  }

  /** A `let` for an expression, one for equal expressions. */
  private named(expression: string): string {
    const known = this.addresses.get(expression);
    if (known) return known;
    const name = `a${this.addresses.size}`;
    this.lines.push(`let ${name} = ${expression};`);
    this.addresses.set(expression, name);
    return name;
  }

  /** The WGSL of a parameter word. A scalar has one, however often it is used; see `sameScalar`. */
  param(value: number | ScalarParam): string {
    const known = this.params.findIndex((other) => sameScalar(other, value));
    const word = known >= 0 ? known : this.params.push(value) - 1;
    return this.names.param(word);
  }

  private buffer(node: Node, vectors: boolean): string {
    const type = vectors ? vectorType(node.dtype) : dtypes[node.dtype].stored;
    const known = this.buffers.find((buffer) => buffer.node === node && buffer.type === type);
    if (known) return known.name;
    const name = this.names.buffer(this.buffers.length);
    this.buffers.push({ node, type, name });
    return name;
  }
}

/** The dtype of a value that is computed, not read. */
function dtypeComputed(value: Value): DType | undefined {
  if (value.kind === 'op') return value.node.dtype;
  return value.kind === 'iota' ? value.dtype : undefined;
}

/** The dtype in whose expressions a dtype is computed with. */
function computedAs(dtype: DType): DType {
  return dtype === 'f16' ? 'f32' : dtype;
}

/** The entry of the innermost axis; collapsed shapes have one at least. */
function innermost(entries: readonly number[]): number {
  return entries.at(-1) ?? 1;
}

function functionsOf(value: Value): Affine[] {
  if (value.kind === 'load') return [value.at, ...value.bounds.map(({ at }) => at)];
  if (value.kind === 'padded') return value.bounds.map(({ at }) => at);
  return value.kind === 'op' || value.kind === 'constant' ? [] : [value.at];
}

// Sizes and strides are merged only when they are literally the same parameter of the same role
// in every shape; since that cannot be known here, integers get words of their own.
function sameScalar(a: number | ScalarParam, b: number | ScalarParam): boolean {
  if (typeof a === 'number' || typeof b === 'number') return false;
  return a.node === b.node && a.name === b.name;
}
