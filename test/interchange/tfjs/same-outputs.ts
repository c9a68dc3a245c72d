// What a model of TensorFlow.js computes, against ours of the same weights.
import type * as Core from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import * as assert from 'uvu/assert';
import type { AnyLayer } from '../../../src/nn/layer.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';
import { valuesOf } from '../../../src/tensor/structure.ts';
import { tensorFlow } from './tensorflow.ts';

const { core } = await tensorFlow();

/** Other weights than the first ones, of which many are 0 or 1. */
export function randomize(model: LayersModel): void {
  model.setWeights(
    model
      .getWeights()
      .map((weight, i) => core.randomUniform(weight.shape, 0.1, 0.7, 'float32', i + 1)),
  );
}

function randomInput(
  { shape, dtype }: { shape: Core.Tensor['shape'] | (number | null)[]; dtype: string },
  seed: number,
) {
  const sizes = shape.map((size, i) => size ?? (i === 0 ? 3 : 5));
  if (dtype === 'int32') return core.randomUniform(sizes, 0, 5, 'int32', seed);
  return core.randomUniform(sizes, -2, 2, 'float32', seed);
}

/** The options of reading a model: sizes other than the batch that it leaves open are 5. */
export function sizesOf(model: LayersModel): { inputShape?: number[] } {
  return model.inputs.some(({ shape }) => shape.indexOf(null, 1) > 0) ? { inputShape: [5] } : {};
}

export async function assertSameOutputs(ours: AnyLayer, theirs: LayersModel): Promise<void> {
  const inputs = theirs.inputs.map((input, i) => randomInput(input, i + 1));
  const given = await Promise.all(
    inputs.map(async (x) =>
      tensor((await x.data()) as Float32Array, x.shape, {
        dtype: x.dtype === 'int32' ? 'i32' : 'f32',
      }),
    ),
  );
  const found = valuesOf(ours.forward(given.length === 1 ? given[0]! : given));
  const expected = [theirs.predict(inputs)].flat();
  assert.is(found.length, expected.length);
  for (const [i, want] of expected.entries()) {
    assert.equal(found[i]!.shape, want.shape);
    const [a, b] = [await found[i]!.data(), await want.data()];
    for (let k = 0; k < b.length; k++) {
      assert.ok(
        Math.abs(a[k]! - b[k]!) <= 1e-4 * (1 + Math.abs(b[k]!)),
        `element ${k} is ${a[k]}, expected ${b[k]}`,
      );
    }
  }
}
