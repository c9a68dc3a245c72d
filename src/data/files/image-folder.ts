import { requireOptions, requireText, requireWhole } from '../../arguments.ts';
import { messageOf, shortened } from '../../cause.ts';
import { ArgumentError, DataError } from '../../errors.ts';
import { readRegularFile } from '../../files/regular-file.ts';
import { loadPackage } from '../../optional-package.ts';
import { owning, tensor } from '../../tensor/ops/creation.ts';
import type { Source } from '../pipeline/batch.ts';
import { picturesByClass } from './class-folders.ts';
import { LabelledDataset } from './labelled-dataset.ts';

export interface ImageFolderOptions {
  /** What every picture is resized to, in pixels; its sides may change their ratio. */
  readonly height: number;
  readonly width: number;
  /** 3 for RGB (default), 1 for grey. Transparent parts become black. */
  readonly channels?: 1 | 3;
}

/**
 * Pictures in one subfolder for each class, at any depth, as a data set: inputs f32 [count, height,
 * width, channels] in 0 … 1, from 8 bits a channel (of 16 the upper ones), targets i32 [count].
 * Classes are numbered in the order of the subfolders' names, by code units. Links are followed.
 * Hidden and systems' own folders (`.git`, `__MACOSX`, `@eaDir`, `$RECYCLE.BIN`), hidden files and
 * those whose names are no picture's are passed over. Pictures are decoded when they are asked for:
 * `prefetch` keeps that going while the device works, `cache` does it once. Needs the package sharp.
 * Node only.
 *
 * @throws DataError where a folder has no subfolders, a subfolder has no pictures, a link leads
 * nowhere or in a circle, a picture is no file, or, when its batch is made, a picture cannot be
 * decoded; MissingPackageError where sharp is missing.
 */
export async function imageFolder(
  folder: string,
  options: ImageFolderOptions,
): Promise<LabelledDataset> {
  requireOptions('imageFolder', options, ['height', 'width', 'channels']);
  const { height, width, channels = 3 } = options;
  requireText('imageFolder', 'folder', folder);
  requireWhole('imageFolder', { height, width }, { from: 1 });
  if (channels !== 1 && channels !== 3) {
    throw new ArgumentError(`imageFolder: channels must be 1 or 3, not ${channels}.`);
  }
  const { default: sharp } = await loadPackage('sharp', 'to read pictures', () => import('sharp'));
  const { classes, pictures: files } = await picturesByClass(folder);
  const decoded = async (path: string) => {
    try {
      // Read here, since sharp would wait for ever for a pipe that has taken a picture's place.
      return await sharp(await readRegularFile(path))
        .rotate() // as the camera says it was held
        .flatten()
        .resize(width, height, { fit: 'fill' })
        .toColourspace(channels === 1 ? 'b-w' : 'srgb')
        .raw()
        .toBuffer();
    } catch (cause) {
      throw new DataError(
        `${path} cannot be read as a picture: ${shortened(messageOf(cause), 500)}. Replace or remove it.`,
        { cause },
      );
    }
  };
  const get: Source['get'] = async (indices) => {
    const size = height * width * channels;
    const pixels = new Uint8Array(indices.length * size);
    // A picture that is asked for several times is decoded once.
    const pictures = new Map<number, Promise<Uint8Array>>();
    for (const index of indices) {
      if (!pictures.has(index)) pictures.set(index, decoded(files[index]?.path as string));
    }
    await Promise.all(pictures.values());
    for (const [at, index] of indices.entries()) {
      pixels.set((await pictures.get(index)) as Uint8Array, at * size);
    }
    return {
      inputs: owning(pixels, [indices.length, height, width, channels], 'u8').cast('f32').div(255),
      targets: tensor(
        indices.map((index) => files[index]?.label as number),
        [indices.length],
      ),
      count: indices.length,
    };
  };
  return new LabelledDataset({ count: files.length, get }, classes);
}
