import { byteSize, type DType } from '../kernels/dtype.ts';
import { product } from '../kernels/launch.ts';
import { type Leaf, Node, topological } from './node.ts';
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

/** What a storage holds at first, computed when it is needed. */
interface FirstContents {
  readonly node: Node;
  /** Whose they are, for errors. */
  readonly name: string;
  /** Being computed: it is there for all that is asked for from now on, unless that fails. */
  isUnderway: boolean;
}

/** The storages whose first contents are not there yet. */
export const firstContents = new WeakMap<Storage, FirstContents>();

/** A cell that starts with a value which may read others: it takes what they hold at this moment. */
export function cellOf<S extends readonly number[], D extends DType>(
  initial: Node<S, D>,
  name?: string,
  trainable?: boolean,
): Cell<S, D> {
  const cell = new Cell(initial, name, trainable);
  if (topological([initial]).some((node) => cells.has(node))) cell.assign(initial);
  return cell;
}

/** A named storage cell that holds a value between steps: a weight, a moment, a running mean. */
export class Cell<S extends readonly number[] = readonly number[], D extends DType = DType> {
  readonly name: string;
  readonly shape: S;
  readonly dtype: D;
  /** Whether optimizers change it (a weight) or not (a running mean). */
  readonly trainable: boolean;
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
    const bytes = byteSize(product(initial.shape), initial.dtype);
    this.location = { storage: new Storage(bytes), offset: 0, bytes };
    firstContents.set(this.location.storage, { node: initial, name, isUnderway: false });
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

  /** Makes this cell a part of `flat`, `offset` bytes into it: the value is the same as before. */
  moveInto(flat: Cell, offset: number): void {
    this.home = { flat, offset };
    this.location = { ...this.location, storage: flat.location.storage, offset };
  }

  /** A node of the present value that stays right when the cell moves elsewhere. */
  snapshot(): Node {
    const { storage, offset } = this.location;
    const first = firstContents.get(storage);
    const node = first?.isUnderway ? undefined : first?.node;
    if (!this.home) return node ?? stored(this, storage);
    const { flat } = this.home;
    if (node) return node.inputs[flat.members.indexOf(this)] as Node;
    const axis = { axis: 0, step: 1, start: offset / 4 };
    const part = new Node(
      flatSlice,
      [stored(flat, storage)],
      { shape: [this.size], dtype: 'f32' },
      axis,
    );
    return new Node(flatReshape, [part], this);
  }
}

function stored(type: { shape: readonly number[]; dtype: DType }, storage: Storage): Node {
  return new Node(storedOp, [], type, {}, {}, { kind: 'stored', storage });
}
