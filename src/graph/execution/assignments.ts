import { type Cell, cellReadBy } from '../cell.ts';
import { areIn, flatten } from '../flat.ts';
import { Node } from '../node.ts';
import { pack } from '../pack.ts';
import { viewOf } from '../view.ts';
import { type Assigned, type Repeated, recording } from './recording.ts';

/** Cells, and what computes the value that they were assigned. */
interface Assignment extends Assigned {
  readonly value: Node;
}

/**
 * What computes the values that cells were assigned. Those that were assigned alike, as the running means
 * of many layers are, move into a flat cell the first time: their expression of many small values is then
 * one of a few flat ones, and one dispatch.
 */
export function assignmentsOf(cells: readonly Cell[]): Assignment[] {
  for (const group of alikeAmong(cells.filter(({ home, dtype }) => !home && dtype === 'f32'))) {
    if (group.length > 1 && areFlat(group.map(assignedTo), group)) flatten(group);
  }
  const left = new Set(cells);
  const together = [...new Set(cells.map(({ home }) => home?.flat))].flatMap((flat) => {
    if (!flat || !areIn([flat]) || !flat.members.every((member) => left.has(member))) return [];
    const values = flat.members.map(assignedTo);
    const isOne = values.every((value) => areAlike(values[0] as Node, value));
    if (!isOne || !areFlat(values, flat.members)) return [];
    for (const member of flat.members) left.delete(member);
    recording()?.repeat(whileIn(flat));
    return [{ value: lifted(values, flat.size), cells: flat.members, into: flat }];
  });
  const alone = [...left].map((cell) => ({ value: assignedTo(cell), cells: [cell], into: cell }));
  return [...together, ...alone];
}

/** Goes on with nothing, as long as a flat cell has its members. Made here, it holds on to no value. */
function whileIn(flat: Cell): Repeated {
  return { holds: () => areIn([flat]), next: () => [], undo() {} };
}

function assignedTo({ pending }: Cell): Node {
  return pending as Node;
}

function alikeAmong(cells: readonly Cell[]): Cell[][] {
  const groups: Cell[][] = [];
  for (const cell of cells) {
    const group = groups.find(([first]) => areAlike(assignedTo(first as Cell), assignedTo(cell)));
    if (group) group.push(cell);
    else groups.push([cell]);
  }
  return groups;
}

/** Whether two values are the same elementwise expression of cells, of kernels' results and of numbers. */
function areAlike(a: Node, b: Node): boolean {
  if (isPresentRead(a)) return isPresentRead(b);
  if (isKernel(a)) return isKernel(b);
  const [number, other] = [numberIn(a), numberIn(b)];
  if (number) return other !== undefined && isSameOp(number, other);
  return (
    !a.leaf &&
    a.op.lowering.kind === 'elementwise' &&
    isSameOp(a, b) &&
    a.inputs.every((input, i) => areAlike(input, b.inputs[i] as Node))
  );
}

function isSameOp(a: Node, b: Node): boolean {
  const names = Object.keys(a.scalars);
  const isSame = a.op === b.op && a.dtype === b.dtype && !b.leaf;
  return isSame && names.every((name) => Object.is(a.scalars[name], b.scalars[name]));
}

/** Whether a node reads what its cell has now. */
function isPresentRead({ leaf }: Node): boolean {
  return leaf?.kind === 'cell' && leaf.version === leaf.cell.version && !leaf.version.failure;
}

function isKernel({ leaf, op, dtype }: Node): boolean {
  return !leaf && op.lowering.kind === 'kernel' && dtype === 'f32';
}

/** The constant that a node is everywhere; not one that comes as another with the next call of a recording. */
function numberIn(node: Node): Node | undefined {
  let at = node;
  for (let view = viewOf(at); view; view = viewOf(at)) {
    if (view.kind === 'axes' && view.pads) return undefined;
    at = at.inputs[0] as Node;
  }
  const { lowering } = at.op;
  const isConstant = !at.leaf && lowering.kind === 'generator' && lowering.generate === 'constant';
  return isConstant && !recording()?.given.has(at) ? at : undefined;
}

/**
 * Whether values that are alike can be one: where they read cells, these are `assigned` or lie in a flat
 * cell as those will.
 */
function areFlat(values: readonly Node[], assigned: readonly Cell[]): boolean {
  const [first] = values as [Node];
  if (isPresentRead(first)) {
    const isOwn = values.every((value, i) => cellReadBy(value) === assigned[i]);
    return isOwn || flatReadBy(values) !== undefined;
  }
  if (isKernel(first) || numberIn(first)) return true;
  return first.inputs.every((_, i) => areFlat(inputsOf(values, i), assigned));
}

/** Of values that are alike and can be one, what they are the parts of: as large as a flat cell of them. */
function lifted(values: readonly Node[], size: number): Node {
  const [first] = values as [Node];
  if (isPresentRead(first)) return (flatReadBy(values) as Cell).read();
  if (isKernel(first)) return pack(values);
  const number = numberIn(first);
  const { op, dtype, scalars } = number ?? first;
  const inputs = number ? [] : first.inputs.map((_, i) => lifted(inputsOf(values, i), size));
  return new Node(op, inputs, { shape: [size], dtype }, {}, scalars);
}

function inputsOf(values: readonly Node[], i: number): Node[] {
  return values.map(({ inputs }) => inputs[i] as Node);
}

/** The flat cell whose members, all of them and in their order, nodes read. */
function flatReadBy(reads: readonly Node[]): Cell | undefined {
  const cells = reads.map(cellReadBy);
  const flat = cells[0]?.home?.flat;
  if (!flat || !areIn([flat]) || flat.members.length !== cells.length) return undefined;
  return flat.members.every((member, i) => member === cells[i]) ? flat : undefined;
}
