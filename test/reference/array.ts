import { nearestHalf } from './half.ts';
import {
  broadcastShapes,
  eachIndex,
  frontAxis,
  offsetOf,
  type Shape,
  sameShape,
  sizeOf,
  stridesOf,
} from './shape.ts';

export type { Shape };
export { broadcastShapes, eachIndex, frontAxis, offsetOf, sameShape, sizeOf, stridesOf };

export type Nested = number | boolean | readonly Nested[];
export type DType = 'f32' | 'f16' | 'i32' | 'u32' | 'u8' | 'bool';

const integerBounds = {
  i32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [0, 2 ** 32 - 1],
  u8: [0, 255],
} as const;

/** A row-major array of doubles: what the library's tensors are compared with. */
export class NdArray {
  readonly shape: Shape;
  readonly data: Float64Array;

  constructor(shape: Shape, data?: ArrayLike<number>) {
    this.shape = [...shape];
    this.data =
      data instanceof Float64Array
        ? data
        : data
          ? Float64Array.from(data)
          : new Float64Array(sizeOf(shape));
    if (this.data.length !== sizeOf(shape)) {
      throw new RangeError(`${this.data.length} values for shape [${shape}]`);
    }
  }

  static from(values: Nested): NdArray {
    const shape: number[] = [];
    for (let inner = values; Array.isArray(inner); inner = inner[0] as Nested) {
      shape.push(inner.length);
      if (inner.length === 0) break;
    }
    const flat: number[] = [];
    const visit = (inner: Nested, depth: number) => {
      if (typeof inner === 'number' || typeof inner === 'boolean') {
        if (depth !== shape.length) throw new RangeError('ragged nested array');
        flat.push(Number(inner));
        return;
      }
      if (inner.length !== shape[depth]) throw new RangeError('ragged nested array');
      for (const item of inner) visit(item, depth + 1);
    };
    visit(values, 0);
    return new NdArray(shape, flat);
  }

  /** The array whose element at an index is `value(index, position)`. */
  static build(
    shape: Shape,
    value: (index: readonly number[], position: number) => number,
  ): NdArray {
    const out = new NdArray(shape);
    eachIndex(shape, (index, position) => {
      out.data[position] = value(index, position);
    });
    return out;
  }

  static full(shape: Shape, value: number): NdArray {
    return NdArray.build(shape, () => value);
  }

  get rank(): number {
    return this.shape.length;
  }

  get size(): number {
    return this.data.length;
  }

  get strides(): number[] {
    return stridesOf(this.shape);
  }

  at(...index: number[]): number {
    if (index.length !== this.rank || !this.contains(index)) {
      throw new RangeError(`index [${index}] in shape [${this.shape}]`);
    }
    return this.data[offsetOf(index, this.strides)]!;
  }

  item(): number {
    if (this.size !== 1) throw new RangeError(`item() of shape [${this.shape}]`);
    return this.data[0]!;
  }

  toNested(): Nested {
    const strides = this.strides;
    const visit = (axis: number, offset: number): Nested =>
      axis === this.rank
        ? this.data[offset]!
        : Array.from({ length: this.shape[axis]! }, (_, at) =>
            visit(axis + 1, offset + at * strides[axis]!),
          );
    return visit(0, 0);
  }

  map(value: (x: number) => number): NdArray {
    return NdArray.build(this.shape, (_, position) => value(this.data[position]!));
  }

  /** A binary function of this and another array, broadcast to their common shape. */
  zip(other: NdArray, value: (a: number, b: number) => number): NdArray {
    const shape = broadcastShapes(this.shape, other.shape);
    const a = this.expand(shape).data;
    const b = other.expand(shape).data;
    return NdArray.build(shape, (_, position) => value(a[position]!, b[position]!));
  }

  /** The same elements in another shape, in which one extent may be -1. */
  reshape(shape: Shape): NdArray {
    const known = sizeOf(shape.filter((extent) => extent !== -1));
    return new NdArray(
      shape.map((extent) => (extent === -1 ? this.size / known : extent)),
      this.data.slice(),
    );
  }

  /** Axis `i` of the result is axis `permutation[i]` of this one; all reversed by default. */
  transpose(permutation?: readonly number[]): NdArray {
    const from = (permutation ?? this.shape.map((_, axis) => this.rank - 1 - axis)).map((axis) =>
      frontAxis(axis, this.rank),
    );
    if (from.length !== this.rank || new Set(from).size !== this.rank) {
      throw new RangeError(`[${permutation}] does not permute ${this.rank} axes`);
    }
    const own = this.strides;
    const strides = from.map((axis) => own[axis]!);
    return NdArray.build(
      from.map((axis) => this.shape[axis]!),
      (index) => this.data[offsetOf(index, strides)]!,
    );
  }

  /** Broadcast to exactly this shape. */
  expand(shape: Shape): NdArray {
    if (!sameShape(broadcastShapes(this.shape, shape), shape)) {
      throw new RangeError(`shape [${this.shape}] does not expand to [${shape}]`);
    }
    const added = shape.length - this.rank;
    const own = this.strides;
    const strides = shape.map((_, axis) =>
      axis < added || this.shape[axis - added] === 1 ? 0 : own[axis - added]!,
    );
    return NdArray.build(shape, (index) => this.data[offsetOf(index, strides)]!);
  }

  /** Along each axis `size` elements: those at `begin`, `begin + step`, ...; a step may be < 0. */
  slice(begin: readonly number[], size: readonly number[], step?: readonly number[]): NdArray {
    const by = step ?? begin.map(() => 1);
    return NdArray.build(size, (index) =>
      this.at(...index.map((at, axis) => begin[axis]! + at * by[axis]!)),
    );
  }

  pad(low: readonly number[], high: readonly number[], value = 0): NdArray {
    const strides = this.strides;
    return NdArray.build(
      this.shape.map((extent, axis) => low[axis]! + extent + high[axis]!),
      (index) => {
        const source = index.map((at, axis) => at - low[axis]!);
        return this.contains(source) ? this.data[offsetOf(source, strides)]! : value;
      },
    );
  }

  /** Parts of the given extents along an axis; a number cuts into that many equal parts. */
  split(parts: number | readonly number[], axis = 0): NdArray[] {
    const along = frontAxis(axis, this.rank);
    const extent = this.shape[along]!;
    const sizes =
      typeof parts === 'number' ? new Array<number>(parts).fill(extent / parts) : [...parts];
    if (
      sizes.some((size) => !Number.isInteger(size)) ||
      sizes.reduce((a, b) => a + b, 0) !== extent
    ) {
      throw new RangeError(`extent ${extent} does not split into ${parts}`);
    }
    let begin = 0;
    return sizes.map((size) => {
      const part = this.slice(
        this.shape.map((_, a) => (a === along ? begin : 0)),
        this.shape.map((e, a) => (a === along ? size : e)),
      );
      begin += size;
      return part;
    });
  }

  /** The order of elements reversed along some axes, by default all. */
  flip(axes?: number | readonly number[]): NdArray {
    const flipped = this.someAxes(axes);
    return this.slice(
      this.shape.map((extent, axis) => (flipped.has(axis) ? extent - 1 : 0)),
      this.shape,
      this.shape.map((_, axis) => (flipped.has(axis) ? -1 : 1)),
    );
  }

  /** Drops axes of extent 1, by default all of them. */
  squeeze(axes?: number | readonly number[]): NdArray {
    const dropped =
      axes === undefined
        ? new Set(this.shape.flatMap((extent, axis) => (extent === 1 ? [axis] : [])))
        : this.someAxes(axes);
    for (const axis of dropped) {
      if (this.shape[axis] !== 1) throw new RangeError(`axis ${axis} of [${this.shape}] is not 1`);
    }
    return this.reshape(this.shape.filter((_, axis) => !dropped.has(axis)));
  }

  /** Inserts an axis of extent 1 before `axis`, which is counted in the result. */
  unsqueeze(axis: number): NdArray {
    return this.reshape(this.shape.toSpliced(frontAxis(axis, this.rank + 1), 0, 1));
  }

  /** NumPy's `take`: the axis is replaced by the axes of `indices`. */
  gather(indices: NdArray, axis = 0): NdArray {
    const along = frontAxis(axis, this.rank);
    const shape = this.shape.toSpliced(along, 1, ...indices.shape);
    return NdArray.build(shape, (index) => {
      const taken = indices.at(...index.slice(along, along + indices.rank));
      return this.at(...index.toSpliced(along, indices.rank, taken));
    });
  }

  /** Gather's gradient: element `i` of these axes is added at `indices[i]` of an axis of `size`. */
  scatterAdd(indices: NdArray, axis: number, size: number): NdArray {
    const along = frontAxis(axis, this.rank - indices.rank + 1);
    if (!sameShape(this.shape.slice(along, along + indices.rank), indices.shape)) {
      throw new RangeError(`indices [${indices.shape}] at axis ${along} of [${this.shape}]`);
    }
    const out = new NdArray(this.shape.toSpliced(along, indices.rank, size));
    const strides = out.strides;
    eachIndex(this.shape, (index, position) => {
      const to = indices.at(...index.slice(along, along + indices.rank));
      const target = index.toSpliced(along, indices.rank, to);
      if (!out.contains(target)) throw new RangeError(`index ${to} of extent ${size}`);
      const offset = offsetOf(target, strides);
      out.data[offset] = out.data[offset]! + this.data[position]!;
    });
    return out;
  }

  /**
   * The values as another dtype holds them. Fractions are cut off toward 0; what an integer cannot
   * hold becomes its nearest bound, unless the values were integers, which wrap.
   */
  cast(to: DType, from: DType = 'f32'): NdArray {
    if (to === 'f32') return this.map(Math.fround);
    if (to === 'f16') return this.map(nearestHalf);
    if (to === 'bool') return this.map((x) => (x === 0 ? 0 : 1));
    const [low, high] = integerBounds[to];
    return this.map((x) => {
      if (from !== 'f32' && from !== 'f16') {
        const count = high - low + 1;
        return low + ((((x - low) % count) + count) % count);
      }
      return Number.isNaN(x) ? 0 : Math.min(Math.max(Math.trunc(x), low), high) + 0;
    });
  }

  private contains(index: readonly number[]): boolean {
    return index.every((at, axis) => Number.isInteger(at) && at >= 0 && at < this.shape[axis]!);
  }

  private someAxes(axes?: number | readonly number[]): Set<number> {
    const listed = typeof axes === 'number' ? [axes] : (axes ?? this.shape.map((_, axis) => axis));
    return new Set(listed.map((axis) => frontAxis(axis, this.rank)));
  }
}

export function concat(arrays: readonly NdArray[], axis = 0): NdArray {
  const [first] = arrays;
  if (!first) throw new RangeError('concat of no arrays');
  const along = frontAxis(axis, first.rank);
  const extent = arrays.reduce((total, array) => total + array.shape[along]!, 0);
  for (const array of arrays) {
    if (!sameShape(array.shape.toSpliced(along, 1), first.shape.toSpliced(along, 1))) {
      throw new RangeError(`concat of [${first.shape}] and [${array.shape}] at axis ${along}`);
    }
  }
  return NdArray.build(first.shape.with(along, extent), (index) => {
    let at = index[along]!;
    for (const array of arrays) {
      if (at < array.shape[along]!) return array.at(...index.with(along, at));
      at -= array.shape[along]!;
    }
    throw new RangeError('unreachable');
  });
}

export function stack(arrays: readonly NdArray[], axis = 0): NdArray {
  return concat(
    arrays.map((array) => array.unsqueeze(axis)),
    axis,
  );
}

/** Of `a` where the condition is not 0, else of `b`; all three broadcast. */
export function where(condition: NdArray, a: NdArray, b: NdArray): NdArray {
  const shape = broadcastShapes(condition.shape, a.shape, b.shape);
  const [test, yes, no] = [condition, a, b].map((array) => array.expand(shape).data);
  return NdArray.build(shape, (_, position) =>
    test![position] !== 0 ? yes![position]! : no![position]!,
  );
}
