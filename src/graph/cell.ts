import { byteSize, type DType } from '../kernels/dtype.ts';
import { product } from '../kernels/launch.ts';
import { type Leaf, Node } from './node.ts';
import type { AxisMap, Operation } from './operation.ts';
import { type Location, Storage } from './storage.ts';

const readOp: Operation = { name: 'read', lowering: { kind: 'leaf' } };
const storedOp: Operation = { name: 'stored', lowering: { kind: 'leaf' } };
const flatSlice: Operation<Readonly<AxisMap>> = {
  name: 'flatSlice',
  lowering: { kind: 'view', map: (axis) => ({ kind: 'axes', axes: [axis] }) },
};
const flatReshape: Operation = {
  name: 'flatReshape',
  lowering: { kind: 'view', map: () => ({ kind: 'reshape' }) },
};

const assignedOp: Operation = {
  name: 'assigned',
  lowering: { kind: 'view', map: () => ({ kind: 'reshape' }) },
};

/** The cells behind the reads that were handed out. */
const cells = new WeakMap<Node, Cell>();

/** The cell that a node is a read of, if it is one. */
export function cellReadBy(node: Node): Cell | undefined {
  return cells.get(node);
}

/** Cells whose assigned value is not yet computed; the next realisation does it. */
export const pendingAssignments = new Set<Cell>();

/** A named storage cell that holds a value between steps: a weight, a moment, a running mean. */
export class Cell<S extends readonly number[] = readonly number[], D extends DType = DType> {
  readonly name: string;
  readonly shape: S;
  readonly dtype: D;
  /** Whether optimizers change it (a weight) or not (a running mean). */
  readonly trainable: boolean;
  /** Computes the first value when it is first needed; undefined from then on. */
  initial: Node<S, D> | undefined;
  /** How often the value has been replaced. */
  version = 0;
  /** The flat cell this one is a part of, and where in it. */
  home: { readonly flat: Cell; readonly offset: number } | undefined;
  /** The cells that are parts of this one. */
  members: readonly Cell[] = [];
  /** Where the value lies: in storage of its own, or with others in a flat cell's. */
  location: Location;
  private pending: Node | undefined;
  /** The read of the pending value, and that of the one being computed. */
  private pendingRead: Node<S, D> | undefined;
  private performedRead: Node<S, D> | undefined;
  private current: Node<S, D> | undefined;

  constructor(initial: Node<S, D>, name = 'variable', trainable = true) {
    this.name = name;
    this.shape = initial.shape;
    this.dtype = initial.dtype;
    this.trainable = trainable;
    this.initial = initial;
    const bytes = byteSize(product(initial.shape), initial.dtype);
    this.location = { storage: new Storage(bytes), offset: 0, bytes };
  }

  get size(): number {
    return product(this.shape);
  }

  /**
   * The value at this point of the program: what was assigned last, computed yet or not. A read is
   * where gradients end, in both cases: they do not flow into how the value came about.
   */
  read(): Node<S, D> {
    if (this.pending) {
      this.pendingRead ??= this.isReadBy(new Node<S, D>(assignedOp, [this.pending], this));
      return this.pendingRead;
    }
    this.current ??= this.isReadBy(new Node<S, D>(readOp, [], this, {}, {}, this.leaf));
    return this.current;
  }

  /** Whether `node` reads the value that is assigned and not yet computed. */
  isPendingRead(node: Node): boolean {
    return node === this.pendingRead;
  }

  private isReadBy(node: Node<S, D>): Node<S, D> {
    cells.set(node, this);
    return node;
  }

  private get leaf(): Leaf {
    return { kind: 'cell', cell: this, version: this.version };
  }

  /** Makes `value` the cell's value from here on; it is computed with the next realisation. */
  assign(value: Node): void {
    this.pending = value;
    this.pendingRead = undefined;
    pendingAssignments.add(this);
  }

  /** Hands over the assigned value to whoever computes it, as the value of the next version. */
  takePending(): Node | undefined {
    const value = this.pending;
    this.performedRead = this.pendingRead;
    this.pending = undefined;
    this.pendingRead = undefined;
    pendingAssignments.delete(this);
    return value;
  }

  /** Marks the value as replaced: tensors built from the former one are stale from here on. */
  replaced(): void {
    this.version++;
    this.current = this.performedRead;
    this.performedRead = undefined;
    if (this.current) {
      // Reads of the assigned value are now reads of the value in memory.
      this.current.leaf = this.leaf;
      this.current.inputs = [];
    }
    for (const member of this.members) if (member.home?.flat === this) member.replaced();
  }

  /** The cell that must be computed first for this one to have a value. */
  get root(): Cell {
    return this.home ? this.home.flat.root : this;
  }

  /** Makes this cell a part of `flat`, `offset` bytes into it. */
  moveInto(flat: Cell, offset: number): void {
    this.home = { flat, offset };
    this.location = { ...this.location, storage: flat.location.storage, offset };
    this.initial = undefined;
    this.current = undefined;
  }

  /** A node of the present value that stays right when the cell moves elsewhere. */
  snapshot(): Node {
    if (this.initial) return this.initial;
    const { storage, offset } = this.location;
    if (!this.home) return stored(this, storage);
    const axis = { axis: 0, step: 1, start: offset / 4 };
    const part = new Node(
      flatSlice,
      [stored(this.home.flat, storage)],
      { shape: [this.size], dtype: 'f32' },
      axis,
    );
    return new Node(flatReshape, [part], this);
  }
}

function stored(type: { shape: readonly number[]; dtype: DType }, storage: Storage): Node {
  return new Node(storedOp, [], type, {}, {}, { kind: 'stored', storage });
}
