import { requireOptions, requireWhole } from '../../arguments.ts';
import { gather } from '../../tensor/ops/indexing/gather.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import { Variable } from '../../tensor/variable.ts';
import { type InitializerOption, initializerOf } from '../initializers/named.ts';
import { Layer } from '../layer.ts';
import type { Regularizer } from '../regularizers.ts';
import { noteSettings } from '../settings.ts';

export interface EmbeddingOptions {
  /** Default: even between −0.05 and 0.05, as in Keras. */
  readonly initializer?: InitializerOption;
  readonly regularizer?: Regularizer;
}

class Embedding extends Layer {
  readonly type = 'embedding';
  override readonly inputDType = 'i32';
  private readonly count: number;
  private readonly size: number;
  private readonly options: EmbeddingOptions;
  private weight!: Variable;

  constructor(count: number, size: number, options: EmbeddingOptions) {
    super();
    requireOptions('embedding', options, ['initializer', 'regularizer']);
    requireWhole('embedding', { count, size }, { from: 1 });
    this.count = count;
    this.size = size;
    this.options = options;
    noteSettings(this, { count, size, ...options });
  }

  protected override createVariables(): void {
    const { initializer = 'uniform', regularizer } = this.options;
    const initial = initializerOf(initializer)([this.count, this.size]);
    this.weight = this.own(new Variable(initial, { name: 'weight' }), regularizer);
  }

  protected compute(x: AnyTensor): AnyTensor {
    return gather(this.weight.value, x);
  }
}

/**
 * A trained vector for each of `count` numbers, such as those of words: whole numbers [...] from 0
 * to count − 1 → [..., size], f32. Numbers known on the host are checked; others out of range give
 * zeros.
 * @throws ArgumentError where a size is not a whole number above 0.
 * @throws ShapeError where a number known on the host is out of range.
 * @throws DTypeError where inputs are not i32, u32 or u8.
 */
export function embedding(count: number, size: number, options: EmbeddingOptions = {}): Layer {
  return new Embedding(count, size, options);
}
