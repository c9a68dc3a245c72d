import { messageOf } from '../cause.ts';
import { CheckpointError } from '../errors.ts';
import { readRegularFile } from '../files/regular-file.ts';

/** The bytes of a file. @throws CheckpointError where it cannot be read. */
export async function readOrExplain(file: string): Promise<Uint8Array> {
  return readRegularFile(file).catch((cause) => {
    throw new CheckpointError(
      `${file} cannot be read: ${messageOf(cause)}. Check the path and its permissions.`,
      { cause },
    );
  });
}
