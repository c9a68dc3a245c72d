import { DataError } from '../../errors.ts';
import { REMEDY } from '../files/maybe-gzip.ts';

const BLOCK = 512;
const text = new TextDecoder();

/**
 * The regular files of a tar archive (POSIX ustar, and the older form), by name; views into `bytes`.
 * A block of header says name, size and type; the contents follow, padded to whole blocks.
 *
 * @param file the archive's name, for the messages
 *
 * @throws DataError where a header's checksum is wrong, or the archive ends too early.
 */
export function readTar(bytes: Uint8Array, file: string): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let at = 0;
  while (true) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.length < BLOCK) {
      throw new DataError(`${file} is truncated: no end after ${bytes.length} bytes. ${REMEDY}`);
    }
    if (header.every((byte) => byte === 0)) return files;
    if (octal(header, 148, 8) !== checksum(header)) {
      throw new DataError(
        `${file} is no tar archive, or corrupt: the checksum of the header at byte ${at} is wrong. ${REMEDY}`,
      );
    }
    const size = octal(header, 124, 12);
    const contents = bytes.subarray(at + BLOCK, at + BLOCK + size);
    // A size that is no number is no length either.
    if (contents.length !== size) {
      throw new DataError(
        `${file} is truncated: ${nameOf(header)} should have ${size} bytes, found ${contents.length}. ${REMEDY}`,
      );
    }
    const isRegular = header[156] === 0x30 || header[156] === 0;
    if (isRegular) files.set(nameOf(header), contents);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

/** The sum of a header's bytes, its own field counted as blanks. */
function checksum(header: Uint8Array): number {
  return header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0);
}

function nameOf(header: Uint8Array): string {
  const isUstar = field(header, 257, 5) === 'ustar';
  const prefix = isUstar ? field(header, 345, 155) : '';
  return prefix ? `${prefix}/${field(header, 0, 100)}` : field(header, 0, 100);
}

function octal(header: Uint8Array, start: number, length: number): number {
  const digits = field(header, start, length).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

function field(header: Uint8Array, start: number, length: number): string {
  const [value = ''] = text.decode(header.subarray(start, start + length)).split('\0', 1);
  return value;
}
