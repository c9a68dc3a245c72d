import { requireFunction } from '../../arguments.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import { Layer, type Mode } from '../layer.ts';
import { noteSettings, type Settings } from '../settings.ts';

/** A layer without variables: a function, what it is called in summaries, and what it was made with. */
export class FunctionLayer extends Layer {
  readonly type: string;
  private readonly function: (x: AnyTensor, mode: Mode) => AnyTensor;

  constructor(
    type: string,
    function_: (x: AnyTensor, mode: Mode) => AnyTensor,
    settings: Settings = {},
  ) {
    super();
    noteSettings(this, settings);
    this.type = type;
    this.function = function_;
  }

  protected compute(x: AnyTensor, mode: Mode): AnyTensor {
    return this.function(x, mode);
  }
}

/**
 * A layer of a function of one's own, which may change the shape but for the first axis, and do other
 * things in training: `nn.lambda((x, { training }) => …)`. Variables that it uses are no part of the
 * model: for those, extend `nn.Layer`.
 * @throws ArgumentError where it is no function.
 */
export function lambda(function_: (x: AnyTensor, mode: Mode) => AnyTensor): Layer {
  requireFunction('lambda', 'the function', function_);
  return new FunctionLayer('lambda', function_);
}

/** A layer that gives its input: a branch that does nothing, or the place of a layer taken out. */
export function identity(): Layer {
  return new FunctionLayer('identity', (x) => x);
}
