import { inWords, requireInstance } from '../arguments.ts';
import { shortened } from '../cause.ts';
import { ArgumentError, CheckpointError } from '../errors.ts';
import { packedHalves } from '../kernels/half.ts';
import { checkHostTensor, emptyArray, type HostTensor } from './host-tensor.ts';
import {
  headerLength,
  LENGTH_BYTES,
  MAX_HEADER_BYTES,
  METADATA,
  parseHeader,
  type StoredTensor,
} from './safetensors-header.ts';
import { storedDTypes, written } from './stored-dtypes.ts';

/** Of elements that are converted, so many bytes are held at a time: a multiple of any element's. */
const PIECE_BYTES = 1 << 20;

/** What a safetensors file holds. */
export interface Safetensors {
  readonly tensors: Map<string, HostTensor>;
  readonly metadata: Record<string, string>;
  /** Why a tensor is not among `tensors`: its dtype or one of its values has no place here. */
  readonly unreadable: Map<string, CheckpointError>;
}

/**
 * Tensors and metadata in the safetensors format: the header's length as a little-endian u64, the
 * header as JSON, padded with spaces to a multiple of 8, and the elements, little-endian. Wider
 * elements come first, so that all are aligned; the order is otherwise the map's.
 *
 * Source: https://github.com/huggingface/safetensors, "Format".
 *
 * @throws ShapeError, DTypeError, ArgumentError where tensors or metadata cannot be written.
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, HostTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const pieces = safetensorsPieces(tensors, metadata);
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

/**
 * Reads the safetensors format. F32, F16, I32, U32, U8 and BOOL come as they are; BF16, F64 and the
 * five F8 are converted to f32, I8, I16, U16 and I64 to i32, U64 to u32. A tensor of another dtype,
 * or with a value that its type here cannot hold, is under `unreadable` instead.
 *
 * @param file what the bytes are called in errors
 * @throws CheckpointError where the bytes break a rule of the format.
 */
export function decodeSafetensors(bytes: Uint8Array, file = 'The data'): Safetensors {
  requireInstance('decodeSafetensors', 'bytes', bytes, Uint8Array);
  const length = headerLength(bytes.subarray(0, LENGTH_BYTES), bytes.length, file);
  const start = LENGTH_BYTES + length;
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, start), bytes.length - start, file);
  const contents = emptyContents(header.metadata);
  for (const tensor of header.tensors) {
    for (const piece of readTensor(contents, tensor, file)) {
      const from = start + piece.start;
      piece.bytes.set(bytes.subarray(from, from + piece.bytes.length));
    }
  }
  return contents;
}

export function emptyContents(metadata: Record<string, string>): Safetensors {
  return { tensors: new Map(), metadata, unreadable: new Map() };
}

/** Memory that is to be filled with the bytes from `start`, counted from the end of the header. */
interface Piece {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/**
 * Puts a tensor, or why it cannot be read, among the contents of a file. Asks for its bytes piece by
 * piece, in order, each of them to be there when the next is asked for: so no more is held than the
 * values, and of elements that are converted a piece.
 */
export function* readTensor(
  { tensors, unreadable }: Safetensors,
  { name, shape, dtype, stored, start, end }: StoredTensor,
  file: string,
): Generator<Piece, void, void> {
  const what = `${file}: tensor '${shortened(name)}'`;
  if (!stored) {
    const known = [...storedDTypes.keys()].join(', ');
    const error = `${what} has dtype ${shortened(dtype)}, which cannot be read; ${known} can. Convert it where the file is made.`;
    unreadable.set(name, new CheckpointError(error));
    return;
  }
  try {
    const data = emptyArray(stored.dtype, (end - start) / stored.bytes);
    if (!stored.convert) {
      yield { start, bytes: new Uint8Array(data.buffer) };
      stored.check?.(data, what);
    } else {
      const piece = new Uint8Array(Math.min(end - start, PIECE_BYTES));
      for (let at = start; at < end; at += piece.length) {
        const bytes = piece.subarray(0, end - at);
        yield { start: at, bytes };
        const [from, to] = [at - start, at - start + bytes.length].map((n) => n / stored.bytes);
        stored.convert(bytes, data.subarray(from, to), what);
      }
    }
    tensors.set(name, { shape, dtype: stored.dtype, data });
  } catch (cause) {
    if (!(cause instanceof CheckpointError || cause instanceof RangeError)) throw cause;
    const error = `${what} takes ${end - start} bytes, for which there is not enough memory.`;
    unreadable.set(
      name,
      cause instanceof CheckpointError ? cause : new CheckpointError(error, { cause }),
    );
  }
}

/** The bytes of a file in order: length and header, then each tensor's, of which f16 alone are copied. */
export function safetensorsPieces(
  tensors: ReadonlyMap<string, HostTensor>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array[] {
  requireInstance('safetensors', 'tensors', tensors, Map);
  if (typeof metadata !== 'object' || metadata === null) {
    throw new ArgumentError(
      `safetensors: metadata must map texts to texts; got ${inWords(metadata)}.`,
    );
  }
  for (const [name, tensor] of tensors) checkHostTensor(name, tensor);
  checkNames(tensors, metadata);
  const width = ({ dtype }: HostTensor) => storedDTypes.get(written[dtype])?.bytes ?? 0;
  const ordered = [...tensors].sort(([, a], [, b]) => width(b) - width(a));
  let end = 0;
  const entries = ordered.map(([name, tensor]) => {
    const { shape, dtype, data } = tensor;
    const start = end;
    end += data.length * width(tensor);
    return [name, { dtype: written[dtype], shape, data_offsets: [start, end] }];
  });
  const hasMetadata = Object.keys(metadata).length > 0;
  const all = hasMetadata ? [[METADATA, metadata], ...entries] : entries;
  const contents = ordered.map(([, tensor]) => {
    const data = tensor.dtype === 'f16' ? packedHalves(tensor.data) : tensor.data;
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  });
  return [encodeHeader(JSON.stringify(Object.fromEntries(all))), ...contents];
}

function checkNames(
  tensors: ReadonlyMap<string, HostTensor>,
  metadata: Readonly<Record<string, string>>,
): void {
  if (tensors.has(METADATA)) {
    throw new ArgumentError(`A tensor cannot be named ${METADATA}: the format needs that name.`);
  }
  const wrong = Object.entries(metadata).find(([, value]) => typeof value !== 'string');
  if (wrong) {
    throw new ArgumentError(
      `Metadata '${wrong[0]}' is no string. The format holds strings only; use JSON.stringify.`,
    );
  }
}

/** The header behind its length, padded so that the elements behind it are aligned. */
function encodeHeader(json: string): Uint8Array {
  const text = new TextEncoder().encode(json);
  const length = Math.ceil(text.length / 8) * 8;
  if (length > MAX_HEADER_BYTES) {
    throw new ArgumentError(
      `Names and metadata take ${length} bytes, the format allows ${MAX_HEADER_BYTES}.`,
    );
  }
  const header = new Uint8Array(LENGTH_BYTES + length).fill(' '.charCodeAt(0));
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(text, LENGTH_BYTES);
  return header;
}
