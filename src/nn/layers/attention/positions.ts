import { requireOptions, requireWhole } from '../../../arguments.ts';
import { ShapeError } from '../../../errors.ts';
import { tensor } from '../../../tensor/ops/creation.ts';
import { slice } from '../../../tensor/ops/views.ts';
import { requireDType } from '../../../tensor/require-dtype.ts';
import type { AnyTensor, Tensor } from '../../../tensor/tensor.ts';
import { Variable } from '../../../tensor/variable.ts';
import { type InitializerOption, initializerOf } from '../../initializers/named.ts';
import { Layer } from '../../layer.ts';

export interface PositionalEmbeddingOptions {
  /** Default: even between −0.05 and 0.05, as that of `embedding`. */
  readonly initializer?: InitializerOption;
}

/** The length and features of sequences. @throws ShapeError where they are none. */
function sizesOf(type: string, shape: readonly number[]): readonly [number, number] {
  const [length, features] = shape.slice(-2);
  if (shape.length >= 3 && length !== undefined && features !== undefined)
    return [length, features];
  throw new ShapeError(`${type}: needs [batch, length, features], got [${shape}].`);
}

class PositionalEmbedding extends Layer {
  readonly type = 'positionalEmbedding';
  private readonly length: number;
  private readonly initializer: InitializerOption;
  private weight!: Variable;

  constructor(length: number, options: PositionalEmbeddingOptions) {
    super();
    requireOptions(this.type, options, ['initializer']);
    requireWhole(this.type, { length }, { from: 1 });
    const { initializer = 'uniform' } = options;
    initializerOf(initializer);
    this.length = length;
    this.initializer = initializer;
  }

  protected override createVariables(shape: readonly number[]): void {
    const [, features] = sizesOf(this.type, shape);
    const initial = initializerOf(this.initializer)([this.length, features]);
    this.weight = this.own(new Variable(initial, { name: 'weight' }));
  }

  protected compute(x: AnyTensor): AnyTensor {
    requireDType(this.type, x, ['f32']);
    const [length, features] = sizesOf(this.type, x.shape);
    if (length > this.length) {
      throw new ShapeError(
        `${this.type}: there are ${this.length} places, and [${x.shape}] is a sequence of ${length}.`,
      );
    }
    return x.add(slice(this.weight.value, [0, 0], [length, features]));
  }
}

/**
 * Adds a trained vector for each place to sequences of at most `length`: [batch, length, features] → the same.
 * @throws ArgumentError where the length is not a whole number above 0.
 * @throws ShapeError where sequences are longer, or none.
 */
export function positionalEmbedding(
  length: number,
  options: PositionalEmbeddingOptions = {},
): Layer {
  return new PositionalEmbedding(length, options);
}

class SinusoidalPositions extends Layer {
  readonly type = 'sinusoidalPositions';
  #table: Tensor | undefined;

  protected compute(x: AnyTensor): AnyTensor {
    requireDType(this.type, x, ['f32']);
    const [length, features] = sizesOf(this.type, x.shape);
    return x.add(slice(this.#places(length, features), [0, 0], [length, features]));
  }

  /** One table for all lengths so far: texts that grow by a word a time would leave one of each. */
  #places(length: number, features: number): Tensor {
    const [known = 0, width] = this.#table?.shape ?? [];
    if (this.#table && known >= length && width === features) return this.#table;
    this.#table = sinusoids(2 ** Math.ceil(Math.log2(Math.max(length, 1))), features);
    return this.#table;
  }
}

/** sin(place / 10000^(2i/features)) at 2i, the cosine at 2i + 1. */
function sinusoids(length: number, features: number): Tensor {
  const values = Float32Array.from({ length: length * features }, (_, at) => {
    const feature = at % features;
    const angle = Math.floor(at / features) / 10000 ** ((feature - (feature % 2)) / features);
    return feature % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
  return tensor(values, [length, features]);
}

/**
 * Adds sines and cosines of each place, of wavelengths from 2π to 10000·2π, to sequences of any length
 * (Vaswani et al., "Attention is all you need", 2017, section 3.5): [batch, length, features] → the same.
 * @throws ShapeError where inputs are no sequences.
 */
export function sinusoidalPositions(): Layer {
  return new SinusoidalPositions();
}
