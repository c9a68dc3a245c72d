import { messageOf, shortened } from '../cause.ts';
import { CheckpointError } from '../errors.ts';
import { otherFormat } from '../files/other-format.ts';
import { survey } from './json-survey.ts';
import { type StoredDType, storedDTypes } from './stored-dtypes.ts';

/** Bytes in front of the header: its length, a little-endian u64. */
export const LENGTH_BYTES = 8;
/** The longest header that the format allows. */
export const MAX_HEADER_BYTES = 100_000_000;
/** The name under which a header holds the file's metadata. */
export const METADATA = '__metadata__';

/** How deep a header's JSON may nest: three levels are the format's. */
const MAX_DEPTH = 8;
/** How many brackets, braces and commas it may have: that of 400,000 tensors. */
const MAX_PARTS = 4_000_000;

/** Where a tensor lies in a file, and as what. */
export interface StoredTensor {
  readonly name: string;
  readonly shape: number[];
  /** The format's name of the element type. */
  readonly dtype: string;
  /** How that is read; undefined where it cannot be. */
  readonly stored: StoredDType | undefined;
  /** Bytes from the end of the header. */
  readonly start: number;
  readonly end: number;
}

interface Header {
  /** In the order of their bytes, which they share out without gap or overlap. */
  readonly tensors: StoredTensor[];
  readonly metadata: Record<string, string>;
}

/** A function that makes the error for a defect of `file`. */
export function defectOf(file: string): (defect: string) => CheckpointError {
  return (defect) =>
    new CheckpointError(
      `${file} is no intact safetensors file: ${shortened(defect, 2000)} Replace it with an intact copy.`,
    );
}

/**
 * The length of the header that follows the first 8 bytes.
 * @param fileBytes the length of the whole file
 * @throws CheckpointError where the file is truncated or the length cannot be right.
 */
export function headerLength(prefix: Uint8Array, fileBytes: number, file: string): number {
  const defect = defectOf(file);
  if (prefix.length < LENGTH_BYTES) {
    throw defect(`it is truncated, ${LENGTH_BYTES} bytes are the least, it has ${fileBytes}.`);
  }
  const view = new DataView(prefix.buffer, prefix.byteOffset, LENGTH_BYTES);
  const length = view.getBigUint64(0, true);
  const isTooLong = length > MAX_HEADER_BYTES || LENGTH_BYTES + Number(length) > fileBytes;
  const format = isTooLong ? otherFormat(prefix) : undefined;
  if (format) {
    throw new CheckpointError(
      `${file} is ${format}, no safetensors file. Weights are read from these alone: in Python, save_file of ` +
        'safetensors.torch or safetensors.numpy writes them.',
    );
  }
  if (length > MAX_HEADER_BYTES) {
    throw defect(
      `its header would take ${length} bytes, more than the ${MAX_HEADER_BYTES} allowed.`,
    );
  }
  if (LENGTH_BYTES + Number(length) > fileBytes) {
    throw defect(
      `it is truncated, the header ends at byte ${LENGTH_BYTES + Number(length)}, the file at ${fileBytes}.`,
    );
  }
  return Number(length);
}

/**
 * Reads a header and checks it against the rules of the format: JSON that starts with `{` and has no
 * name twice, sizes that agree with shapes and dtypes, offsets without hole or overlap.
 * @param dataBytes the bytes behind the header
 * @throws CheckpointError with the first defect.
 */
export function parseHeader(json: Uint8Array, dataBytes: number, file: string): Header {
  const defect = defectOf(file);
  const entries = parseJson(json, file);
  const tensors = entries
    .filter(([name]) => name !== METADATA)
    .map(([name, entry]) => parseEntry(name, entry, file))
    // An empty tensor may lie where another begins.
    .sort((a, b) => a.start - b.start || a.end - b.end);
  let end = 0;
  for (const tensor of tensors) {
    if (tensor.start !== end) {
      const fault = tensor.start < end ? 'overlaps the one before' : 'leaves a hole in front of it';
      throw defect(
        `tensor '${tensor.name}' ${fault}, it starts at byte ${tensor.start}, not ${end}.`,
      );
    }
    end = tensor.end;
  }
  if (end !== dataBytes) {
    const fault = dataBytes < end ? 'it is truncated' : 'it has bytes after its end';
    throw defect(`${fault}, its tensors take ${end} bytes, there are ${dataBytes}.`);
  }
  return { tensors, metadata: parseMetadata(new Map(entries).get(METADATA), file) };
}

function parseJson(json: Uint8Array, file: string): [name: string, entry: unknown][] {
  const defect = defectOf(file);
  if (json[0] !== '{'.charCodeAt(0)) throw defect("its header does not start with '{'.");
  const { depth, parts, names } = survey(json);
  if (depth > MAX_DEPTH || parts > MAX_PARTS) {
    throw defect(
      `its header nests ${depth} deep and has ${parts} parts; ${MAX_DEPTH} and ${MAX_PARTS} are the most.`,
    );
  }
  let entries: [name: string, entry: unknown][];
  try {
    entries = Object.entries(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json)));
  } catch (cause) {
    throw defect(`its header is no JSON (${messageOf(cause)}).`);
  }
  const keys = entries.map(([, entry]) => (isObject(entry) ? Object.keys(entry).length : 0));
  if (keys.reduce((sum, count) => sum + count, entries.length) !== names) {
    throw defect('its header has one name twice.');
  }
  return entries;
}

function parseMetadata(metadata: unknown, file: string): Record<string, string> {
  if (metadata === undefined) return {};
  if (!isStrings(metadata)) throw defectOf(file)(`${METADATA} is not a map of strings.`);
  return metadata;
}

function parseEntry(name: string, entry: unknown, file: string): StoredTensor {
  const defect = defectOf(file);
  const { dtype, shape, data_offsets: offsets } = isObject(entry) ? entry : {};
  if (typeof dtype !== 'string' || !isSizes(shape) || !isRange(offsets)) {
    throw defect(`tensor '${name}' has no proper dtype, shape and data_offsets.`);
  }
  const stored = storedDTypes.get(dtype);
  const [start, end] = offsets;
  const bytes = shape.reduce((product, length) => product * length, stored?.bytes ?? Number.NaN);
  if (stored ? end - start !== bytes : end < start) {
    throw defect(
      `tensor '${name}', ${dtype} of shape [${shape}], takes ${bytes} bytes, its offsets say ${end - start}.`,
    );
  }
  return { name, shape, dtype, stored, start, end };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isStrings(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every((text) => typeof text === 'string');
}

function isRange(value: unknown): value is [start: number, end: number] {
  return isSizes(value) && value.length === 2;
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
