// What the tests call in a page, or in a worker of a page: runs in the browser, bundled.
import {
  closeDevice,
  DeviceLostError,
  openDevice,
  openWasm,
  setDevice,
  tensor,
} from '../../src/index.ts';
import { train } from './training.ts';

/** What a browser found out; numbers and texts only, so that it can be handed out. */
export interface Findings {
  readonly name: string;
  readonly reason: string;
  /** A · Aᵀ of a large matrix against sums made in double; the largest relative error. */
  readonly error: number;
  readonly losses: number[];
}

/** How training ends when workers do. */
export interface Loss {
  readonly ended: number;
  /** Whether the error is a DeviceLostError. */
  readonly isTyped: boolean;
  readonly message: string;
}

/** Computes a product of matrices and trains, on one kind of device. */
async function compute(kind: 'wasm' | 'webgpu'): Promise<Findings> {
  const { device, reason } = await openDevice(kind);
  await setDevice(device);
  try {
    return { name: device.name, reason, error: await productError(), losses: await train() };
  } finally {
    closeDevice();
  }
}

async function productError(): Promise<number> {
  const [rows, columns] = [301, 203];
  const values = Float32Array.from({ length: rows * columns }, (_, i) => ((i * 37) % 101) / 101);
  const a = tensor(values, [rows, columns]);
  const product = await a.matMul(a.transpose()).data();
  let largest = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) {
      let sum = 0;
      for (let k = 0; k < columns; k++) {
        sum += (values[i * columns + k] as number) * (values[j * columns + k] as number);
      }
      const error = Math.abs((product[i * rows + j] as number) - sum) / sum;
      largest = Math.max(largest, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);
    }
  }
  return largest;
}

/** The same in a worker that the page starts. */
function computeInWorker(): Promise<Findings> {
  const worker = new Worker(import.meta.url, { type: 'module', name: 'host' });
  return new Promise<Findings>((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  }).finally(() => worker.terminate());
}

/** Ends the device's workers while it trains, as a system without memory would. */
async function loseWorkers(): Promise<Loss> {
  const workers: Worker[] = [];
  const Original = globalThis.Worker;
  globalThis.Worker = class extends Original {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      workers.push(this);
    }
  };
  try {
    await setDevice(await openWasm({ threads: 3 }));
  } finally {
    globalThis.Worker = Original;
  }
  try {
    await train();
    for (const worker of workers) worker.terminate();
    // The browser takes its time to end a worker, and training goes on until it has.
    for (;;) await train();
  } catch (error) {
    const { message } = error as Error;
    return { ended: workers.length, isTyped: error instanceof DeviceLostError, message };
  } finally {
    closeDevice();
  }
}

if ('document' in globalThis) {
  Object.assign(globalThis, { compute, computeInWorker, loseWorkers });
} else {
  compute('wasm').then(postMessage, (error) => {
    setTimeout(() => {
      throw error;
    });
  });
}
