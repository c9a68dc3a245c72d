import type { DeviceLimits, Program } from '../../device/device.ts';
import { type DType, dtypes } from '../../kernels/dtype.ts';
import { ceilDivide } from '../../kernels/launch.ts';
import philox from '../../kernels/wgsl/philox.wgsl';
import type { Node } from '../node.ts';
import { type Affine, collapse } from './affine.ts';
import type { Bound, Value } from './value.ts';

const WORKGROUP = 64;
const SIGN_BIT = 0x80000000;

/** A number a node carries, wanted in a kernel's parameters in the bits of `dtype`. */
export interface ScalarParam {
  readonly node: Node;
  readonly name: string;
  readonly dtype: DType;
}

/** A generated kernel: `loads` are its input buffers in binding order; the output comes last. */
export interface FusedKernel {
  readonly program: Program;
  readonly loads: readonly Node[];
  readonly params: readonly (number | ScalarParam)[];
  readonly workgroups: number;
}

/**
 * How a load finds its four elements: `flat` walks with the output; `scalar` is one element for
 * all; `vector` is an aligned vec4; `splat` one element for the four; `lanes` four elements at
 * equal distance; `each` four addresses.
 */
type Access = 'flat' | 'scalar' | 'vector' | 'splat' | 'lanes' | 'each';

/**
 * Writes the WGSL of a fused kernel. One invocation owns four consecutive elements of the output.
 * Sizes and strides are parameters, so that other shapes of the same rank share the program.
 */
export function writeKernel(
  root: Node,
  values: readonly Value[],
  result: number,
  limits: DeviceLimits,
): FusedKernel {
  return new KernelText(root, values).run(result, limits);
}

class KernelText {
  private readonly root: Node;
  private readonly values: readonly Value[];
  private readonly places = new Map<Affine, Affine>();
  private readonly shape: number[];
  private readonly aligned: boolean;
  private readonly lines: string[] = [];
  private readonly params: (number | ScalarParam)[] = [];
  private readonly buffers: { node: Node; type: string; name: string }[] = [];
  private readonly addresses = new Map<string, string>();
  private coordinates: string[] | undefined;
  /** The texts of the functions that the kernel calls. */
  private readonly functions = new Set<string>();

  constructor(root: Node, values: readonly Value[]) {
    this.root = root;
    this.values = values;
    const functions = values.flatMap(functionsOf);
    const collapsed = collapse(root.shape, functions);
    collapsed.functions.forEach((place, i) => {
      const f = functions[i];
      if (f) this.places.set(f, place);
    });
    this.shape = collapsed.shape;
    this.aligned = innermost(this.shape) % 4 === 0;
  }

  run(resultIndex: number, limits: DeviceLimits): FusedKernel {
    const { root } = this;
    const vectors = ceilDivide(root.size, 4);
    const count = this.param(vectors);
    this.values.forEach((value, i) => {
      this.lines.push(`let v${i} = ${this.expression(value)};`);
    });
    if (this.lines.some((line) => line.includes('sign_bit'))) {
      // Drivers' compilers cancel x − x where they see that it is a difference; our own never does.
      const isOwn = limits.cpu && !limits.slowLoads;
      const sign = isOwn ? `${SIGN_BIT}u` : this.param(SIGN_BIT);
      this.lines.unshift(`let sign_bit = vec4<u32>(${sign});`);
    }
    const { type, text } = stored(`v${resultIndex}`, root.dtype);
    const words = ceilDivide(this.params.length, 4);
    const declarations = [
      `@group(0) @binding(0) var<uniform> params: array<vec4<u32>, ${words}>;`,
      ...this.buffers.map(
        ({ type, name }, i) =>
          `@group(0) @binding(${i + 1}) var<storage, read> ${name}: array<${type}>;`,
      ),
      `@group(0) @binding(${this.buffers.length + 1}) var<storage, read_write> result: array<${type}>;`,
    ];
    const source = `${[...this.functions, ...declarations].join('\n')}

@compute @workgroup_size(${WORKGROUP})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let i = (group.x + group.y * groups.x) * ${WORKGROUP}u + lane;
  if (i >= ${count}) { return; }
  ${this.lines.join('\n  ')}
  result[i] = ${text};
}
`;
    return {
      program: { name: this.name(), source },
      loads: this.buffers.map(({ node }) => node),
      params: this.params,
      workgroups: ceilDivide(vectors, WORKGROUP),
    };
  }

  /** The ops of the kernel, for labels and profiles. */
  private name(): string {
    const names = this.values.flatMap((value) => (value.kind === 'op' ? [value.node.op.name] : []));
    const shown = names.slice(-4).join('_') || 'copy';
    return names.length > 4 ? `fused_${names.length}_${shown}` : shown;
  }

  private expression(value: Value): string {
    switch (value.kind) {
      case 'load':
        return this.load(value.node, value.at, value.bounds);
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
        for (const text of node.op.lowering.functions ?? []) this.functions.add(text);
        const names = inputs.map((input) => `v${input}`);
        return node.op.lowering.wgsl(
          names,
          node.dtype,
          node.inputs.map(({ dtype }) => dtype),
        );
      }
    }
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
    if (step === 0) return 'splat';
    const whole = offset % 4 === 0 && coefficients.every((c, i) => i === last || c % 4 === 0);
    return step === 1 && whole ? 'vector' : 'lanes';
  }

  private load(node: Node, at: Affine, bounds: readonly Bound[]): string {
    const access = this.access(at, bounds);
    const { dtype } = node;
    if (access === 'flat' || access === 'vector') {
      const index = access === 'flat' ? 'i' : `u32(${this.base(at)}) >> 2u`;
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
  private param(value: number | ScalarParam): string {
    const known = this.params.findIndex((other) => sameScalar(other, value));
    const word = known >= 0 ? known : this.params.push(value) - 1;
    return `params[${word >> 2}].${'xyzw'[word & 3]}`;
  }

  private buffer(node: Node, vectors: boolean): string {
    const { stored: scalar } = dtypes[node.dtype];
    const type = vectors && node.dtype !== 'u8' ? `vec4<${scalar}>` : scalar;
    const known = this.buffers.find((buffer) => buffer.node === node && buffer.type === type);
    if (known) return known.name;
    const name = `b${this.buffers.length}`;
    this.buffers.push({ node, type, name });
    return name;
  }
}

/** The entry of the innermost axis; collapsed shapes have one at least. */
function innermost(entries: readonly number[]): number {
  return entries.at(-1) ?? 1;
}

function functionsOf(value: Value): Affine[] {
  if (value.kind === 'load') return [value.at, ...value.bounds.map(({ at }) => at)];
  if (value.kind === 'padded') return value.bounds.map(({ at }) => at);
  return value.kind === 'iota' || value.kind === 'random' ? [value.at] : [];
}

// Sizes and strides are merged only when they are literally the same parameter of the same role
// in every shape; since that cannot be known here, integers get words of their own.
function sameScalar(a: number | ScalarParam, b: number | ScalarParam): boolean {
  if (typeof a === 'number' || typeof b === 'number') return false;
  return a.node === b.node && a.name === b.name;
}

function loadedVector(buffer: string, index: string, dtype: DType): string {
  if (dtype === 'u8') {
    return `(vec4<u32>(${buffer}[${index}]) >> vec4<u32>(0u, 8u, 16u, 24u)) & vec4<u32>(255u)`;
  }
  return dtype === 'bool' ? `${buffer}[${index}] != vec4<u32>()` : `${buffer}[${index}]`;
}

function loadedElement(buffer: string, index: string, dtype: DType): string {
  if (dtype === 'u8') return `(${buffer}[${index} >> 2u] >> ((${index} & 3u) * 8u)) & 255u`;
  return dtype === 'bool' ? `${buffer}[${index}] != 0u` : `${buffer}[${index}]`;
}

function stored(value: string, dtype: DType): { type: string; text: string } {
  if (dtype === 'bool')
    return { type: 'vec4<u32>', text: `select(vec4<u32>(), vec4<u32>(1u), ${value})` };
  if (dtype === 'u8') {
    const bytes = ['x', 'y', 'z', 'w'].map((k, n) => `((${value}.${k} & 255u) << ${8 * n}u)`);
    return { type: 'u32', text: bytes.join(' | ') };
  }
  return { type: `vec4<${dtypes[dtype].stored}>`, text: value };
}

function converted(value: string, dtype: DType): string {
  const { computed } = dtypes[dtype];
  return computed === 'bool' ? `${value} != vec4<i32>()` : `vec4<${computed}>(${value})`;
}
