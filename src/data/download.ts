import { DataError } from '../errors.ts';

/**
 * Files that could not be had: no network, no mirror with the right bytes, or no place to keep
 * them. Whoever has something else to offer catches this one and lets other errors pass.
 */
export class DownloadError extends DataError {}

/** A file as its publisher offers it. */
export interface PublishedFile {
  readonly name: string;
  /** Length in bytes. */
  readonly bytes: number;
  /** Checksum in lower-case hex digits. */
  readonly md5: string;
}

export interface DownloadOptions {
  /** Called as bytes arrive: how many of `total`, over all files. Goes back when a mirror fails. */
  onProgress?: ((bytes: number, total: number) => void) | undefined;
  /** Stops the download; its reason is what is thrown. */
  signal?: AbortSignal | undefined;
  /** How long to wait for a mirror's first answer, in milliseconds. */
  connectTimeout?: number | undefined;
}

/** Two mirrors that never answer are noticed in 10 s. */
const CONNECT_TIMEOUT = 5000;
/** How long a connection that has answered may then be silent, in milliseconds. */
const STALL_TIMEOUT = 20000;

/**
 * Downloads files into `folder` (created where missing), each from the first mirror that has it
 * with the right MD5. A file appears under its name only when it is whole. Node only.
 *
 * @param mirrors addresses of folders; a file's name is appended
 *
 * Throws `DownloadError`, which lists what each mirror answered; the signal's reason when stopped.
 */
export async function downloadFiles(
  files: readonly PublishedFile[],
  folder: string,
  mirrors: readonly string[],
  options: DownloadOptions = {},
): Promise<void> {
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  let before = 0;
  let order = [...mirrors];
  // The smallest first: what is wrong with the mirrors or the folder then shows at once.
  for (const file of [...files].sort((a, b) => a.bytes - b.bytes)) {
    const start = before;
    const onBytes = (bytes: number) => options.onProgress?.(start + bytes, total);
    const { contents, mirror } = await fromAnyMirror(file, folder, order, onBytes, options);
    await writeWhole(folder, file.name, contents);
    // A dead mirror costs its timeout once, not once for each file.
    order = [mirror, ...order.filter((other) => other !== mirror)];
    before += file.bytes;
  }
}

async function fromAnyMirror(
  file: PublishedFile,
  folder: string,
  mirrors: readonly string[],
  onBytes: (bytes: number) => void,
  options: DownloadOptions,
): Promise<{ contents: Uint8Array; mirror: string }> {
  const failures: string[] = [];
  const causes: unknown[] = [];
  for (const mirror of mirrors) {
    const url = `${mirror.replace(/\/+$/, '')}/${file.name}`;
    try {
      const contents = await fetchBytes(url, onBytes, options);
      await requireMatch(file, contents);
      return { contents, mirror };
    } catch (error) {
      options.signal?.throwIfAborted();
      failures.push(`  ${url}: ${reasonOf(error)}`);
      causes.push(error);
      onBytes(0);
    }
  }
  throw new DownloadError(
    `${file.name} could not be downloaded:\n${failures.join('\n') || '  no mirror was given'}\n` +
      `Check the network, or fetch it by hand and put it into ${folder}.`,
    { cause: new AggregateError(causes) },
  );
}

/** The whole body of one address. Throws whatever went wrong, in its own words. */
async function fetchBytes(
  url: string,
  onBytes: (bytes: number) => void,
  { signal, connectTimeout = CONNECT_TIMEOUT }: DownloadOptions,
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const silence = new AbortController();
  const giveUpAfter = (milliseconds: number) =>
    setTimeout(
      () => silence.abort(new Error(`no answer within ${milliseconds / 1000} s`)),
      milliseconds,
    );
  const stop = signal === undefined ? silence.signal : AbortSignal.any([silence.signal, signal]);
  let timer = giveUpAfter(connectTimeout);
  try {
    // Unasked, fetch accepts compressed transfers and would unpack the .gz that we check.
    const headers = { 'accept-encoding': 'identity' };
    const response = await fetch(url, { signal: stop, headers });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new Error(`HTTP ${response.status} ${response.statusText}`.trim());
    }
    const chunks: Uint8Array[] = [];
    let received = 0;
    const reader = response.body.getReader();
    while (true) {
      clearTimeout(timer);
      timer = giveUpAfter(STALL_TIMEOUT);
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      received += value.length;
      onBytes(received);
    }
    return Buffer.concat(chunks, received);
  } finally {
    clearTimeout(timer);
  }
}

async function requireMatch(file: PublishedFile, contents: Uint8Array): Promise<void> {
  const { createHash } = await import('node:crypto');
  const md5 = createHash('md5').update(contents).digest('hex');
  if (md5 === file.md5) return;
  throw new Error(
    `wrong contents: expected ${file.bytes} bytes with MD5 ${file.md5}, got ${contents.length} with ${md5}`,
  );
}

/** Writes under a name of its own and renames, so that no reader ever sees half a file. */
async function writeWhole(folder: string, name: string, contents: Uint8Array): Promise<void> {
  const { mkdir, rename, rm, writeFile } = await import('node:fs/promises');
  const { randomUUID } = await import('node:crypto');
  const { join } = await import('node:path');
  const unfinished = join(folder, `${name}.${randomUUID()}.part`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(unfinished, contents);
    await rename(unfinished, join(folder, name));
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw new DownloadError(
      `${name} was downloaded but cannot be kept in ${folder}: ${(cause as Error).message}. ` +
        'Make room or name another folder in XDG_CACHE_HOME.',
      { cause },
    );
  }
}

/** fetch hides the system's reason ("ECONNREFUSED") one level down, behind "fetch failed". */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  if (cause instanceof Error) return (cause as NodeJS.ErrnoException).code ?? cause.message;
  return message;
}
