import { codeOf, messageOf } from '../../cause.ts';
import { DataError } from '../../errors.ts';
import { readRegularFile } from '../../files/regular-file.ts';

/** What helps against a file that is not what it should be. */
export const REMEDY =
  "Replace it with an intact copy, or delete it if it lies in wgrad's cache: it is then downloaded again.";

/** Packed bytes that are looked into before the others: idx headers, at most 1 KiB, are in them. */
const START_BYTES = 4096;
/** The most that is unpacked; Node reads no larger files in one piece either. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * The contents of a file, unpacked where they are gzip-compressed (told by the first bytes, not by
 * the name). Node only.
 *
 * @param most how many bytes it may unpack to, by the first of them: a few packed ones can stand for
 * a thousand times as many
 *
 * @throws DataError where the file cannot be read or unpacked, is empty, or unpacks to more.
 */
export async function readMaybeGzip(
  path: string,
  most: (start: Uint8Array) => number,
): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readRegularFile(path);
  } catch (cause) {
    throw new DataError(
      `${path} cannot be read: ${messageOf(cause)}. Check the path and its permissions.`,
      { cause },
    );
  }
  if (bytes.length === 0) throw new DataError(`${path} is empty. ${REMEDY}`);
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? unpack(bytes, path, most) : bytes;
}

async function unpack(
  bytes: Uint8Array,
  file: string,
  most: (start: Uint8Array) => number,
): Promise<Uint8Array> {
  const { constants, gunzip } = await import('node:zlib');
  const { promisify } = await import('node:util');
  try {
    // Told to give what it has, it does not mind that there should be more.
    const partly = { finishFlush: constants.Z_SYNC_FLUSH };
    const start = await promisify(gunzip)(bytes.subarray(0, START_BYTES), partly);
    const maxOutputLength = Math.max(1, Math.min(most(start), MOST_BYTES));
    return await promisify(gunzip)(bytes, { maxOutputLength });
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(
      codeOf(cause) === 'ERR_BUFFER_TOO_LARGE'
        ? `${file} unpacks to more bytes than it says or may. ${REMEDY}`
        : `${file} is a corrupt or truncated gzip file (${messageOf(cause)} after ${bytes.length} bytes). ${REMEDY}`,
      { cause },
    );
  }
}
