import type { Settings } from '../settings/settings.ts';

/** What a tab that the browser puts away leaves behind. */
interface Kept {
  readonly settings: Settings;
  readonly weights: Blob;
}

const [DATABASE, STORE, KEY] = ['wgrad-playground', 'kept', 'last'];

/** Keeps settings and weights in the browser. */
export async function keep(kept: Kept): Promise<void> {
  await inStore('readwrite', (store) => store.put(kept, KEY));
}

/** What was kept, where the browser has put this tab away since. */
export async function afterSleep(): Promise<Kept | undefined> {
  const wasDiscarded = 'wasDiscarded' in document && document.wasDiscarded;
  return wasDiscarded
    ? await inStore<Kept | undefined>('readonly', (store) => store.get(KEY))
    : undefined;
}

async function inStore<T>(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest,
): Promise<T> {
  const opening = indexedDB.open(DATABASE);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database: IDBDatabase = await resultOf(opening);
  try {
    return await resultOf(ask(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

function resultOf<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
