import { requireInstance } from '../../arguments.ts';
import { DataError } from '../../errors.ts';
import { otherFormat } from '../../files/other-format.ts';
import { requireFiles } from '../../files/require-files.ts';
import { REMEDY, readMaybeGzip } from './maybe-gzip.ts';

/** The contents of an idx file: an array of unsigned bytes. */
export interface IdxArray {
  readonly shape: number[];
  /** `shape`'s product of values, last dimension fastest; a view into the bytes that were read. */
  readonly values: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;

/** The format's other element types, only to say what was found. */
const OTHER_TYPES: Record<number, string> = {
  9: 'signed bytes',
  11: '16-bit integers',
  12: '32-bit integers',
  13: '32-bit floats',
  14: '64-bit floats',
};

/**
 * Reads the idx format of MNIST: two zero bytes, a type byte, the number of dimensions, that many
 * big-endian 32-bit sizes, then the values.
 *
 * @param bytes the whole file, not compressed
 * @param file its name, for the messages
 *
 * @throws ArgumentError where `bytes` are no Uint8Array.
 * @throws DataError where the magic is another, the values are not unsigned bytes, or the length
 * is not what the header says.
 */
export function readIdx(bytes: Uint8Array, file: string): IdxArray {
  requireInstance('readIdx', 'bytes', bytes, Uint8Array);
  const { shape, header, count } = readHeader(bytes, file);
  const found = bytes.length - header;
  if (found !== count) {
    const fault = found < count ? 'is truncated' : 'has bytes after its end';
    throw new DataError(
      `${file} ${fault}: its header says ${shape.join(' x ') || 'one value'} = ${count} bytes of values, ` +
        `found ${found}. ${REMEDY}`,
    );
  }
  return { shape, values: bytes.subarray(header) };
}

/** The sizes of an array, and how many bytes of header and of values its file has. */
function readHeader(bytes: Uint8Array, file: string) {
  if (bytes.length < 4) {
    throw new DataError(
      `${file} is too short for an idx file: its header takes at least 4 bytes, it has ${bytes.length}. ${REMEDY}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = view.getUint8(2);
  const rank = view.getUint8(3);
  const isKnownType = type === UNSIGNED_BYTE || type in OTHER_TYPES;
  if (bytes[0] !== 0 || bytes[1] !== 0 || !isKnownType) {
    const format = otherFormat(bytes);
    throw new DataError(
      `${file} is not an idx file${format ? ` but ${format}` : ''}: expected it to start with 0x000008 and the number of dimensions, ` +
        `found 0x${hex(view.getUint32(0))}. ${REMEDY}`,
    );
  }
  if (type !== UNSIGNED_BYTE) {
    throw new DataError(
      `${file} holds ${OTHER_TYPES[type]} (idx type 0x${hex(type, 2)}), but only unsigned bytes ` +
        '(type 0x08) can be read. Convert its values to unsigned bytes.',
    );
  }
  const header = 4 + 4 * rank;
  if (bytes.length < header) {
    throw new DataError(
      `${file} is truncated: a header of ${rank} dimensions takes ${header} bytes, ` +
        `the file has ${bytes.length}. ${REMEDY}`,
    );
  }
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  return { shape, header, count: shape.reduce((product, size) => product * size, 1) };
}

/**
 * Reads an idx file, gzip-compressed or not (told by its first bytes, not by its name). Node only.
 *
 * @throws DataError where the file cannot be read or unpacked, unpacks to more than its header says,
 * and as `readIdx` does.
 */
export async function readIdxFile(path: string): Promise<IdxArray> {
  requireFiles(
    'readIdxFile',
    'Use readIdxImages(images, labels) of addresses or Blobs, or readIdx of bytes.',
  );
  const bytes = await readMaybeGzip(path, (start) => {
    const { header, count } = readHeader(start, path);
    return header + count;
  });
  return readIdx(bytes, path);
}

function hex(value: number, digits = 8): string {
  return value.toString(16).padStart(digits, '0');
}
