import { requireOptions, requireWhole } from '../../arguments.ts';
import { DataError } from '../../errors.ts';
import {
  type ByteSource,
  nameOfSource,
  type ReadOptions,
  unpacked,
} from '../../files/byte-source.ts';
import type { LabelledImages } from '../labelled-images.ts';
import { type IdxArray, readIdx } from './idx.ts';
import { sourceBytes } from './source-bytes.ts';

/** The most that a file unpacks to. */
const MOST_BYTES = 2 ** 28;

export interface IdxImagesOptions extends ReadOptions {
  /** How many classes there are; labels are below. Default 256. */
  readonly classes?: number;
}

/** An idx array, and what it is called in errors. */
export interface NamedIdx {
  readonly name: string;
  readonly array: IdxArray;
}

/**
 * Labelled images out of two idx files as MNIST's are, gzip-compressed or not: from addresses, from Blobs
 * such as the files that somebody drops on a page, or from bytes. Progress counts both.
 * @throws DataError where one cannot be had, is corrupt, or they do not belong together.
 * @throws ArgumentError where an option is not known, or `classes` no whole number from 1 to 256.
 */
export async function readIdxImages(
  images: ByteSource,
  labels: ByteSource,
  options: IdxImagesOptions = {},
): Promise<LabelledImages> {
  requireOptions('readIdxImages', options, ['classes', 'onProgress', 'signal']);
  const { classes = 256, onProgress, signal } = options;
  requireWhole('readIdxImages', { classes }, { from: 1, to: 256 });
  const small = await sourceBytes(labels, { signal });
  const both = (bytes: number, total: number | undefined) =>
    onProgress?.(small.length + bytes, total === undefined ? undefined : small.length + total);
  const large = await sourceBytes(images, { signal, onProgress: both });
  return pairedImages(await idxOf(large, images), await idxOf(small, labels), classes);
}

async function idxOf(bytes: Uint8Array, source: ByteSource): Promise<NamedIdx> {
  const name = nameOfSource(source);
  return { name, array: readIdx(await unpacked(bytes, name, MOST_BYTES), name) };
}

/** Images with their labels. @throws DataError where they do not belong together. */
export function pairedImages(images: NamedIdx, labels: NamedIdx, classes: number): LabelledImages {
  const [count, height, width] = images.array.shape;
  if (images.array.shape.length !== 3 || !count || !height || !width) {
    throw new DataError(
      `${images.name} does not hold images: expected count x height x width, none of them 0, ` +
        `found ${images.array.shape.join(' x ')}. Check that images and labels were not swapped.`,
    );
  }
  if (labels.array.shape.length !== 1) {
    throw new DataError(
      `${labels.name} does not hold labels: expected one dimension, found ${labels.array.shape.join(' x ')}. ` +
        'Check that images and labels were not swapped.',
    );
  }
  if (labels.array.shape[0] !== count) {
    throw new DataError(
      `${images.name} has ${count} images but ${labels.name} has ${labels.array.shape[0]} labels. ` +
        'Put back the files that belong together.',
    );
  }
  const wrong = labels.array.values.findIndex((label) => label >= classes);
  if (wrong !== -1) {
    throw new DataError(
      `${labels.name} has label ${labels.array.values[wrong]} at position ${wrong}; ` +
        `labels go from 0 to ${classes - 1}. Put back the file that belongs there.`,
    );
  }
  const { values } = images.array;
  return { images: values, labels: labels.array.values, count, height, width, channels: 1 };
}
