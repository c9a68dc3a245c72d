import { inWords } from '../arguments.ts';
import { ArgumentError } from '../errors.ts';
import { type Tensors, valuesOf } from '../tensor/structure.ts';
import type { AnyTensor, Tensor } from '../tensor/tensor.ts';
import { FunctionalModel } from './functional-model.ts';
import { type AnyLayer, Layer, type ShapesOf } from './layer.ts';
import { snakeCase } from './layer-names.ts';
import { shapeText } from './symbolic.ts';
import { traceLayers } from './trace.ts';

/** Name, output shape, parameters, and what a layer of a model of symbolic values is applied to. */
type Row = readonly [name: string, shape: string, parameters: string, connections: string];

/**
 * A table of a model's layers with output shapes and parameter counts, as Keras prints it; of a model
 * of symbolic values with its inputs, and with what each layer is applied to. Builds the model for
 * inputs of a shape, or of several (without the batch axis), which a model of symbolic values knows
 * itself; nothing is computed.
 */
export function summary<I extends Tensors = AnyTensor, O extends Tensors = Tensor>(
  model: Layer<I, O>,
  inputShape?: ShapesOf<I>,
): string {
  if (!(model instanceof Layer)) {
    throw new ArgumentError(`summary: the model must be a layer; got ${inWords(model)}.`);
  }
  const rows: Row[] = [];
  const numbers = new Map<string, number>();
  const single = isSingle(model);
  /** The layers that are being visited, from the model on, and how many calls each has made. */
  const open: { readonly layer: AnyLayer; calls: number }[] = [];
  const inputs = model.blank('summary', inputShape);
  traceLayers(model, inputs, { training: false }, (layer, path, _, output, depth) => {
    const parent = open[depth - 1];
    open.splice(depth, open.length, { layer, calls: 0 });
    if (path !== '' || single) {
      const called =
        parent?.layer instanceof FunctionalModel ? parent.layer.called(parent.calls++) : undefined;
      const shapes = valuesOf(output).map(({ shape }) => shapeText(shape.slice(1)));
      const count = isSingle(layer) ? layer.parameterCount.toLocaleString('en-US') : '';
      rows.push([
        `${indented(depth)}${called?.name ?? numbered(snakeCase(layer.type), numbers)}`,
        shapes.join(', '),
        called?.isRepeated ? 'shared' : count,
        called?.connections.join(', ') ?? '',
      ]);
    }
    if (!(layer instanceof FunctionalModel)) return;
    for (const [name, { shape }] of layer.inputs) {
      rows.push([`${indented(depth + 1)}${name} (input)`, shapeText(shape), '', '']);
    }
  });
  const trainable = model.trainableVariables.reduce((sum, { size }) => sum + size, 0);
  const total = model.parameterCount;
  return [
    ...tableOf(rows),
    `Total params: ${total.toLocaleString('en-US')}`,
    `Trainable params: ${trainable.toLocaleString('en-US')}`,
    `Non-trainable params: ${(total - trainable).toLocaleString('en-US')}`,
  ].join('\n');
}

/** Lines between rules, without the last column where it is empty. */
function tableOf(rows: readonly Row[]): string[] {
  const head: Row = ['Layer', 'Output shape', 'Param #', 'Applied to'];
  const width = (column: number) => Math.max(...[head, ...rows].map((row) => row[column]!.length));
  const [names, shapes, counts, connections] = [width(0), width(1), width(2), width(3)];
  const isGraph = rows.some(([, , , connections]) => connections !== '');
  const line = ([name, shape, count, connection]: Row) => {
    const cells = [name.padEnd(names), shape.padEnd(shapes), count.padStart(counts)];
    return [...cells, ...(isGraph ? [connection] : [])].join('  ').trimEnd();
  };
  const rule = '─'.repeat(names + shapes + counts + 4 + (isGraph ? connections + 2 : 0));
  return [line(head), rule, ...rows.map(line), rule];
}

function indented(depth: number): string {
  return '  '.repeat(Math.max(depth - 1, 0));
}

/** A name that rows have had before gets a number. */
function numbered(name: string, numbers: Map<string, number>): string {
  const number = numbers.get(name) ?? 0;
  numbers.set(name, number + 1);
  return number ? `${name}_${number}` : name;
}

/** Whether there is no layer inside. */
function isSingle(layer: AnyLayer): boolean {
  return layer.namedLayers().size === 1;
}
