import { requireOptions } from '../arguments.ts';
import { messageOf } from '../cause.ts';
import { CheckpointError } from '../errors.ts';
import { writeAtomically } from '../files/atomic-file.ts';
import {
  type ByteSource,
  isByteSource,
  nameOfSource,
  type ReadOptions,
  readSource,
} from '../files/byte-source.ts';
import { openRegularFile } from '../files/regular-file.ts';
import { requireFiles } from '../files/require-files.ts';
import type { HostTensor } from './host-tensor.ts';
import {
  decodeSafetensors,
  emptyContents,
  readTensor,
  type Safetensors,
  safetensorsPieces,
} from './safetensors.ts';
import { defectOf, headerLength, LENGTH_BYTES, parseHeader } from './safetensors-header.ts';

/** The most that one system call moves: all systems' limits are above. */
const CHUNK_BYTES = 1 << 30;

/**
 * Writes a safetensors file: see {@link encodeSafetensors}. A reader, and a program that comes
 * after a crash, finds the old contents or the new ones, never a part. What becomes of the tensors'
 * arrays after the call does not change the file. Node only.
 *
 * @throws FileError where it cannot be written; and as `encodeSafetensors`.
 */
export async function writeSafetensors(
  file: string,
  tensors: ReadonlyMap<string, HostTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  requireFiles('writeSafetensors', 'Use encodeSafetensors, and keep the bytes in openStore().');
  const pieces = safetensorsPieces(tensors, metadata);
  await writeAtomically(
    file,
    pieces.map((piece) => new Uint8Array(piece)),
  );
}

/** As {@link writeSafetensors}, of arrays that nobody changes meanwhile: they are not copied. */
export async function writeOwned(
  file: string,
  tensors: ReadonlyMap<string, HostTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeAtomically(file, safetensorsPieces(tensors, metadata));
}

/**
 * Reads a safetensors file: see {@link decodeSafetensors}. By its path in Node alone; by its address, or out of
 * a Blob, in browsers too, where `onProgress` is called as bytes arrive.
 * @throws CheckpointError naming the file, when it cannot be read or is not intact.
 * @throws WgradError where a path is given in a browser.
 */
export async function readSafetensors(
  file: string | ByteSource,
  options: ReadOptions = {},
): Promise<Safetensors> {
  requireOptions('readSafetensors', options, ['onProgress', 'signal']);
  if (isByteSource(file)) return fetchSafetensors(file, options);
  requireFiles('readSafetensors of a path', 'Give it a URL, a Blob or bytes.');
  return withOpenFile(file, (open) => contentsOf(file, open));
}

async function fetchSafetensors(source: ByteSource, options: ReadOptions): Promise<Safetensors> {
  const name = nameOfSource(source);
  const bytes = await readSource(source, options).catch((cause) => {
    options.signal?.throwIfAborted();
    throw new CheckpointError(`${name} cannot be read: ${messageOf(cause)}.`, { cause });
  });
  return decodeSafetensors(bytes, name);
}

/** A file of so many bytes, any of which can be asked for. */
export interface OpenFile {
  readonly size: number;
  /** Fills `bytes` with those of the file from `start`. */
  read(start: number, bytes: Uint8Array): Promise<void>;
}

/** Opens a safetensors file while `work` reads it. @throws CheckpointError where it cannot be read */
export async function withOpenFile<Result>(
  file: string,
  work: (open: OpenFile) => Promise<Result>,
): Promise<Result> {
  const cannotRead = (cause: unknown) =>
    new CheckpointError(
      `${file} cannot be read: ${messageOf(cause)}. Check the path and its permissions.`,
      { cause },
    );
  const handle = await openRegularFile(file).catch((cause) => {
    throw cannotRead(cause);
  });
  try {
    const { size } = await handle.stat();
    return await work({
      size,
      async read(start, bytes) {
        for (let at = 0; at < bytes.length; ) {
          const most = Math.min(bytes.length - at, CHUNK_BYTES);
          const { bytesRead } = await handle.read(bytes, at, most, start + at).catch((cause) => {
            throw cannotRead(cause);
          });
          if (bytesRead === 0) throw defectOf(file)('it became shorter while it was read.');
          at += bytesRead;
        }
      },
    });
  } finally {
    await handle.close();
  }
}

/** What an open file holds, read piece by piece. @throws CheckpointError where it is not intact */
export async function contentsOf(file: string, { size, read }: OpenFile): Promise<Safetensors> {
  const prefix = new Uint8Array(Math.min(size, LENGTH_BYTES));
  await read(0, prefix);
  const length = headerLength(prefix, size, file);
  const start = LENGTH_BYTES + length;
  const json = new Uint8Array(length);
  await read(LENGTH_BYTES, json);
  const header = parseHeader(json, size - start, file);
  const contents = emptyContents(header.metadata);
  for (const tensor of header.tensors) {
    for (const piece of readTensor(contents, tensor, file)) {
      await read(start + piece.start, piece.bytes);
    }
  }
  return contents;
}
