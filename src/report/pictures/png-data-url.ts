import { ShapeError } from '../../errors.ts';
import { loadPackage } from '../../optional-package.ts';

/** An image as bytes: `pixels` has shape [height, width, channels], 1 channel for grey, 3 for RGB. */
export interface Pixels {
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
}

/** Whether a text is what `pngDataUrl` returns, and neither an address nor markup. */
export function isPngDataUrl(text: string): boolean {
  return /^data:image\/png;base64,[A-Za-z0-9+/]+=*$/.test(text);
}

/**
 * An image as `data:image/png;base64,…`, for `sampleGrid`, JSON files and pages.
 *
 * @throws ShapeError where the pixels are not height × width × channels
 * @throws MissingPackageError without the package sharp
 */
export async function pngDataUrl({ pixels, height, width, channels }: Pixels): Promise<string> {
  if (pixels.length !== height * width * channels) {
    throw new ShapeError(
      `pngDataUrl: ${pixels.length} bytes for an image of shape [${height}, ${width}, ${channels}].`,
    );
  }
  const { default: sharp } = await loadPackage('sharp', 'to write PNG', () => import('sharp'));
  const image = sharp(pixels, { raw: { width, height, channels } });
  // Without this sharp writes a grey image as RGB.
  const png = await (channels === 1 ? image.toColourspace('b-w') : image).png().toBuffer();
  return `data:image/png;base64,${png.toString('base64')}`;
}
