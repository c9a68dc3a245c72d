import { inWords } from '../arguments.ts';
import { ArgumentError } from '../errors.ts';
import { zeros } from '../tensor/ops/creation.ts';
import { checkShape } from '../tensor/shape.ts';
import { Layer } from './layer.ts';
import { traceLayers } from './trace.ts';

interface Row {
  readonly name: string;
  readonly shape: string;
  readonly parameters: string;
}

/**
 * A table of a model's layers with output shapes and parameter counts, as Keras prints it. Builds
 * the model for inputs of a shape (without the batch axis); nothing is computed.
 */
export function summary(model: Layer, inputShape: readonly number[]): string {
  if (!(model instanceof Layer)) {
    throw new ArgumentError(`summary: the model must be a layer; got ${inWords(model)}.`);
  }
  checkShape('summary', inputShape);
  const rows: Row[] = [];
  const numbers = new Map<string, number>();
  const input = zeros([1, ...inputShape], { dtype: model.inputDType });
  const single = isSingle(model);
  traceLayers(model, input, { training: false }, (layer, path, _, output, depth) => {
    if (path === '' && !single) return;
    const number = numbers.get(layer.type) ?? 0;
    numbers.set(layer.type, number + 1);
    const own = isSingle(layer) ? layer.parameterCount.toLocaleString('en-US') : '';
    rows.push({
      name: `${'  '.repeat(single ? 0 : depth - 1)}${snake(layer.type)}${number ? `_${number}` : ''}`,
      shape: `(${['None', ...output.shape.slice(1)].join(', ')})`,
      parameters: own,
    });
  });
  const head: Row = { name: 'Layer', shape: 'Output shape', parameters: 'Param #' };
  const width = (pick: (row: Row) => string) =>
    Math.max(...[head, ...rows].map((row) => pick(row).length));
  const [names, shapes, counts] = [
    width((r) => r.name),
    width((r) => r.shape),
    width((r) => r.parameters),
  ];
  const line = ({ name, shape, parameters }: Row) =>
    `${name.padEnd(names)}  ${shape.padEnd(shapes)}  ${parameters.padStart(counts)}`.trimEnd();
  const rule = '─'.repeat(names + shapes + counts + 4);
  const trainable = model.trainableVariables.reduce((sum, { size }) => sum + size, 0);
  const total = model.parameterCount;
  return [
    line(head),
    rule,
    ...rows.map(line),
    rule,
    `Total params: ${total.toLocaleString('en-US')}`,
    `Trainable params: ${trainable.toLocaleString('en-US')}`,
    `Non-trainable params: ${(total - trainable).toLocaleString('en-US')}`,
  ].join('\n');
}

/** Whether there is no layer inside. */
function isSingle(layer: Layer): boolean {
  return layer.namedLayers().size === 1;
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
