import { messageOf } from '../../cause.ts';
import { DeviceError } from '../../errors.ts';
import { workerScript } from './worker.ts';

/** A thread of the machine that runs the script of a worker. */
export interface Thread {
  post(message: unknown): void;
  /** Ends the thread, whatever it is doing. */
  end(): void;
}

/** Starts a thread; `died` is told how it ended where it was not asked to. */
export type StartThread = (name: string, died: (how: string) => void) => Promise<Thread>;

/** How long a browser may take to start a worker. */
const START_MS = 10_000;

/** Node's threads come up while the caller goes on. */
export const startNodeThread: StartThread = async (name, died) => {
  const { Worker } = await import('node:worker_threads');
  const script = workerScript(
    "(handle) => require('node:worker_threads').parentPort.on('message', handle)",
  );
  // No options of the process: loaders that it was started with would only cost time.
  const worker = new Worker(script, { eval: true, name, execArgv: [], env: {} });
  worker.on('error', (cause) => died(`threw ${cause}`));
  worker.on('exit', () => died('ended'));
  worker.unref();
  return {
    post: (message) => worker.postMessage(message),
    end: () => void worker.terminate(),
  };
};

/**
 * A Web Worker from a blob: unlike a URL it needs no file beside the bundle, and so no bundler that
 * copies one. Browsers do not tell when a worker has gone; but it holds a lock for as long as it
 * lives, and who waits for that lock knows.
 * @throws DeviceError where the page may not start it
 */
export const startWebThread: StartThread = async (name, died) => {
  const lock = `${name} ${crypto.randomUUID()}`;
  const script = workerScript(`(handle) => {
    onmessage = ({ data }) => handle(data);
    navigator.locks.request(${JSON.stringify(lock)}, () => {
      postMessage('started');
      return new Promise(() => {});
    });
  }`);
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  let worker: Worker | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const started = new Worker(url, { name });
    worker = started;
    await new Promise<void>((resolve, reject) => {
      started.onmessage = () => resolve();
      started.onerror = ({ message }) => reject(new Error(message || 'it may not be loaded'));
      timer = setTimeout(() => reject(new Error('it does not answer')), START_MS);
    });
    started.onerror = ({ message }) => died(`threw ${message}`);
    // Where the lock is refused (the page is being left) nobody needs to know.
    navigator.locks.request(lock, () => died('ended')).catch(() => {});
    return {
      post: (message) => started.postMessage(message),
      end: () => started.terminate(),
    };
  } catch (cause) {
    worker?.terminate();
    throw new DeviceError(`A worker could not be started: ${messageOf(cause)}`, { cause });
  } finally {
    clearTimeout(timer);
    URL.revokeObjectURL(url);
  }
};
