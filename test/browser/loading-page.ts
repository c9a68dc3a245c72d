// What the tests call in a page that loads weights and data sets: runs in the browser, bundled.
import { callbacks, data, io, nn, random } from '../../src/index.ts';

function model(seed: number) {
  random.seed(seed);
  return nn.sequential([nn.dense(3), nn.dense(2)]).build([4]);
}
const kernelOf = async (of: ReturnType<typeof model>) => [...(await of.variables[0]!.data())];

/** Weights that are kept in IndexedDB, and given to other models from there and out of a Blob. */
async function weights() {
  const first = model(1);
  const store = await io.openStore('tests');
  await store.set('model', io.encodeSafetensors(await io.weightsOf(first)));
  const bytes = (await store.get('model')) as Uint8Array<ArrayBuffer>;
  const found: number[][] = [await kernelOf(first)];
  for (const source of [bytes, new Blob([bytes])]) {
    const other = model(2);
    await io.loadWeights(source, other);
    found.push(await kernelOf(other));
  }
  const names = await store.names();
  await store.delete('model');
  return { found, names, after: [await store.get('model'), await store.names()] };
}

/** Weights at an address, and how much was told on the way. */
async function weightsAt(address: string) {
  const seen: (number | undefined)[] = [];
  const other = model(2);
  await io.loadWeights(new URL(address, location.href), other, {
    onProgress: (bytes, total) => seen.push(bytes, total),
  });
  return { kernel: await kernelOf(other), seen: seen.slice(-2) };
}

/** MNIST from an address, or from what was kept. */
async function mnist(options: Parameters<typeof data.loadMnist>[0]) {
  const seen: number[] = [];
  const { train, test } = await data.loadMnist({ ...options, onProgress: (n) => seen.push(n) });
  return { labels: [...train.labels, ...test.labels], images: train.images.length, seen };
}

/** CIFAR-10 from an address, or from what was kept; and out of its archive as a Blob. */
async function cifar10(options: Parameters<typeof data.loadCifar10>[0]) {
  const seen: number[] = [];
  const loaded = await data.loadCifar10({ ...options, onProgress: (n) => seen.push(n) });
  return { ...summaryOf(loaded), seen };
}

async function droppedCifar10(address: string) {
  const blob = await (await fetch(address)).blob();
  return summaryOf(await data.readCifar10(new File([blob], 'dropped.tar.gz')));
}

function summaryOf({ train, test, classes, source }: Awaited<ReturnType<typeof data.readCifar10>>) {
  const { count, height, width, channels } = train;
  return {
    labels: [...train.labels, ...test.labels],
    images: [...train.images],
    size: [count, height, width, channels],
    classes,
    source,
  };
}

/** What calls say that take files. */
async function refusals() {
  const said: string[] = [];
  const calls = [
    () => io.saveWeights('w', model(1)),
    () => io.loadWeights('w', model(1)),
    () => io.readSafetensors('w'),
    () => io.writeSafetensors('w', new Map()),
    () => data.readIdxFile('w'),
    async () => callbacks.checkpoint('w'),
    async () => callbacks.csvLog('w'),
    async () => callbacks.jsonLinesLog('w'),
  ];
  for (const call of calls) await call().catch((error: Error) => said.push(error.message));
  return said;
}

Object.assign(globalThis, { weights, weightsAt, mnist, cifar10, droppedCifar10, refusals });
