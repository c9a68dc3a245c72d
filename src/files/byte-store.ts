import { requireInstance, requireText } from '../arguments.ts';
import { messageOf } from '../cause.ts';
import { FileError } from '../errors.ts';

const STORE = 'bytes';

/** Bytes by name in a browser's IndexedDB: they stay when the page is closed. */
export class ByteStore {
  private readonly database: IDBDatabase;

  /** @internal */
  constructor(database: IDBDatabase) {
    this.database = database;
  }

  /** The bytes of a name; undefined where there are none. @throws FileError where the browser fails. */
  async get(name: string): Promise<Uint8Array | undefined> {
    requireText('store.get', 'name', name);
    return this.ask('readonly', (all) => all.get(name));
  }

  /** Keeps bytes under a name, in place of what was there. @throws FileError where there is no room. */
  async set(name: string, bytes: Uint8Array): Promise<void> {
    requireText('store.set', 'name', name);
    requireInstance('store.set', 'bytes', bytes, Uint8Array);
    await this.ask('readwrite', (all) => all.put(bytes, name));
  }

  /** Forgets a name. */
  async delete(name: string): Promise<void> {
    requireText('store.delete', 'name', name);
    await this.ask('readwrite', (all) => all.delete(name));
  }

  /** The names there are, in alphabetical order. */
  async names(): Promise<string[]> {
    return (await this.ask('readonly', (all) => all.getAllKeys())).map(String);
  }

  /** Lets go of the database. */
  close(): void {
    this.database.close();
  }

  private ask<T>(mode: IDBTransactionMode, what: (all: IDBObjectStore) => IDBRequest<T>) {
    return new Promise<T>((resolve, reject) => {
      const transaction = this.database.transaction(STORE, mode);
      const request = what(transaction.objectStore(STORE));
      const fail = () => reject(refused(this.database.name, transaction.error ?? request.error));
      // Only then is it there for good: a request may succeed and its transaction have no room.
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = fail;
      transaction.onerror = fail;
    });
  }
}

/**
 * Opens a store of bytes in the browser's IndexedDB, made where there is none: for weights, data sets and
 * whatever a page is to find again. Each site (origin) has its own.
 * @throws FileError where there is no IndexedDB, as in Node, or the browser refuses it.
 */
export async function openStore(name = 'wgrad'): Promise<ByteStore> {
  requireText('openStore', 'name', name);
  if (globalThis.indexedDB === undefined) {
    throw new FileError(
      'openStore: there is no IndexedDB here, which browsers have. In Node use files: saveWeights, writeSafetensors.',
    );
  }
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(new ByteStore(request.result));
    request.onerror = () => reject(refused(name, request.error));
  });
}

function refused(name: string, cause: unknown): FileError {
  return new FileError(
    `The browser's store '${name}' failed: ${messageOf(cause)}. It may be full, or forbidden in private windows.`,
    { cause },
  );
}
