import { byteSize, type DType } from '../kernels/dtype.ts';
import { product } from '../kernels/launch.ts';
import { type Leaf, Node, topological, type Version } from './node.ts';
import type { AxisMap, Operation } from './operation.ts';
import { type Location, Storage } from './storage.ts';

// Gradients do not flow into how a cell's value came about.
const readOp: Operation = { name: 'read', lowering: { kind: 'leaf' }, endsHistory: true };
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
  endsHistory: true,
};

/** A node that has a cell's value. */
class Read extends Node {
  readonly cell: Cell;

  constructor(cell: Cell, op: Operation, inputs: readonly Node[], leaf?: Leaf) {
    super(op, inputs, cell, {}, {}, leaf);
    this.cell = cell;
  }
}

/** The cell that a node is a read of, if it is one. */
export function cellReadBy(node: Node): Cell | undefined {
  return node instanceof Read ? node.cell : undefined;
}

/** Cells whose assigned value is not yet computed; the next realisation does it. */
export const pendingAssignments = new Set<Cell>();

/** What a storage holds at first, computed when it is needed. */
interface FirstContents {
  readonly node: Node;
  /** Whose they are, for errors. */
  readonly name: string;
  /** What is underway is there for all that is asked for from now on, unless it fails. */
  state: 'wanted' | 'underway' | 'there';
}

/** The storages whose first contents are not there yet. */
export const firstContents = new WeakMap<Storage, FirstContents>();

/** A value of a cell and, until it is there, what it takes to go back to the one before. */
interface CellVersion extends Version {
  failure: { readonly reason: unknown } | undefined;
  /** The read of this value, where somebody has asked for it. */
  read: Node | undefined;
  /** What the cell was assigned, where it was. */
  assigned: Node | undefined;
  /** The first contents of its storage, which this value takes the place of. */
  first: { readonly storage: Storage; readonly contents: FirstContents } | undefined;
  before: CellVersion | undefined;
}

/** A value that a cell is to have as soon as it is computed. */
export interface Replacement {
  readonly cell: Cell;
  readonly version: CellVersion;
}

/** A cell that starts with a value which may read others: it takes what they hold at this moment. */
export function cellOf<S extends readonly number[], D extends DType>(
  initial: Node<S, D>,
  name?: string,
  isWeight?: boolean,
): Cell<S, D> {
  const cell = new Cell(initial, name, isWeight);
  if (topological([initial]).some(cellReadBy)) cell.assign(initial);
  return cell;
}

/** A named storage cell that holds a value between steps: a weight, a moment, a running mean. */
export class Cell<S extends readonly number[] = readonly number[], D extends DType = DType> {
  readonly name: string;
  readonly shape: S;
  readonly dtype: D;
  /** Whether optimizers may change it (a weight) or not (a running mean). */
  readonly isWeight: boolean;
  /** Whether it is to keep its value for now. */
  isFrozen = false;
  /** The present value: tensors built from another are stale. */
  version: CellVersion = newVersion();
  /** The flat cell this one is a part of, and where in it. */
  home: { readonly flat: Cell; readonly offset: number } | undefined;
  /** The cells that are parts of this one. */
  members: readonly Cell[] = [];
  /** Where the value lies: in storage of its own, or with others in a flat cell's. */
  location: Location;
  /** What it has been assigned and nobody has computed yet. */
  pending: Node | undefined;
  private pendingRead: Node | undefined;

  constructor(initial: Node<S, D>, name = 'variable', isWeight = true) {
    this.name = name;
    this.shape = initial.shape;
    this.dtype = initial.dtype;
    this.isWeight = isWeight;
    const bytes = byteSize(product(initial.shape), initial.dtype);
    this.location = { storage: new Storage(bytes), offset: 0, bytes };
    firstContents.set(this.location.storage, { node: initial, name, state: 'wanted' });
  }

  get trainable(): boolean {
    return this.isWeight && !this.isFrozen;
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
      this.pendingRead ??= new Read(this, assignedOp, [this.pending]);
      return this.pendingRead as Node<S, D>;
    }
    this.version.read ??= new Read(this, readOp, [], this.leaf);
    return this.version.read as Node<S, D>;
  }

  /** Whether `node` reads the value that is assigned and not yet computed. */
  isPendingRead(node: Node): boolean {
    return node === this.pendingRead;
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

  /**
   * Gives it the value that is being computed, and with it the cells that are parts of this one:
   * tensors built from the former one are stale from here on. Goes for what was assigned to it, or
   * what an effect writes.
   *
   * @param isFirst whether nobody needs the first contents of the cell's storage any more
   */
  replaced(by: 'assignment' | 'effect', isFirst = false): Replacement[] {
    const version = newVersion(this.version);
    this.version = version;
    if (by === 'assignment') {
      version.assigned = this.pending;
      version.read = this.pendingRead;
      const { storage } = this.location;
      const contents = isFirst ? firstContents.get(storage) : undefined;
      if (contents) version.first = { storage, contents };
      if (contents) firstContents.delete(storage);
      // Reads of the assigned value are now reads of the value in memory.
      if (version.read) version.read.leaf = this.leaf;
      this.forgetAssignment();
    }
    const parts = this.members.filter(({ home }) => home?.flat === this);
    return [{ cell: this, version }, ...parts.flatMap((part) => part.replaced('effect'))];
  }

  /** Leaves the cell with the value it has. */
  forgetAssignment(): void {
    this.pending = undefined;
    this.pendingRead = undefined;
    pendingAssignments.delete(this);
  }

  /** Goes back to the last value that is there, with what has been assigned since. */
  goBack(): void {
    let at = this.version;
    let lost: CellVersion | undefined;
    for (; at.failure && at.before; at = at.before) {
      if (at.assigned) lost ??= at;
      if (at.first && at.first.contents.state !== 'there') {
        firstContents.set(at.first.storage, at.first.contents);
      }
    }
    this.version = at;
    if (!lost?.assigned || this.pending) return;
    this.assign(lost.assigned);
    this.pendingRead = lost.read;
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
    const node = first?.state === 'wanted' ? first.node : undefined;
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

function newVersion(before?: CellVersion): CellVersion {
  return { failure: undefined, read: undefined, assigned: undefined, first: undefined, before };
}

/** The value is there: what it was computed from is let go. */
export function succeeded({ version }: Replacement): void {
  version.before = undefined;
  version.assigned = undefined;
  version.first = undefined;
  if (version.read) version.read.inputs = [];
}

/** The value did not come about, for whoever has asked for it and for whoever asks now. */
export function failed({ cell, version }: Replacement, reason: unknown): void {
  version.failure = { reason };
  if (version.read) version.read.leaf = undefined;
  const { first } = version;
  if (first && first.contents.state !== 'there') first.storage.fail(reason);
  cell.goBack();
}

function stored(type: { shape: readonly number[]; dtype: DType }, storage: Storage): Node {
  return new Node(storedOp, [], type, {}, {}, { kind: 'stored', storage });
}
