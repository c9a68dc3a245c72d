import { DataError } from '../../errors.ts';
import { REMEDY } from '../files/maybe-gzip.ts';
import type { LabelledImages } from '../labelled-images.ts';

/** What the classes 0 … 9 of CIFAR-10 show. */
export const CIFAR10_CLASSES = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const;

const SIDE = 32;
const CHANNELS = 3;
const PLANE = SIDE * SIDE;
const RECORD = 1 + CHANNELS * PLANE;

/**
 * Reads the binary format of CIFAR-10: records of a label's byte, then a plane of 32 x 32 bytes
 * each for red, green and blue. The images of all files, with the channels last.
 *
 * @throws DataError where a file is not made of whole records, or has a label above 9.
 */
export function readCifarRecords(
  files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
): LabelledImages {
  const count = files.reduce((sum, file) => sum + recordsOf(file), 0);
  const images = new Uint8Array(count * CHANNELS * PLANE);
  const labels = new Uint8Array(count);
  let record = 0;
  let to = 0;
  for (const { name, bytes } of files) {
    for (let from = 0; from < bytes.length; from += RECORD) {
      const label = bytes[from] as number;
      if (label >= CIFAR10_CLASSES.length) {
        throw new DataError(
          `${name} has label ${label} in record ${from / RECORD}; labels go from 0 to 9. ${REMEDY}`,
        );
      }
      labels[record++] = label;
      for (let pixel = from + 1; pixel <= from + PLANE; pixel++) {
        for (let channel = 0; channel < CHANNELS; channel++) {
          images[to++] = bytes[pixel + channel * PLANE] as number;
        }
      }
    }
  }
  return { images, labels, count, height: SIDE, width: SIDE, channels: CHANNELS };
}

function recordsOf({ name, bytes }: { readonly name: string; readonly bytes: Uint8Array }): number {
  if (bytes.length > 0 && bytes.length % RECORD === 0) return bytes.length / RECORD;
  throw new DataError(
    `${name} is no file of CIFAR-10's binary version, or truncated: records have ${RECORD} bytes, ` +
      `which do not divide its ${bytes.length}. ${REMEDY}`,
  );
}
