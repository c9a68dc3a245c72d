import { inWords } from '../arguments.ts';
import { DataError } from '../errors.ts';
import type { Signal } from '../signal.ts';

/** What is used of a `URL`, so that types need no DOM. */
export interface Address {
  readonly href: string;
  readonly protocol: string;
}

/** The same of a `Blob`, as a `File` is. */
export interface BlobLike {
  readonly size: number;
  readonly type: string;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Where bytes come from without a path: an address (`URL`), a `Blob`, or bytes that are there. */
export type ByteSource = Address | BlobLike | Uint8Array;

export interface ReadOptions {
  /** Called as bytes arrive: how many, and of how many, where the server says. */
  readonly onProgress?: ((bytes: number, total: number | undefined) => void) | undefined;
  /** Stops the reading; its reason is what is thrown. */
  readonly signal?: Signal | undefined;
}

/** Whether something is read by {@link readSource}, and not by its path. */
export function isByteSource(source: unknown): source is ByteSource {
  return source instanceof URL || source instanceof Blob || source instanceof Uint8Array;
}

/** What a source is called in errors. */
export function nameOfSource(source: ByteSource): string {
  if (source instanceof URL) return source.href;
  if (source instanceof Uint8Array) return 'The data';
  if (!(source instanceof Blob)) return 'The source';
  const name = 'name' in source ? source.name : undefined;
  return typeof name === 'string' && name !== '' ? name : 'The Blob';
}

/**
 * The bytes of a source; `file:` addresses in Node alone.
 * @throws Error saying in a clause why they cannot be had, or the signal's reason.
 */
export async function readSource(
  source: ByteSource,
  { onProgress, signal }: ReadOptions = {},
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  if (source instanceof Uint8Array) return source;
  if (!(source instanceof URL || source instanceof Blob)) {
    const remedy = typeof source === 'string' ? '; pathToFileURL makes a URL of a path' : '';
    throw new Error(`it is no URL, Blob or Uint8Array, but ${inWords(source)}${remedy}`);
  }
  const { stream, total } = await opened(source, signal);
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  const reader = stream.getReader();
  const stop = () => void reader.cancel(signal?.reason);
  signal?.addEventListener('abort', stop);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      signal?.throwIfAborted();
      if (done) break;
      pieces.push(value);
      bytes += value.length;
      onProgress?.(bytes, total);
    }
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  return joined(pieces, bytes);
}

/** Bytes unpacked where they are gzip-compressed. @throws DataError where they are corrupt, or unpack to more. */
export async function unpacked(bytes: Uint8Array, name: string, most: number): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([new Uint8Array(bytes)]).stream();
  const reader = stream.pipeThrough(new DecompressionStream('gzip')).getReader();
  const pieces: Uint8Array[] = [];
  let count = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((cause) => {
      throw new DataError(`${name} is a corrupt or truncated gzip file.`, { cause });
    });
    if (done) return joined(pieces, count);
    pieces.push(value);
    count += value.length;
    if (count > most) {
      void reader.cancel();
      throw new DataError(`${name} unpacks to more than ${most} bytes.`);
    }
  }
}

async function opened(source: URL | Blob, signal: Signal | undefined) {
  if (source instanceof Blob) return { stream: source.stream(), total: source.size };
  if (source.protocol === 'file:') {
    const [{ fileURLToPath }, { readRegularFile }] = await Promise.all([
      import('node:url'),
      import('./regular-file.ts'),
    ]);
    const bytes = new Uint8Array(await readRegularFile(fileURLToPath(source)));
    return { stream: new Blob([bytes]).stream(), total: bytes.length };
  }
  const stopped = new AbortController();
  const stop = () => stopped.abort(signal?.reason);
  signal?.addEventListener('abort', stop);
  try {
    const answer = await fetch(source, { signal: stopped.signal });
    if (!answer.ok || !answer.body) {
      throw new Error(`the server answered ${answer.status} ${answer.statusText}`.trim());
    }
    // Of what the server compresses on the way it tells the compressed length.
    const length = answer.headers.has('content-encoding')
      ? null
      : answer.headers.get('content-length');
    return { stream: answer.body, total: length === null ? undefined : Number(length) };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function joined(pieces: readonly Uint8Array[], count: number): Uint8Array {
  const all = new Uint8Array(count);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
