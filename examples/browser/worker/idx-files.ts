import { data } from 'wgrad';
import { IMAGE_SHAPE } from '../../mnist/models.ts';

const CLASSES = 10;
/** Of one pair of files alone, what is kept for testing. */
const TEST_SHARE = 1 / 6;

/** The bytes of a file, unpacked where they are gzip's, which its first bytes tell. */
export async function unpacked(file: Blob): Promise<Uint8Array> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const isPacked = first === 0x1f && second === 0x8b;
  const stream = isPacked
    ? file.stream().pipeThrough(new DecompressionStream('gzip'))
    : file.stream();
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * Makes a data set of idx files in any order: images and labels to train on, and perhaps to test on.
 * @throws DataError where a file is damaged, Error where they do not belong together
 */
export async function readIdxFiles(files: readonly File[]): Promise<data.ImageDataset> {
  const arrays = await Promise.all(
    files.map(async (file) => data.readIdx(await unpacked(file), file.name)),
  );
  const pairs = arrays
    .filter(({ shape }) => shape.length === 3)
    .map((images) => pair(images, arrays));
  const [train, test] = pairs.sort((a, b) => b.count - a.count);
  if (!train)
    throw new Error(`No file of images is among ${files.map(({ name }) => name).join(', ')}.`);
  const source = files.map(({ name }) => name).join(', ');
  const kept = Math.ceil(train.count * TEST_SHARE);
  return {
    train: test ? train : part(train, 0, train.count - kept),
    test: test ?? part(train, train.count - kept, train.count),
    classes: CLASSES,
    source,
  };
}

function pair(images: data.IdxArray, all: readonly data.IdxArray[]): data.LabelledImages {
  const [count = 0, height, width] = images.shape;
  if (height !== IMAGE_SHAPE[0] || width !== IMAGE_SHAPE[1]) {
    throw new Error(
      `The images are ${height} × ${width}; they must be ${IMAGE_SHAPE[0]} × ${IMAGE_SHAPE[1]}.`,
    );
  }
  const labels = all.find(({ shape }) => shape.length === 1 && shape[0] === count);
  if (!labels) throw new Error(`There is no file of ${count} labels for the ${count} images.`);
  const largest = labels.values.reduce((most, label) => Math.max(most, label), 0);
  if (largest >= CLASSES) throw new Error(`There is a label ${largest}; they must be from 0 to 9.`);
  return { images: images.values, labels: labels.values, count, height, width, channels: 1 };
}

function part(whole: data.LabelledImages, from: number, to: number): data.LabelledImages {
  const size = whole.height * whole.width;
  return {
    ...whole,
    images: whole.images.subarray(from * size, to * size),
    labels: whole.labels.subarray(from, to),
    count: to - from,
  };
}
