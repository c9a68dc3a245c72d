import type { AnyTensor, Tensor } from '../tensor/tensor.ts';
import type { Layer, Mode } from './layer.ts';

/** What {@link traceLayers} tells of one call of a layer. */
export type LayerVisitor = (
  layer: Layer,
  /** Where the layer is in the model, as in `namedVariables`: `layers.2.main`; `''` for the model. */
  path: string,
  input: AnyTensor,
  output: AnyTensor,
  /** How many layers this call was made within. */
  depth: number,
) => void;

/**
 * Applies a model and calls `visit` for each call of a layer in it, the model's own first, in
 * execution order, a layer before those inside it. A layer that is used twice is visited twice,
 * under its first path. Builds the model if it is not built; computes nothing. Returns the output.
 */
export function traceLayers(
  model: Layer,
  input: AnyTensor,
  mode: Mode,
  visit: LayerVisitor,
): Tensor {
  const calls: Parameters<LayerVisitor>[] = [];
  const watched = new Set<Layer>();
  let depth = 0;
  const watch = (layer: Layer, path: string) => {
    if (watched.has(layer)) return;
    watched.add(layer);
    const forward = layer.forward;
    layer.forward = (x: AnyTensor, given?: Mode): Tensor => {
      const call: Parameters<LayerVisitor> = [layer, path, x, x, depth++];
      calls.push(call);
      const output = forward.call(layer, x, given);
      call[3] = output;
      depth--;
      return output;
    };
    const names = layer.childNames;
    layer.children.forEach((child, i) => {
      watch(child, path ? `${path}.${names[i]}` : (names[i] as string));
    });
  };
  watch(model, '');
  let output: Tensor;
  try {
    output = model.forward(input, mode);
  } finally {
    for (const layer of watched) delete (layer as Partial<Layer>).forward;
  }
  for (const call of calls) visit(...call);
  return output;
}
