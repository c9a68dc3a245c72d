// `Worker` as in browsers, on Node's: enough for a library that starts one from a Blob.
import { resolveObjectURL } from 'node:buffer';
import { Worker as NodeWorker } from 'node:worker_threads';

/** The script comes as the first message, the library's messages after it. */
const prelude = `
const { parentPort } = require('node:worker_threads');
globalThis.self = globalThis;
globalThis.postMessage = (data) => parentPort.postMessage(data);
parentPort.once('message', (script) => {
  parentPort.on('message', (data) => self.onmessage({ data }));
  (0, eval)(script);
});`;

class WebWorker {
  onmessage: ((event: { data: unknown }) => void) | undefined;
  onerror: ((error: Error) => void) | undefined;
  private readonly worker = new NodeWorker(prelude, { eval: true });
  private early: unknown[] | undefined = [];

  constructor(url: string) {
    this.worker.on('message', (data) => this.onmessage?.({ data }));
    this.worker.on('error', (error) => this.onerror?.(error));
    // Found now: the address may be revoked before the text is there.
    const script = resolveObjectURL(url);
    if (script === undefined) throw new Error(`${url} is not a Blob of this process`);
    script.text().then((text) => {
      for (const message of [text, ...(this.early ?? [])]) this.worker.postMessage(message);
      this.early = undefined;
    });
  }

  postMessage(message: unknown): void {
    if (this.early === undefined) this.worker.postMessage(message);
    else this.early.push(message);
  }
}

export function installWebWorker(): void {
  Object.defineProperty(globalThis, 'Worker', { value: WebWorker, configurable: true });
}
