import { codeOf, messageOf } from '../../cause.ts';
import { DataError } from '../../errors.ts';
import { abandoned, unfinishedName } from '../../files/unfinished.ts';

/**
 * Files that could not be had: no network, no mirror with the right bytes, or no place to keep
 * them. Whoever has something else to offer catches this one and lets other errors pass.
 */
export class DownloadError extends DataError {
  override readonly name: string = 'DownloadError';
}

/**
 * What there is of a file that is being downloaded: `<name>.part` while nobody writes it, under a
 * name of its own (`unfinishedName`) while a program does, so that two never write one file. Every
 * method throws `DownloadError` where the folder cannot take the file.
 */
export class PartialFile {
  private readonly folder: string;
  private readonly name: string;
  private readonly own: string;

  private constructor(folder: string, name: string, own: string) {
    this.folder = folder;
    this.name = name;
    this.own = own;
  }

  /** Takes over what earlier tries have left: the longest of them, if there are several. */
  static async claim(folder: string, name: string): Promise<PartialFile> {
    const { rename, rm, stat } = await import('node:fs/promises');
    const { join } = await import('node:path');
    const own = await unfinishedName(join(folder, name));
    const part = new PartialFile(folder, name, own);
    const size = (path: string) => stat(path).then(({ size }) => size);
    const left = [join(folder, `${name}.part`), ...(await abandoned(folder, name))];
    await part.kept(async () => {
      for (const path of left) {
        try {
          if ((await size(path)) > (await part.size())) await rename(path, own);
          else await rm(path);
        } catch (error) {
          // There is none, or another program was first to take it.
          if (codeOf(error) !== 'ENOENT') throw error;
        }
      }
    });
    return part;
  }

  /** Leaves what there is to the next try. */
  async release(): Promise<void> {
    const { rename } = await import('node:fs/promises');
    const { join } = await import('node:path');
    // Nothing is there after `finish` or before the first byte.
    await rename(this.own, join(this.folder, `${this.name}.part`)).catch(() => {});
  }

  /** In bytes, 0 where nothing is there yet. */
  async size(): Promise<number> {
    const { stat } = await import('node:fs/promises');
    return stat(this.own).then(
      ({ size }) => size,
      () => 0,
    );
  }

  /** Writes what `fill` appends from byte `start` on, and drops what lies behind if it succeeds. */
  async write(
    start: number,
    fill: (append: (bytes: Uint8Array) => Promise<void>) => Promise<void>,
  ): Promise<void> {
    const { constants, mkdir, open } = await import('node:fs/promises');
    const handle = await this.kept(async () => {
      await mkdir(this.folder, { recursive: true });
      return open(this.own, constants.O_WRONLY | constants.O_CREAT);
    });
    try {
      let at = start;
      await fill((bytes) =>
        this.kept(async () => {
          for (let done = 0; done < bytes.length; ) {
            const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at);
            done += bytesWritten;
            at += bytesWritten;
          }
        }),
      );
      await this.kept(() => handle.truncate(at));
    } finally {
      await handle.close();
    }
  }

  /** The checksum of what is there, in lower-case hex digits. */
  async md5(): Promise<string> {
    const { createHash } = await import('node:crypto');
    const { createReadStream } = await import('node:fs');
    const hash = createHash('md5');
    return this.kept(async () => {
      for await (const chunk of createReadStream(this.own)) hash.update(chunk);
      return hash.digest('hex');
    });
  }

  async remove(): Promise<void> {
    const { rm } = await import('node:fs/promises');
    await this.kept(() => rm(this.own, { force: true }));
  }

  /** Gives the file its name. */
  async finish(): Promise<void> {
    const { rename } = await import('node:fs/promises');
    const { join } = await import('node:path');
    await this.kept(() => rename(this.own, join(this.folder, this.name)));
  }

  private async kept<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new DownloadError(
        `${this.name} cannot be kept in ${this.folder}: ${messageOf(cause)}. ` +
          'Make room or name another folder in XDG_CACHE_HOME.',
        { cause },
      );
    }
  }
}
