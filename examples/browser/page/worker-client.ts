import type { Answer, Asked, Events, Question, Telling } from '../protocol.ts';

type Listener<Name extends keyof Events> = (value: Events[Name]) => void;

/** The worker as the page sees it: what may be asked of it, and what it tells. */
export class WorkerClient {
  readonly #worker = new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
  readonly #pending = new Map<number, PromiseWithResolvers>();
  readonly #listeners = new Map<keyof Events, ((value: never) => void)[]>();
  #asked = 0;

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Telling>) => this.#hear(data));
  }

  /** Resolves to the answer. */
  ask<Name extends Question>(name: Name, ...args: Asked<Name>): Promise<Answer<Name>> {
    const id = this.#asked++;
    this.#worker.postMessage({ id, name, args });
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
    });
  }

  /** Calls a listener with all that the worker tells under a name. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Name>): void {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
  }

  #hear(telling: Telling): void {
    if (telling.kind === 'event') {
      for (const listener of this.#listeners.get(telling.name) ?? []) {
        listener(telling.value as never);
      }
      return;
    }
    const pending = this.#pending.get(telling.id);
    this.#pending.delete(telling.id);
    if (telling.kind === 'answer') pending?.resolve(telling.value);
    else pending?.reject(Object.assign(new Error(telling.message), { name: telling.name }));
  }
}

interface PromiseWithResolvers {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}
