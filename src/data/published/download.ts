import { codeOf, messageOf } from '../../cause.ts';
import type { Signal } from '../../signal.ts';
import { DownloadError, PartialFile } from './partial-file.ts';

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
  signal?: Signal | undefined;
  /** How long to wait for a mirror's first answer, in milliseconds. */
  connectTimeout?: number | undefined;
  /** How long a mirror that has answered may take for the next 16 KiB, in milliseconds. */
  stallTimeout?: number | undefined;
}

/** Two mirrors that never answer are noticed in 10 s. */
const CONNECT_TIMEOUT = 5000;
const STALL_TIMEOUT = 20000;
/** Less within that time, in bytes, is as good as nothing: one byte a second would take years. */
const STALL_BYTES = 16384;

/**
 * Downloads files into `folder` (created where missing), each from the first mirror that has it
 * with the right MD5. A file appears under its name only when it is whole; what there is of it
 * until then (`PartialFile`) is where the next call or mirror goes on, also after a kill. Two
 * programs may do it at a time. Node only.
 *
 * @param mirrors addresses of folders; a file's name is appended
 *
 * Throws `DownloadError`, which lists what each mirror answered, or says why the files cannot be
 * kept; the signal's reason when stopped.
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
    const part = await PartialFile.claim(folder, file.name);
    try {
      const mirror = await fromAnyMirror(part, file, folder, order, onBytes, options);
      // A dead mirror costs its timeout once, not once for each file.
      order = [mirror, ...order.filter((other) => other !== mirror)];
    } finally {
      await part.release();
    }
    before += file.bytes;
  }
}

/** Puts the file into the folder and returns the mirror that had it. */
async function fromAnyMirror(
  part: PartialFile,
  file: PublishedFile,
  folder: string,
  mirrors: readonly string[],
  onBytes: (bytes: number) => void,
  options: DownloadOptions,
): Promise<string> {
  const failures: string[] = [];
  const causes: unknown[] = [];
  for (const mirror of mirrors) {
    const url = `${mirror.replace(/\/+$/, '')}/${file.name}`;
    try {
      const resumed = await fetchInto(part, file, url, onBytes, options);
      if (resumed && (await part.md5()) !== file.md5) {
        // What was there may be of another version: this mirror has not been tried as a whole yet.
        await part.remove();
        await fetchInto(part, file, url, onBytes, options);
      }
      await requireMatch(file, part);
      await part.finish();
      return mirror;
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof DownloadError) throw error;
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

/**
 * Writes the body of an address behind what there is of it (RFC 9110, 14: range requests), or from
 * the start where the server sends all of it.
 *
 * @returns whether it went on from a part. Throws whatever went wrong, in its own words: no answer,
 * hardly any bytes, or more than the file has.
 */
async function fetchInto(
  part: PartialFile,
  { bytes }: PublishedFile,
  url: string,
  onBytes: (bytes: number) => void,
  { signal, connectTimeout = CONNECT_TIMEOUT, stallTimeout = STALL_TIMEOUT }: DownloadOptions,
): Promise<boolean> {
  signal?.throwIfAborted();
  const silence = new AbortController();
  const giveUpAfter = (milliseconds: number, what: string) =>
    setTimeout(
      () => silence.abort(new Error(`${what} within ${milliseconds / 1000} s`)),
      milliseconds,
    );
  const stop = signal ? AbortSignal.any([silence.signal, signal as AbortSignal]) : silence.signal;
  const there = await part.size();
  let timer = giveUpAfter(connectTimeout, 'no answer');
  try {
    // Unasked, fetch accepts compressed transfers and would unpack the .gz that we check.
    const headers: Record<string, string> = { 'accept-encoding': 'identity' };
    if (there > 0) headers.range = `bytes=${there}-`;
    const response = await fetch(url, { signal: stop, headers });
    // Nothing behind the part: it is the whole file, or more than that. Its checksum will tell.
    if (response.status === 416) {
      await response.body?.cancel();
      return true;
    }
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new Error(`HTTP ${response.status} ${response.statusText}`.trim());
    }
    const goesOn = response.headers.get('content-range')?.startsWith(`bytes ${there}-`) ?? false;
    const start = response.status === 206 && goesOn ? there : 0;
    const reader = response.body.getReader();
    let received = start;
    await part.write(start, async (append) => {
      for (let next = start; ; ) {
        if (received >= next) {
          clearTimeout(timer);
          timer = giveUpAfter(stallTimeout, `less than ${STALL_BYTES} bytes`);
          next = received + STALL_BYTES;
        }
        const { done, value } = await reader.read();
        if (done) return;
        received += value.length;
        if (received > bytes) return;
        await append(value);
        onBytes(received);
      }
    });
    if (received > bytes) {
      await reader.cancel();
      await part.remove();
      throw new Error(`wrong contents: expected ${bytes} bytes, it sends more`);
    }
    return start > 0;
  } finally {
    clearTimeout(timer);
  }
}

async function requireMatch(file: PublishedFile, part: PartialFile): Promise<void> {
  const md5 = await part.md5();
  if (md5 === file.md5) return;
  const size = await part.size();
  await part.remove();
  throw new Error(
    `wrong contents: expected ${file.bytes} bytes with MD5 ${file.md5}, got ${size} with ${md5}`,
  );
}

/** fetch hides the system's reason ("ECONNREFUSED") one level down, behind "fetch failed". */
function reasonOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : {};
  if (cause instanceof Error) return codeOf(cause) ?? cause.message;
  return messageOf(error);
}
