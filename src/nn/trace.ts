import type { Tensors } from '../tensor/structure.ts';
import type { AnyTensor, Tensor } from '../tensor/tensor.ts';
import type { AnyLayer, Layer, Mode } from './layer.ts';

/** What {@link traceLayers} tells of one call of a layer. */
export type LayerVisitor = (
  layer: AnyLayer,
  /** Where the layer is in the model, as in `namedVariables`: `layers.2.main`; `''` for the model. */
  path: string,
  input: Tensors,
  output: Tensors,
  /** How many layers this call was made within. */
  depth: number,
) => void;

/**
 * Applies a model and calls `visit` for each call of a layer in it, the model's own first, in
 * execution order, a layer before those inside it. A layer that is used twice is visited twice,
 * under its first path. A call that a layer of one's own makes without handing on its mode is not
 * seen. Builds the model if it is not built; computes nothing. Returns the output.
 */
export function traceLayers<I extends Tensors = AnyTensor, O extends Tensors = Tensor>(
  model: Layer<I, O>,
  input: I,
  mode: Mode,
  visit: LayerVisitor,
): O {
  const calls: { layer: AnyLayer; x: Tensors; y?: Tensors; depth: number }[] = [];
  let depth = 0;
  const output = model.forward(input, {
    ...mode,
    visit(layer, x) {
      const call: (typeof calls)[number] = { layer, x, depth: depth++ };
      calls.push(call);
      return (y) => {
        call.y = y;
        depth--;
      };
    },
  });
  const paths = new Map(Array.from(model.namedLayers(), ([path, layer]) => [layer, path]));
  for (const { layer, x, y, depth } of calls) {
    const path = paths.get(layer);
    if (path !== undefined && y) visit(layer, path, x, y, depth);
  }
  return output;
}
