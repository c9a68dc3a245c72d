import { messageOf } from '../../cause.ts';
import { DataError } from '../../errors.ts';
import { readRegularFile } from '../../files/regular-file.ts';

/** What helps against a file that is not what it should be. */
export const REMEDY =
  "Replace it with an intact copy, or delete it if it lies in wgrad's cache: it is then downloaded again.";

/**
 * The contents of a file, unpacked where they are gzip-compressed (told by the first bytes, not by
 * the name). Node only.
 *
 * @throws DataError where the file cannot be read or unpacked, or is empty.
 */
export async function readMaybeGzip(path: string): Promise<Uint8Array> {
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
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? unpack(bytes, path) : bytes;
}

async function unpack(bytes: Uint8Array, file: string): Promise<Uint8Array> {
  const { gunzip } = await import('node:zlib');
  return new Promise((resolve, reject) => {
    gunzip(bytes, (cause, unpacked) => {
      if (cause === null) resolve(unpacked);
      else {
        const message = `${file} is a corrupt or truncated gzip file (${cause.message} after ${bytes.length} bytes). ${REMEDY}`;
        reject(new DataError(message, { cause }));
      }
    });
  });
}
