import type { AnyTensor } from '../../tensor/tensor.ts';
import { Layer, type Mode } from '../layer.ts';

/** A layer without variables: a function, and what it is called in summaries. */
export class FunctionLayer extends Layer {
  readonly type: string;
  private readonly function: (x: AnyTensor, mode: Mode) => AnyTensor;

  constructor(type: string, function_: (x: AnyTensor, mode: Mode) => AnyTensor) {
    super();
    this.type = type;
    this.function = function_;
  }

  protected compute(x: AnyTensor, mode: Mode): AnyTensor {
    return this.function(x, mode);
  }
}
