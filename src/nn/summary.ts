import { zeros } from '../tensor/ops/creation.ts';
import type { AnyTensor, Tensor } from '../tensor/tensor.ts';
import type { Layer, Mode } from './layer.ts';

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
  const rows: Row[] = [];
  const numbers = new Map<string, number>();
  trace(model, zeros([1, ...inputShape]), (layer, output, depth) => {
    const number = numbers.get(layer.type) ?? 0;
    numbers.set(layer.type, number + 1);
    const own = layer.children.length > 0 ? '' : layer.parameterCount.toLocaleString('en-US');
    rows.push({
      name: `${'  '.repeat(depth)}${snake(layer.type)}${number ? `_${number}` : ''}`,
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

/** Calls `visit` for each layer with its output, a layer before those inside it; not for the model itself. */
function trace(
  model: Layer,
  input: AnyTensor,
  visit: (layer: Layer, output: AnyTensor, depth: number) => void,
): void {
  const seen: { layer: Layer; output: AnyTensor; depth: number }[] = [];
  let depth = -1;
  const watched = new Map<Layer, Layer['forward']>();
  const watch = (layer: Layer) => {
    const forward = layer.forward;
    watched.set(layer, forward);
    layer.forward = (x: AnyTensor, mode?: Mode): Tensor => {
      depth++;
      const entry = { layer, output: x, depth };
      seen.push(entry);
      entry.output = forward.call(layer, x, mode);
      depth--;
      return entry.output as Tensor;
    };
    for (const child of layer.children) watch(child);
  };
  watch(model);
  try {
    model.forward(input);
  } finally {
    for (const layer of watched.keys()) delete (layer as Partial<Layer>).forward;
  }
  const single = model.children.length === 0;
  for (const { layer, output, depth: at } of seen) {
    if (single || layer !== model) visit(layer, output, single ? at : at - 1);
  }
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
