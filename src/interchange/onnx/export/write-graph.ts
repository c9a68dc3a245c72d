import { type Node, topologicalBy } from '../../../graph/node.ts';
import type { HostTensor } from '../../../io/host-tensor.ts';
import type { AnyOp } from '../../../tensor/op.ts';
import { type AnyTensor, realize, Tensor } from '../../../tensor/tensor.ts';
import type { GraphProto, ValueInfoProto } from '../messages.ts';
import { elementTypeOf } from '../tensor-proto.ts';
import { elementRules } from './elements.ts';
import { expanded, writeElementwise } from './elementwise.ts';
import { formulas } from './formulas.ts';
import { GraphWriter, notExported, type Written } from './graph-writer.ts';
import { kernelRules, readAlone, refusals } from './kernels.ts';
import { isEqual, isFixed, type Size, sizesOf } from './open-sizes.ts';
import { cast } from './rule.ts';
import type { Trace } from './trace.ts';
import { type WeightType, writeWeight } from './weights.ts';

/** Ops whose attributes are sizes, which their rules look after. */
const KNOW_SIZES = ['reduce', 'argReduce', 'slice', 'pad', ...Object.keys(elementRules)];

/**
 * The ONNX graph of a traced model; constants and variables become its initializers.
 * @param names the variables' names, by their cells
 * @param weights what those of f32 are stored as
 * @throws ArgumentError where an op has no counterpart, as random numbers have none.
 */
export async function writeGraph(
  trace: Trace,
  names: ReadonlyMap<unknown, string>,
  weights: WeightType,
): Promise<GraphProto> {
  // What was assigned to a variable is its value, not something to compute.
  await realize();
  const roots = ([0, 1] as const).map((time) =>
    topologicalBy(
      trace.outputs.map(({ nodes }) => nodes[time]),
      inputsOf,
    ),
  );
  const [first = [], second = []] = roots;
  requireCounterparts(first);
  const writer = new GraphWriter(trace.open);
  const graph = new TracedGraph(writer);
  for (const { name, nodes } of trace.inputs) graph.isInput(nodes, writer.uniqueName(name));
  const outputNames = trace.outputs.map(({ name }) => writer.uniqueName(name));
  await graph.addLeaves(first, second, names, weights);
  // In order, since a graph may be deeper than calls go. Views are written where they are needed: an
  // operator that repeats its operands by itself needs none.
  for (const [i, node] of first.entries()) {
    const { kind } = node.op.lowering;
    if (kind !== 'view' && kind !== 'pack') graph.write(node, second[i] ?? node);
  }
  const outputs = trace.outputs.map(({ nodes }, i) => {
    const value = graph.write(...nodes);
    return writer.node('Identity', [value], value, {}, outputNames[i]);
  });
  const open = trace.open.map((size): [Size, string] => [size, size.name]);
  const input = trace.inputs.map(({ name, dtype, shape, nodes: [one, other] }): ValueInfoProto => {
    const sizes = sizesOf(one.shape, other.shape);
    return valueInfo({ name, dtype, shape: shape.map((_, i) => sizes[i] as Size) }, open);
  });
  return {
    name: 'wgrad',
    ...writer.needed(outputs.map(({ name }) => name)),
    input,
    output: outputs.map((value) => valueInfo(value, open)),
  };
}

function valueInfo(
  { name, dtype, shape }: Pick<Written, 'name' | 'dtype' | 'shape'>,
  open: readonly [Size, string][],
): ValueInfoProto {
  const dim = shape.map((size, i) => {
    if (isFixed(size)) return { dimValue: size.at };
    return { dimParam: open.find(([one]) => isEqual(one, size))?.[1] ?? `${name}_${i}` };
  });
  return { name, type: { tensorType: { elemType: elementTypeOf[dtype], shape: { dim } } } };
}

/** What has been written of the nodes of both traces. */
class TracedGraph {
  readonly #writer: GraphWriter;
  readonly #written = new Map<Node, Written>();

  constructor(writer: GraphWriter) {
    this.#writer = writer;
  }

  isInput([first, second]: readonly [Node, Node], name: string): void {
    this.#written.set(first, {
      name,
      shape: sizesOf(first.shape, second.shape),
      dtype: first.dtype,
    });
  }

  /** Writes the values that are there: variables, and numbers. */
  async addLeaves(
    first: readonly Node[],
    second: readonly Node[],
    names: ReadonlyMap<unknown, string>,
    weights: WeightType,
  ): Promise<void> {
    const leaves = first.filter(({ leaf }) => leaf);
    const arrays = await Promise.all(leaves.map((node) => new Tensor(node).data()));
    leaves.forEach((node, i) => {
      const { shape, dtype, leaf } = node;
      const data = arrays[i] as HostTensor['data'];
      const again = second[first.indexOf(node)];
      if (again?.leaf?.kind === 'host' && !isSame(again.leaf.data, data)) {
        throw notExported(
          'a constant',
          'its numbers depend on an open size. Give numbers for these.',
        );
      }
      const value = { shape, dtype, data };
      this.#written.set(
        node,
        leaf?.kind === 'cell'
          ? writeWeight(this.#writer, names.get(leaf.cell) ?? leaf.cell.name, value, {
              type: weights,
              users: first.filter(({ inputs }) => inputs.includes(node)),
              node,
            })
          : this.#writer.literal(value),
      );
    });
  }

  write(first: Node, second: Node): Written {
    const known = this.#written.get(first);
    if (known) return known;
    const written = this.#compute(first, second);
    this.#written.set(first, written);
    return written;
  }

  #compute(first: Node, second: Node): Written {
    if (first.op.name !== second.op.name || first.inputs.length !== second.inputs.length) {
      throw notExported(
        'the model',
        `it computes ${first.op.name} for some sizes of its inputs, and ${second.op.name} for others.`,
      );
    }
    const { op, dtype } = first;
    const shape = sizesOf(first.shape, second.shape);
    if (op.lowering.kind === 'generator' && op.lowering.generate === 'random') {
      throw notExported(
        'a random number',
        'ONNX computes the same of the same inputs. Leave it out at inference.',
      );
    }
    if (op.lowering.kind === 'generator') return this.#generated(first, second, shape);
    for (const [name, value] of Object.entries(first.scalars)) {
      if (Object.is(value, second.scalars[name])) continue;
      throw notExported(op.name, `a number in it depends on an open size. Give numbers for these.`);
    }
    const joined = op.name === 'join' ? this.#concat(first, second, shape) : undefined;
    if (joined) return joined;
    const packed = packBehind(first);
    if (packed) return this.#rows(packed, packBehind(second) ?? packed, shape);
    const others = inputsOf(second);
    const inputs = inputsOf(first).map((input, i) => this.write(input, others[i] ?? input));
    const formula = formulas[op.name];
    if (formula) return writeElementwise(this.#writer, formula, inputs, { shape, dtype });
    const kernel = kernelRules[op.name];
    if (kernel && !KNOW_SIZES.includes(op.name)) requireSame(first, second);
    if (kernel) return kernel({ writer: this.#writer, node: first, again: second, inputs, shape });
    return this.#decomposed(first, second);
  }

  #generated(node: Node, again: Node, shape: readonly Size[]): Written {
    const { lowering } = node.op;
    const generate = lowering.kind === 'generator' ? lowering.generate : undefined;
    if (generate === 'constant') {
      const scalar = this.#number(node, again);
      return shape.length === 0 ? scalar : expanded(this.#writer, scalar, shape);
    }
    const count = shape.reduce((product, { at }) => product * at, 1);
    const type = { shape, dtype: node.dtype };
    if (shape.every(isFixed)) {
      const data = node.dtype === 'f32' ? new Float32Array(count) : new Int32Array(count);
      for (let i = 0; i < count; i++) data[i] = i;
      return this.#writer.literal({ shape: node.shape, dtype: node.dtype, data });
    }
    const [none, one] = [this.#writer.integers([0], 0), this.#writer.integers([1], 0)];
    const sizes = this.#writer.sizes(shape);
    const end = this.#writer.node(
      'ReduceProd',
      [sizes],
      { shape: [], dtype: 'i32' },
      { keepdims: 0 },
    );
    const counted = this.#writer.node('Range', [none, end, one], type);
    const laidOut = this.#writer.node('Reshape', [counted, sizes], type);
    return this.#writer.node('Cast', [laidOut], type, { to: elementTypeOf[node.dtype] });
  }

  /** A constant; one that is an open size, or a multiple, is found when the model runs. */
  #number({ scalars, dtype }: Node, again: Node): Written {
    const value = { at: scalars.value ?? 0, and: again.scalars.value ?? 0 };
    if (Object.is(value.at, value.and)) return this.#writer.scalar(value.at, dtype);
    const type = { shape: [], dtype } as const;
    const size = this.#writer.node('Squeeze', [this.#writer.sizes([value])], type);
    return cast(this.#writer, size, dtype);
  }

  /** Parts that were padded to the whole, and joined. */
  #concat(first: Node, second: Node, shape: readonly Size[]): Written | undefined {
    const parts = joinedParts(first);
    const others = joinedParts(second);
    const axis = shape.findIndex((size, i) => parts.some((part) => part.shape[i] !== size.at));
    if (axis < 0 || parts.length !== others.length) return undefined;
    const inputs = parts.map((part, i) => this.write(part, others[i] ?? part));
    return this.#writer.node('Concat', inputs, { shape, dtype: first.dtype }, { axis });
  }

  /** Parts of one size that were laid one behind the other in memory: rows of a matrix. */
  #rows(first: Node, second: Node, shape: readonly Size[]): Written {
    const row = [{ at: 1, and: 1 }, ...shape.slice(1)];
    const rows = first.inputs.map((part, i) =>
      this.#writer.reshape(this.write(part, second.inputs[i] ?? part), row),
    );
    return this.#writer.node('Concat', rows, { shape, dtype: first.dtype }, { axis: 0 });
  }

  #decomposed(first: Node, second: Node): Written {
    const op: AnyOp = first.op;
    if (!op.decompose) {
      throw notExported(
        `the op ${op.name}`,
        'ONNX has no operator for it, or we do not know it yet. Compute that part outside of the model.',
      );
    }
    const plain = ({ inputs, attributes, scalars }: Node): AnyTensor =>
      op.decompose?.({
        inputs: inputs.map((input) => new Tensor(input)),
        attributes,
        scalars,
      }) as AnyTensor;
    return this.write(plain(first).node, plain(second).node);
  }
}

/** The nodes that a node is computed from when it is written. */
function inputsOf({ leaf, op, inputs }: Node): readonly Node[] {
  if (leaf) return [];
  const alone = readAlone[op.name];
  return alone === undefined ? inputs : inputs.slice(alone, alone + 1);
}

/** @throws ArgumentError that names the op that was called, rather than those that it is made of. */
function requireCounterparts(nodes: readonly Node[]): void {
  const op = nodes.findLast((node) => !node.leaf && node.op.name in refusals)?.op.name;
  if (op) throw notExported(`the op ${op}`, refusals[op] ?? '');
}

/** The pack of which a node is the parts as rows, without what lies between them in memory. */
function packBehind(node: Node): Node | undefined {
  const rows = node.op.name === 'slice' ? node.inputs[0] : node;
  const pack = rows?.inputs[0];
  return pack?.op.lowering.kind === 'pack' ? pack : undefined;
}

/** What `concat` has padded and joined, in its order. */
function joinedParts(node: Node): Node[] {
  if (node.op.name === 'join') return node.inputs.flatMap(joinedParts);
  return node.op.name === 'pad' && node.inputs[0] ? [node.inputs[0]] : [node];
}

/** What ONNX has as fixed numbers must be the same for all sizes, such as the padding of a window. */
function requireSame({ op, attributes }: Node, again: Node): void {
  if (JSON.stringify(attributes) === JSON.stringify(again.attributes)) return;
  throw notExported(op.name, 'how it is computed depends on an open size. Give numbers for these.');
}

function isSame(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.from(a).every((value, i) => Object.is(value, b[i]));
}
