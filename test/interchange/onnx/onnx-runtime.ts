import type * as ort from 'onnxruntime-web';
import type { DType, HostArray } from '../../../src/kernels/dtype.ts';
import { halfValue, packedHalves } from '../../../src/kernels/half.ts';

/** Numbers as ONNX Runtime takes and gives them. */
export interface RuntimeTensor {
  readonly shape: readonly number[];
  /** A dtype, or whole numbers of 64 bits. */
  readonly dtype: DType | 'i64';
  readonly data: HostArray;
}

const types = {
  f32: 'float32',
  i32: 'int32',
  u32: 'uint32',
  u8: 'uint8',
  bool: 'bool',
  f16: 'float16',
  i64: 'int64',
} as const;

let loaded: Promise<typeof ort> | undefined;

/** ONNX Runtime in WebAssembly, on one thread: a program of others that knows what ONNX means. */
async function runtime(): Promise<typeof ort> {
  loaded ??= import('onnxruntime-web').then((module) => {
    module.env.wasm.numThreads = 1;
    module.env.logLevel = 'error';
    return module;
  });
  return loaded;
}

function elements({ dtype, data }: RuntimeTensor) {
  if (dtype === 'f16') return packedHalves(data);
  return dtype === 'i64' ? BigInt64Array.from(data, BigInt) : data;
}

/** What ONNX Runtime computes of a model's bytes: its outputs by name. */
export async function runElsewhere(
  bytes: Uint8Array,
  inputs: Readonly<Record<string, RuntimeTensor>>,
): Promise<Record<string, { shape: readonly number[]; data: number[] }>> {
  const { InferenceSession, Tensor } = await runtime();
  const session = await InferenceSession.create(bytes, { executionProviders: ['wasm'] });
  const feeds = Object.entries(inputs).map(([name, given]) => [
    name,
    new Tensor(types[given.dtype], elements(given) as Float32Array, [...given.shape]),
  ]);
  const outputs = await session.run(Object.fromEntries(feeds));
  const found = Object.entries(outputs).map(([name, { dims, data, type }]) => {
    const isPacked = type === 'float16' && data instanceof Uint16Array;
    const numbers = Array.from(data as Float32Array, Number);
    return [name, { shape: dims, data: isPacked ? numbers.map(halfValue) : numbers }];
  });
  await session.release();
  return Object.fromEntries(found);
}
