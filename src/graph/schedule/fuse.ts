import type { DeviceLimits } from '../../device/device.ts';
import type { Node } from '../node.ts';
import type { ViewMap } from '../operation.ts';
import { constant, identity, type Placement, placement, scaled, throughReshape } from './affine.ts';
import { type FusedKernel, writeKernel } from './fused-kernel.ts';
import type { Bound, Value } from './value.ts';

/** Expressions longer than this are cut in two, so that shaders stay quick to compile. */
const MAX_VALUES = 160;

/** Chains longer than this are cut before they are followed: they may outgrow the call stack. */
const MAX_DEPTH = 80;

/** Says which node must be computed by itself before the kernel can be made. */
export class Barrier {
  readonly node: Node;
  constructor(node: Node) {
    this.node = node;
  }
}

/**
 * Makes one kernel of everything between `root` and the nodes whose values are in memory: ops
 * become expressions, views become index arithmetic. Returns a {@link Barrier} where that cannot
 * be done in one kernel.
 */
export function fuse(
  root: Node,
  inMemory: (node: Node) => boolean,
  limits: DeviceLimits,
): FusedKernel | Barrier {
  return new Fusion(root, inMemory, limits).run();
}

class Fusion {
  private readonly root: Node;
  private readonly inMemory: (node: Node) => boolean;
  private readonly limits: DeviceLimits;
  private readonly rank: number;
  private readonly values: Value[] = [];
  private readonly known = new Map<Node, Map<string, number>>();
  /** The part made so far that is made of most values. */
  private largest: { readonly node: Node; readonly values: number } | undefined;
  private depth = 0;

  constructor(root: Node, inMemory: (node: Node) => boolean, limits: DeviceLimits) {
    this.root = root;
    this.inMemory = inMemory;
    this.limits = limits;
    this.rank = root.shape.length;
  }

  run(): FusedKernel | Barrier {
    let result: number;
    try {
      result = this.value(this.root, identity(this.root.shape), []);
    } catch (signal) {
      if (signal instanceof Barrier) return signal;
      throw signal;
    }
    const kernel = writeKernel(this.root, { values: this.values, result }, this.limits);
    if (kernel.loads.length + 1 <= this.limits.maxStorageBuffers) return kernel;
    return new Barrier(this.widestPart());
  }

  /** The index of the value of `node` at a placement, made if it is new. */
  private value(node: Node, at: Placement, bounds: readonly Bound[]): number {
    const key = JSON.stringify([at, bounds]);
    const places = this.known.get(node) ?? new Map<string, number>();
    this.known.set(node, places);
    const known = places.get(key);
    if (known !== undefined) return known;
    const start = this.values.length;
    this.depth++;
    const index = this.make(node, at, bounds);
    this.depth--;
    places.set(key, index);
    const value = this.values[index];
    if (
      value?.kind === 'op' &&
      node !== this.root &&
      index - start >= (this.largest?.values ?? 0)
    ) {
      this.largest = { node: value.node, values: index - start };
    }
    if (index > MAX_VALUES && node !== this.root && this.largest) {
      throw new Barrier(this.largest.node);
    }
    return index;
  }

  private make(node: Node, at: Placement, bounds: readonly Bound[]): number {
    const { lowering } = node.op;
    if (node !== this.root && this.inMemory(node)) return this.load(node, at, bounds);
    if (this.depth > MAX_DEPTH && node.inputs.length > 0) throw new Barrier(node);
    switch (lowering.kind) {
      case 'generator':
        if (lowering.generate === 'constant') return this.add({ kind: 'constant', node });
        if (lowering.generate === 'iota')
          return this.add({ kind: 'iota', at: at.flat, dtype: node.dtype });
        return this.add({ kind: 'random', node, at: at.flat });
      case 'elementwise': {
        const inputs = node.inputs.map((input) => this.value(input, at, bounds));
        return this.add({ kind: 'op', node, inputs });
      }
      case 'view': {
        const [input] = node.inputs;
        if (!input) throw new Error(`${node.op.name} is a view of nothing`);
        return this.view(node, input, lowering.map(node.attributes, input.shape), at, bounds);
      }
      default:
        // A copy of something that is in memory already: the root asked for is a leaf.
        return this.load(node, at, bounds);
    }
  }

  private add(value: Value): number {
    return this.values.push(value) - 1;
  }

  private load(node: Node, at: Placement, bounds: readonly Bound[]): number {
    return this.add({ kind: 'load', node, at: at.flat, bounds });
  }

  private view(
    node: Node,
    input: Node,
    map: ViewMap,
    at: Placement,
    bounds: readonly Bound[],
  ): number {
    if (map.kind === 'reshape') {
      return this.value(input, throughReshape(at, node.shape, input.shape), bounds);
    }
    const { axes } = at;
    if (!axes) throw new Barrier(node);
    const inner = map.axes.map(({ axis, step, start }, i) => {
      const outer = axes[axis];
      const size = input.shape[i] ?? 1;
      const last = start + (node.shape[axis] ?? 1) - 1;
      return {
        size,
        at: outer ? scaled(outer, step, start) : constant(start, this.rank),
        reachesOut: start < 0 || last >= size,
      };
    });
    const place = placement(inner, this.rank);
    if (!map.pads) return this.value(input, place, bounds);
    const own = inner.flatMap(({ at, size, reachesOut }): Bound[] =>
      reachesOut ? [{ at, limit: size }] : [],
    );
    const value = this.value(input, place, [...bounds, ...own]);
    if (own.length === 0) return value;
    return this.add({ kind: 'padded', value, bounds: own, node });
  }

  /** The largest proper part of the expression that reads few enough buffers to be a kernel. */
  private widestPart(): Node {
    const reads = new Map<number, Set<Node>>();
    const most = this.limits.maxStorageBuffers - 2;
    let best: Node | undefined;
    let bestReads = 0;
    this.values.forEach((value, i) => {
      const set = new Set<Node>();
      const inputs =
        value.kind === 'op' ? value.inputs : value.kind === 'padded' ? [value.value] : [];
      for (const input of inputs) for (const node of reads.get(input) ?? []) set.add(node);
      if (value.kind === 'load') set.add(value.node);
      reads.set(i, set);
      if (
        value.kind === 'op' &&
        value.node !== this.root &&
        set.size <= most &&
        set.size > bestReads
      ) {
        best = value.node;
        bestReads = set.size;
      }
    });
    const [input] = this.root.inputs;
    const part = best ?? input;
    if (!part) throw new Error(`${this.root.op.name} reads more buffers than a kernel may`);
    return part;
  }
}
