/** Of MNIST's images, and of the box that a digit fills there. */
export const SIDE = 28;
const BOX = 20;
/** What a pen leaves at its edges says nothing of where a drawing ends. */
const FAINT = 16;

/** A picture of one number a pixel: 0 paper, 255 ink. */
export interface Ink {
  readonly width: number;
  readonly height: number;
  readonly values: ArrayLike<number>;
}

interface Extent {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** The centre of mass. */
  readonly x: number;
  readonly y: number;
}

/**
 * A drawing as MNIST's images are made: its longer side scaled to 20 pixels, its centre of mass in the
 * middle of 28 × 28, each pixel the mean of what it covers. Undefined where nothing is drawn.
 *
 * Source: LeCun et al., "Gradient-based learning applied to document recognition", 1998, section III.
 */
export function centredDigit(ink: Ink): Uint8Array | undefined {
  const extent = extentOf(ink);
  if (!extent) return undefined;
  const size = Math.max(extent.right - extent.left, extent.bottom - extent.top);
  /** How many pixels of the drawing are one of the image. */
  const scale = size / BOX;
  const left = middle(extent.x, extent.left, extent.right, scale);
  const top = middle(extent.y, extent.top, extent.bottom, scale);
  return Uint8Array.from({ length: SIDE * SIDE }, (_, at) => {
    const [column, row] = [at % SIDE, Math.floor(at / SIDE)];
    return meanOver(ink, left + column * scale, top + row * scale, scale);
  });
}

/** Where the image begins, so that the mass is in its middle and nothing is cut off. */
function middle(mass: number, from: number, to: number, scale: number): number {
  const begin = mass - (SIDE / 2) * scale;
  return Math.min(from, Math.max(to - SIDE * scale, begin));
}

function extentOf({ width, height, values }: Ink): Extent | undefined {
  let [left, right, top, bottom] = [width, 0, height, 0];
  let [mass, massX, massY] = [0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = values[y * width + x] ?? 0;
      if (value < FAINT) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
      mass += value;
      massX += value * (x + 0.5);
      massY += value * (y + 0.5);
    }
  }
  return mass > 0 ? { left, right, top, bottom, x: massX / mass, y: massY / mass } : undefined;
}

/** The mean over a square, whose edges take their part of the pixels that they cut. */
function meanOver({ width, height, values }: Ink, left: number, top: number, size: number): number {
  let sum = 0;
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, top + size); y++) {
    const tall = Math.min(y + 1, top + size) - Math.max(y, top);
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, left + size); x++) {
      const wide = Math.min(x + 1, left + size) - Math.max(x, left);
      sum += tall * wide * (values[y * width + x] ?? 0);
    }
  }
  return Math.round(sum / (size * size));
}
