import { DataError } from '../errors.ts';

/**
 * Files that could not be had: no network, no mirror with the right bytes, or no place to keep
 * them. Whoever has something else to offer catches this one and lets other errors pass.
 */
export class DownloadError extends DataError {}

/**
 * What there is of a file that is being downloaded: `<name>.part`, renamed when it is whole. Two
 * programs may write it at a time: both write the same bytes to the same places. Every method
 * throws `DownloadError` where the folder cannot take the file.
 */
export class PartialFile {
  private readonly name: string;
  private readonly folder: string;
  private readonly path: string;
  private readonly whole: string;

  private constructor(folder: string, name: string, path: string, whole: string) {
    this.name = name;
    this.folder = folder;
    this.path = path;
    this.whole = whole;
  }

  static async in(folder: string, name: string): Promise<PartialFile> {
    const { join } = await import('node:path');
    return new PartialFile(folder, name, join(folder, `${name}.part`), join(folder, name));
  }

  /** In bytes, 0 where nothing is there yet. */
  async size(): Promise<number> {
    const { stat } = await import('node:fs/promises');
    return stat(this.path).then(
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
      // Not emptied: another program may be further on.
      return open(this.path, constants.O_WRONLY | constants.O_CREAT);
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
    const { createReadStream, existsSync } = await import('node:fs');
    const hash = createHash('md5');
    // The other program may have been first to give it its name.
    const path = existsSync(this.path) ? this.path : this.whole;
    return this.kept(async () => {
      for await (const chunk of createReadStream(path)) hash.update(chunk);
      return hash.digest('hex');
    });
  }

  async remove(): Promise<void> {
    const { rm } = await import('node:fs/promises');
    await this.kept(() => rm(this.path, { force: true }));
  }

  /** Gives the file its name. */
  async finish(): Promise<void> {
    const { access, rename, rm } = await import('node:fs/promises');
    try {
      await this.kept(async () => {
        await rename(this.path, this.whole).catch(async (error) => {
          if (error.code !== 'ENOENT') throw error;
          await access(this.whole); // the other program has given it
        });
      });
    } catch (error) {
      await rm(this.path, { force: true }).catch(() => {});
      throw error;
    }
  }

  private async kept<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw new DownloadError(
        `${this.name} cannot be kept in ${this.folder}: ${(cause as Error).message}. ` +
          'Make room or name another folder in XDG_CACHE_HOME.',
        { cause },
      );
    }
  }
}
