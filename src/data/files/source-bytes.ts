import { messageOf } from '../../cause.ts';
import { DataError } from '../../errors.ts';
import {
  type ByteSource,
  nameOfSource,
  type ReadOptions,
  readSource,
} from '../../files/byte-source.ts';

/** The bytes of an address, a Blob, or bytes. @throws DataError where they cannot be had, or the signal's reason. */
export async function sourceBytes(source: ByteSource, options: ReadOptions): Promise<Uint8Array> {
  return readSource(source, options).catch((cause) => {
    options.signal?.throwIfAborted();
    throw new DataError(`${nameOfSource(source)} cannot be read: ${messageOf(cause)}.`, { cause });
  });
}
