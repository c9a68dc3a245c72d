import { open } from 'node:fs/promises';

/** A tensor as PyTorch lays it out; 64-bit integers only count batches. */
export interface TheirTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

export type StateDict = Map<string, TheirTensor>;

/**
 * A state dict of ResNet-50 with the names and shapes that torchvision published and timm kept:
 * conv1, bn1, layer1.0 … layer4.2 with downsample in the first block of each, fc. The numbers are
 * random, and those of convolutions so small that the variances behind them are of the size of
 * batch norm's epsilon: another epsilon would show.
 */
export function timmStateDict(): StateDict {
  const dict: StateDict = new Map();
  const random = uniform();
  const add = (name: string, shape: number[], low: number, high: number) => {
    const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
    for (let i = 0; i < values.length; i++) values[i] = low + (high - low) * random();
    dict.set(name, { shape, values });
  };
  const convolution = (name: string, outputs: number, inputs: number, window: number) => {
    const limit = Math.sqrt(3e-5 / (inputs * window * window));
    add(`${name}.weight`, [outputs, inputs, window, window], -limit, limit);
  };
  const norm = (name: string, channels: number) => {
    add(`${name}.weight`, [channels], 0.5, 1);
    add(`${name}.bias`, [channels], -0.1, 0.1);
    add(`${name}.running_mean`, [channels], -1e-3, 1e-3);
    add(`${name}.running_var`, [channels], 0.5e-5, 1.5e-5);
    dict.set(`${name}.num_batches_tracked`, { shape: [], values: BigInt64Array.of(1234n) });
  };
  convolution('conv1', 64, 3, 7);
  norm('bn1', 64);
  let inputs = 64;
  [3, 4, 6, 3].forEach((blocks, stage) => {
    const narrow = 64 * 2 ** stage;
    for (let block = 0; block < blocks; block++) {
      const name = `layer${stage + 1}.${block}`;
      convolution(`${name}.conv1`, narrow, inputs, 1);
      norm(`${name}.bn1`, narrow);
      convolution(`${name}.conv2`, narrow, narrow, 3);
      norm(`${name}.bn2`, narrow);
      convolution(`${name}.conv3`, 4 * narrow, narrow, 1);
      norm(`${name}.bn3`, 4 * narrow);
      if (block === 0) {
        convolution(`${name}.downsample.0`, 4 * narrow, inputs, 1);
        norm(`${name}.downsample.1`, 4 * narrow);
      }
      inputs = 4 * narrow;
    }
  });
  add('fc.weight', [1000, 2048], -0.02, 0.02);
  add('fc.bias', [1000], -0.02, 0.02);
  return dict;
}

/** A safetensors file by the published format, without the library's own writer. */
export async function writeStateDict(file: string, dict: StateDict): Promise<void> {
  const header: Record<string, object> = {};
  let end = 0;
  for (const [name, { shape, values }] of dict) {
    const start = end;
    end += values.byteLength;
    const dtype = values instanceof Float32Array ? 'F32' : 'I64';
    header[name] = { dtype, shape, data_offsets: [start, end] };
  }
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const handle = await open(file, 'w');
  try {
    await handle.writev([length, json, ...[...dict.values()].map(({ values }) => values)]);
  } finally {
    await handle.close();
  }
}

/** Numbers from 0 to 1: a linear congruential generator (Numerical Recipes), the upper bits. */
function uniform(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
