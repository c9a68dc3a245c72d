import { ShapeError } from '../../errors.ts';
import { loadPackage } from '../../optional-package.ts';

/** An image of 8-bit channels: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA. */
export interface EventImage {
  /** [height, width, channels], row-major, not premultiplied. */
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** @throws ShapeError where the pixels are not height × width × channels. */
export function checkImage(tag: string, { pixels, height, width, channels }: EventImage): void {
  const areSizes = [height, width].every((size) => Number.isInteger(size) && size > 0);
  const isImage = areSizes && [1, 2, 3, 4].includes(channels);
  if (isImage && pixels.length === height * width * channels) return;
  throw new ShapeError(
    `Image '${tag}': ${pixels.length} bytes are no image of height ${height}, width ${width} and ` +
      `${channels} channels. Give 1 to 4 channels of one byte for each pixel.`,
  );
}

/** The image as a PNG file, without loss. */
export async function encodePng(image: EventImage): Promise<Uint8Array> {
  const { default: sharp } = await loadPackage(
    'sharp',
    'to write images for TensorBoard',
    () => import('sharp'),
  );
  const { pixels, height, width } = image;
  const channels = image.channels as 1 | 2 | 3 | 4;
  const raw = sharp(pixels, { raw: { width, height, channels } });
  // Else grey comes out as RGB.
  return (channels < 3 ? raw.toColourspace('b-w') : raw).png().toBuffer();
}
