import { messageOf } from '../../cause.ts';
import { DataError } from '../../errors.ts';

/** What is used of Node's FileHandle. */
interface Handle {
  appendFile(bytes: Uint8Array): Promise<void>;
  datasync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A file that grows by records. They are written in the order in which they were appended, in the
 * background, however long one takes to be made.
 */
export class EventFile {
  readonly path: string;
  private readonly handle: Handle;
  private waiting: (Uint8Array | Promise<Uint8Array>)[] = [];
  private writing: Promise<void> | undefined;
  /** What went wrong first. */
  private failure: unknown;
  /** Whether a write has failed: behind what may be half a record, no reader would find another. */
  private isBroken = false;

  private constructor(path: string, handle: Handle) {
    this.path = path;
    this.handle = handle;
  }

  /**
   * Creates `path`, or `path.1`, … where others exist: two runs never share a file.
   * @throws DataError where it cannot be created.
   */
  static async create(path: string): Promise<EventFile> {
    const { mkdir, open } = await import('node:fs/promises');
    const { dirname } = await import('node:path');
    try {
      await mkdir(dirname(path), { recursive: true });
      for (let i = 0; ; i++) {
        const name = i === 0 ? path : `${path}.${i}`;
        const handle = await open(name, 'wx').catch((error: NodeJS.ErrnoException) => {
          if (error.code !== 'EEXIST') throw error;
        });
        if (handle) return new EventFile(name, handle);
      }
    } catch (cause) {
      throw cannotWrite(path, cause);
    }
  }

  append(record: Uint8Array | Promise<Uint8Array>): void {
    // Its failure is dealt with when its turn comes.
    if (record instanceof Promise) record.catch(() => {});
    this.waiting.push(record);
    this.writing ??= this.write();
  }

  /** Resolves when all that was appended is on the disk. @throws what has gone wrong first. */
  async flush(): Promise<void> {
    await this.writing;
    await this.handle.datasync().catch((cause) => {
      this.failure ??= cannotWrite(this.path, cause);
    });
    if (this.failure !== undefined) throw this.failure;
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.handle.close();
    }
  }

  private async write(): Promise<void> {
    // What the caller appends without waiting is written at once.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const records = this.waiting;
      this.waiting = [];
      const made: Uint8Array[] = [];
      for (const result of await Promise.allSettled(records)) {
        if (result.status === 'fulfilled') made.push(result.value);
        else this.failure ??= result.reason;
      }
      if (this.isBroken) continue;
      await this.handle.appendFile(Buffer.concat(made)).catch((cause) => {
        this.isBroken = true;
        this.failure ??= cannotWrite(this.path, cause);
      });
    }
    this.writing = undefined;
  }
}

function cannotWrite(path: string, cause: unknown): DataError {
  return new DataError(
    `${path} cannot be written: ${messageOf(cause)}. ` +
      'Make room, or choose a folder you may write to.',
    { cause },
  );
}
