// Models, data and callbacks that are small enough to be trained hundreds of times.
import {
  type AnyTensor,
  callbacks,
  crossEntropy,
  data,
  type FitOptions,
  nn,
  optim,
  random,
  tensor,
} from '../../src/index.ts';
import { RandomStream } from '../../src/tensor/random/stream.ts';

/** Points f32 [4] around three centres, and which it is: i32. */
export function points(count: number, seed = 1): data.Dataset {
  const random = new RandomStream(seed);
  const classes = Int32Array.from({ length: count }, () => random.below(3));
  const inputs = Float32Array.from(
    { length: 4 * count },
    (_, i) => random.bell(0.6) + Number((classes[i >> 2] as number) === (i & 3)),
  );
  return data.fromTensors(
    tensor(inputs, [count, 4]) as AnyTensor,
    tensor(classes, [count]) as AnyTensor,
  );
}

/** A network for {@link points}, with the same first weights each time. */
export function perceptron(options: Parameters<typeof nn.dense>[1] = {}): nn.Layer {
  random.seed(3);
  return nn.sequential([nn.dense(6, { activation: 'relu', ...options }), nn.dense(3)]).build([4]);
}

/** Images f32 [6, 6, 1] that are bright in one of two halves, moved and mirrored at random. */
export function images(count: number): data.Dataset {
  const random = new RandomStream(5);
  const labels = Uint8Array.from({ length: count }, () => random.below(2));
  const pixels = Uint8Array.from({ length: 36 * count }, (_, i) => {
    const isBright = Number(i % 36 < 18) === labels[Math.floor(i / 36)];
    return random.below(120) + (isBright ? 100 : 0);
  });
  const size = { height: 6, width: 6, channels: 1 };
  return data
    .fromImages({ count, ...size, images: pixels, labels })
    .map(data.augment([data.randomFlip(), data.randomCrop(1)]));
}

/** A network for {@link images} with all that has a state: running statistics and dropout. */
export function convolutional(): nn.Layer {
  random.seed(4);
  return nn
    .sequential([
      nn.conv2d(3, 3),
      nn.batchNorm({ momentum: 0.8 }),
      nn.dropout(0.3),
      nn.globalAveragePool2d(),
      nn.dense(2),
    ])
    .build([6, 6, 1]);
}

/** All there is to a training on {@link images}, made anew: 4 steps an epoch, the last one ragged. */
export function imageTraining(): {
  readonly model: nn.Layer;
  readonly examples: data.Dataset;
  readonly options: FitOptions & {
    readonly optimizer: optim.Optimizer;
    readonly callbacks: callbacks.Callback[];
  };
} {
  const model = convolutional();
  const optimizer = optim.adam(model.trainableVariables, { lr: 0.1 });
  return {
    model,
    examples: images(22),
    options: {
      loss: crossEntropy,
      metrics: ['accuracy'],
      optimizer,
      epochs: 5,
      batchSize: 6,
      validation: images(9),
      seed: 8,
      callbacks: [
        callbacks.reduceOnPlateau({ patience: 1, factor: 0.5 }),
        callbacks.earlyStopping({ patience: 2, minDelta: 0.1 }),
      ],
    },
  };
}

/** The bits of every variable by name. */
export async function bitsOf(model: nn.AnyLayer): Promise<Record<string, number[]>> {
  const bits: Record<string, number[]> = {};
  for (const [name, variable] of model.namedVariables()) {
    bits[name] = asBits(await variable.data());
  }
  return bits;
}

export function asBits(values: ArrayLike<number>): number[] {
  return [...new Uint32Array(Float32Array.from(values).buffer)];
}

/** The moments of an optimizer, bit by bit, in its order. */
export async function momentBitsOf(optimizer: optim.Optimizer): Promise<number[][]> {
  const bits: number[][] = [];
  for (const { value } of optimizer.moments()) bits.push(asBits(await value.data()));
  return bits;
}

/** What a training has told, without the times it took. */
export function logsOf({
  epochs,
}: {
  readonly epochs: readonly Readonly<Record<string, number>>[];
}): Record<string, number>[] {
  return epochs.map(({ seconds, ...rest }) => rest);
}
