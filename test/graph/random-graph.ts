import fc from 'fast-check';
import type { AnyTensor } from '../../src/index.ts';
import { type NdArray, type Shape, sizeOf } from '../reference/array.ts';
import { scattered } from '../reference/check-gradient.ts';
import { type Application, type Pick, randomOps } from './random-ops.ts';

/** A graph of a few inputs and ops, in an order in which it can be computed. */
export interface RandomGraph {
  readonly inputs: readonly NdArray[];
  readonly steps: readonly (Application & { readonly name: string })[];
  /** The values of inputs and steps, in f64. */
  readonly values: readonly NdArray[];
  /** Which values somebody asks for besides the loss. */
  readonly wanted: readonly number[];
}

const names = Object.keys(randomOps);
const LARGEST_SIZE = 200;
const LARGEST_VALUE = 30;

/** Numbers from a list, then zeros: short lists are simple graphs, so fast-check shrinks to them. */
function picker(numbers: readonly number[]): Pick {
  let next = 0;
  return (n) => (numbers[next++] ?? 0) % n;
}

function build(shapes: readonly Shape[], draws: readonly (readonly number[])[]): RandomGraph {
  const inputs = shapes.map((shape, i) => scattered(shape, i + 1).map((x) => Math.fround(x * 1.5)));
  const values = [...inputs];
  const steps: (Application & { name: string })[] = [];
  const wanted: number[] = [];
  for (const [which = 0, ask = 0, ...numbers] of draws) {
    const name = names[which % names.length]!;
    const application = randomOps[name]!(values, picker(numbers));
    if (!application) continue;
    const value = application.reference(application.inputs.map((i) => values[i]!));
    const isTame = value.data.every((x) => Math.abs(x) < LARGEST_VALUE);
    if (!isTame || value.size > LARGEST_SIZE || value.size === 0 || value.rank > 5) continue;
    if (ask % 4 === 0) wanted.push(values.length);
    steps.push({ ...application, name });
    values.push(value);
  }
  return { inputs, steps, values, wanted };
}

const dimension = fc.constantFrom(1, 2, 3, 4, 5, 7, 8);
const shape = fc.array(dimension, { maxLength: 3 }).filter((sizes) => sizeOf(sizes) <= 40);
const draw = fc.array(fc.nat(2 ** 20), { minLength: 2, maxLength: 12 });

export const randomGraphs = fc
  .tuple(
    fc.array(shape, { minLength: 1, maxLength: 3 }),
    fc.array(draw, { minLength: 3, maxLength: 15 }),
  )
  .map(([shapes, draws]) => build(shapes, draws))
  .map((graph) => {
    Object.defineProperty(graph, fc.toStringMethod, { value: () => describe(graph) });
    return graph;
  });

/** The graph as text, for counterexamples. */
export function describe({ inputs, steps, values, wanted }: RandomGraph): string {
  const lines = inputs.map(({ shape }, i) => `  v${i}: input [${shape}]`);
  steps.forEach(({ name, inputs: from }, i) => {
    const at = inputs.length + i;
    const operands = from.map((v) => `v${v}`).join(', ');
    const mark = wanted.includes(at) ? '  (wanted)' : '';
    lines.push(`  v${at}: ${name}(${operands}) [${values[at]!.shape}]${mark}`);
  });
  return `\n${lines.join('\n')}\n`;
}

/** All values, computed by the library from tensors for the inputs. */
export function inLibrary(graph: RandomGraph, inputs: readonly AnyTensor[]): AnyTensor[] {
  const values = [...inputs];
  for (const step of graph.steps) values.push(step.library(step.inputs.map((i) => values[i]!)));
  return values;
}

/** All values, computed by the reference. */
export function inReference(graph: RandomGraph, inputs: readonly NdArray[]): NdArray[] {
  const values = [...inputs];
  for (const step of graph.steps) values.push(step.reference(step.inputs.map((i) => values[i]!)));
  return values;
}

/** The values nobody uses and those asked for: what the loss is made of. */
export function outputs({ inputs, steps, values, wanted }: RandomGraph): number[] {
  const used = new Set(steps.flatMap((step) => step.inputs));
  return [...values.keys()].filter(
    (i) => wanted.includes(i) || (i >= inputs.length && !used.has(i)),
  );
}
