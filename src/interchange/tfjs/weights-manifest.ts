import { CheckpointError } from '../../errors.ts';
import type { HostTensor } from '../../io/host-tensor.ts';
import type { HostArray } from '../../kernels/dtype.ts';
import { unpackHalves } from '../../kernels/half.ts';
import { type Json, listOf, objectOf } from '../keras/json.ts';

/** How numbers are stored: bytes of each, and what makes values of them. */
interface Stored {
  readonly bytes: number;
  readonly values: (buffer: ArrayBuffer) => ArrayLike<number>;
}

const stored: Readonly<Record<string, Stored>> = {
  float32: { bytes: 4, values: (buffer) => new Float32Array(buffer) },
  int32: { bytes: 4, values: (buffer) => new Int32Array(buffer) },
  uint8: { bytes: 1, values: (buffer) => new Uint8Array(buffer) },
  uint16: { bytes: 2, values: (buffer) => new Uint16Array(buffer) },
  bool: { bytes: 1, values: (buffer) => new Uint8Array(buffer) },
  float16: {
    bytes: 2,
    values(buffer) {
      const codes = new Uint16Array(buffer);
      const values = new Float32Array(codes.length);
      unpackHalves(codes, values);
      return values;
    },
  },
};

/** The paths of a group's files, whose bytes are one after the other, and what they contain. */
export interface WeightGroup {
  readonly paths: readonly string[];
  readonly weights: readonly Json[];
}

/** @throws CheckpointError where the manifest is none. */
export function weightGroups(manifest: unknown, source: string): WeightGroup[] {
  return listOf(manifest, 'weightsManifest', source).map((entry) => {
    const { paths, weights } = objectOf(entry, 'a group of weightsManifest', source);
    return {
      paths: listOf(paths, 'paths', source).map(String),
      weights: listOf(weights, 'weights', source).map((spec) => objectOf(spec, 'a weight', source)),
    };
  });
}

/**
 * The tensors of a group by name, quantised ones as the f32 that they stand for.
 * @throws CheckpointError where the bytes are too few or too many, or of a type that is not read.
 */
export function decodeGroup(
  { paths, weights }: WeightGroup,
  bytes: Uint8Array,
  source: string,
): Map<string, HostTensor> {
  const tensors = new Map<string, HostTensor>();
  let at = 0;
  for (const spec of weights) {
    const [name, dtype] = [String(spec.name), String(spec.dtype)];
    const what = `weight '${name}'`;
    const shape = listOf(spec.shape, `the shape of ${what}`, source).map(Number);
    const size = shape.reduce((product, length) => product * length, 1);
    const quantization = spec.quantization
      ? objectOf(spec.quantization, `the quantization of ${what}`, source)
      : undefined;
    const type = stored[String(quantization?.dtype ?? dtype)];
    if (!type || (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool')) {
      throw new CheckpointError(
        `${source}: ${what} is ${quantization?.dtype ?? dtype}. Weights of float32, int32 and bool are read, ` +
          'stored as they are or as uint8, uint16 or float16.',
      );
    }
    const end = at + size * type.bytes;
    if (!(end <= bytes.length)) throw unequal(paths, bytes, source);
    const values = type.values(bytes.slice(at, end).buffer);
    tensors.set(name, { shape, ...restored(values, dtype, quantization) });
    at = end;
  }
  if (at !== bytes.length) throw unequal(paths, bytes, source);
  return tensors;
}

/** Quantised values stand for `scale · value + min`, rounded where they were whole numbers. */
function restored(
  values: ArrayLike<number>,
  dtype: string,
  quantization: Json | undefined,
): { dtype: HostTensor['dtype']; data: HostArray } {
  const [scale, min] = [Number(quantization?.scale ?? 1), Number(quantization?.min ?? 0)];
  const isPlain = scale === 1 && min === 0;
  const value = (code: number) => (isPlain ? code : code * scale + min);
  if (dtype === 'float32') return { dtype: 'f32', data: Float32Array.from(values, value) };
  if (dtype === 'bool') return { dtype: 'bool', data: Uint8Array.from(values) };
  return { dtype: 'i32', data: Int32Array.from(values, (code) => Math.round(value(code))) };
}

function unequal(
  paths: readonly string[],
  { length }: Uint8Array,
  source: string,
): CheckpointError {
  return new CheckpointError(
    `${source}: ${paths.join(', ')} have ${length} bytes, which are not those of the weights listed. ` +
      'A file is damaged or of another model.',
  );
}
