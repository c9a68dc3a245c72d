import { requireOptions, requireWhole } from '../../arguments.ts';
import { DataError } from '../../errors.ts';
import { RandomStream } from '../../tensor/random/stream.ts';
import type { ImageDataset, LabelledImages } from '../labelled-images.ts';
import { DIGIT_GLYPHS, type Glyph, type Stroke } from './digit-strokes.ts';

const SIZE = 28;
const CLASSES = DIGIT_GLYPHS.length;
/** Line pieces that stand for the curve between two pen points. */
const PIECES = 6;
/** The random streams of the two halves: no image of one is in the other. */
const STREAMS = { train: 2, test: 3 };

/**
 * Handwritten-like digits, 28 x 28 u8, for machines that cannot get MNIST: pen strokes with random
 * wobble, slant, rotation, proportions, size, place and thickness. The same seed gives the same
 * bytes on every platform, and image `i` does not depend on how many are asked for. About 30 µs
 * an image.
 *
 * @throws DataError where a count is no whole number from 0 or the seed no safe integer.
 */
export function syntheticDigits(options: {
  train: number;
  test: number;
  seed: number;
}): ImageDataset {
  requireOptions('syntheticDigits', options, ['train', 'test', 'seed']);
  if (options.seed === undefined) requireWhole('syntheticDigits', { seed: options.seed });
  return {
    train: draw(options.train, options.seed, 'train'),
    test: draw(options.test, options.seed, 'test'),
    classes: CLASSES,
    source: `synthetic digits (seed ${options.seed})`,
  };
}

function draw(count: number, seed: number, half: 'train' | 'test'): LabelledImages {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new DataError(
      `syntheticDigits: ${half} must be a whole number of images from 0, not ${count}.`,
    );
  }
  const images = new Uint8Array(count * SIZE * SIZE);
  const labels = new Uint8Array(count);
  for (let item = 0; item < count; item++) {
    const random = new RandomStream(seed, STREAMS[half], item);
    const digit = random.below(CLASSES);
    labels[item] = digit;
    const ways = DIGIT_GLYPHS[digit]!;
    const lines = write(ways[random.below(ways.length)]!, random);
    const pen = random.uniform(0.7, 1.8);
    fit(lines, pen, random);
    ink(lines, pen, images.subarray(item * SIZE * SIZE, (item + 1) * SIZE * SIZE), random);
  }
  return { images, labels, count, height: SIZE, width: SIZE, channels: 1 };
}

/** Where the pen is, moved in place as the drawing is. */
type Point = [x: number, y: number];
/** What the pen draws without being lifted. */
type Line = Point[];

/**
 * A glyph as one hand writes it, of any size and anywhere. Only + - * / and square roots, which
 * every platform rounds alike: angles are given by the tangent of their half, curves are cubic
 * polynomials.
 */
function write(glyph: Glyph, random: RandomStream): Line[] {
  const sloppiness = random.uniform(0.015, 0.05);
  const lines = glyph.map((stroke) => curve(wobble(stroke, sloppiness, random)));
  const halfTangent = random.bell(0.06);
  const cosine = (1 - halfTangent * halfTangent) / (1 + halfTangent * halfTangent);
  const sine = (2 * halfTangent) / (1 + halfTangent * halfTangent);
  // Most people lean their digits to the right.
  const slant = 0.1 + random.bell(0.18);
  const breadth = random.uniform(0.75, 1.25);
  const bend = random.bell(0.15);
  const squash = random.bell(0.12);
  for (const line of lines) {
    for (const point of line) {
      const down = point[1] - 0.5;
      const x = (point[0] - 0.35) * breadth - slant * down + bend * (down * down - 0.1);
      const y = down + squash * (down * down - 0.25);
      point[0] = cosine * x - sine * y;
      point[1] = sine * x + cosine * y;
    }
  }
  return lines;
}

function wobble(stroke: Stroke, deviation: number, random: RandomStream): Stroke {
  return stroke.map(([x, y, corner]) => {
    const moved = [x + random.bell(deviation), y + random.bell(deviation)] as const;
    return corner === undefined ? moved : [...moved, corner];
  });
}

/** The smooth line through the points (Catmull-Rom), which breaks off its tangent at corners. */
function curve(stroke: Stroke): Line {
  const line: Line = [];
  for (const [at, to] of stroke.entries()) {
    const from = stroke[at - 1];
    if (!from) {
      line.push([to[0], to[1]]);
      continue;
    }
    const before = from[2] === 'corner' ? from : (stroke[at - 2] ?? from);
    const after = to[2] === 'corner' ? to : (stroke[at + 1] ?? to);
    for (let piece = 1; piece <= PIECES; piece++) {
      const t = piece / PIECES;
      line.push([
        between(before[0], from[0], to[0], after[0], t),
        between(before[1], from[1], to[1], after[1], t),
      ]);
    }
  }
  return line;
}

function between(before: number, from: number, to: number, after: number, t: number): number {
  const leaving = (to - before) / 2;
  const arriving = (after - from) / 2;
  const quadratic = 3 * (to - from) - 2 * leaving - arriving;
  const cubic = 2 * (from - to) + leaving + arriving;
  return from + t * (leaving + t * (quadratic + t * cubic));
}

/**
 * Scales the drawing, with the pen's breadth, to about 20 pixels and puts it near the middle, as
 * MNIST's makers did.
 */
function fit(lines: Line[], pen: number, random: RandomStream): void {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const line of lines) {
    for (const [x, y] of line) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  const size = random.uniform(18, 21) - 2 * pen;
  const scale = size / Math.max(right - left, bottom - top);
  const middleX = SIZE / 2 + random.uniform(-1.5, 1.5);
  const middleY = SIZE / 2 + random.uniform(-1.5, 1.5);
  for (const line of lines) {
    for (const point of line) {
      point[0] = middleX + (point[0] - (left + right) / 2) * scale;
      point[1] = middleY + (point[1] - (top + bottom) / 2) * scale;
    }
  }
}

/** Draws the lines with a pen of that radius, whose pressure drifts along each of them. */
function ink(lines: readonly Line[], pen: number, image: Uint8Array, random: RandomStream): void {
  const softness = random.uniform(0.5, 0.9);
  const darkness = 255 * (1 - 0.25 * random.uniform() * random.uniform());
  for (const line of lines) {
    const start = pen * (1 + random.bell(0.12));
    const end = pen * (1 + random.bell(0.12));
    const pieces = line.length - 1;
    for (const [piece, from] of line.entries()) {
      const to = line[piece + 1];
      if (!to) break;
      const radius = start + ((end - start) * piece) / pieces;
      drawPiece(image, from, to, radius, softness, darkness);
    }
  }
}

/**
 * Darkens the pixels near one straight piece: full ink within the radius, none from twice
 * `softness` further out, and never lighter than what is there already.
 */
function drawPiece(
  image: Uint8Array,
  [fromX, fromY]: Point,
  [toX, toY]: Point,
  radius: number,
  softness: number,
  darkness: number,
): void {
  const reach = radius + softness;
  const left = Math.max(0, Math.ceil(Math.min(fromX, toX) - reach - 0.5));
  const right = Math.min(SIZE - 1, Math.floor(Math.max(fromX, toX) + reach - 0.5));
  const top = Math.max(0, Math.ceil(Math.min(fromY, toY) - reach - 0.5));
  const bottom = Math.min(SIZE - 1, Math.floor(Math.max(fromY, toY) + reach - 0.5));
  const alongX = toX - fromX;
  const alongY = toY - fromY;
  const squared = alongX * alongX + alongY * alongY;
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      // Pixels are seen at their centres.
      const x = column + 0.5 - fromX;
      const y = row + 0.5 - fromY;
      const along =
        squared === 0 ? 0 : Math.max(0, Math.min(1, (x * alongX + y * alongY) / squared));
      const offX = x - along * alongX;
      const offY = y - along * alongY;
      const distance = Math.sqrt(offX * offX + offY * offY);
      const cover = Math.max(0, Math.min(1, (reach - distance) / (2 * softness)));
      const value = Math.floor(cover * darkness + 0.5);
      const at = row * SIZE + column;
      if (value > image[at]!) image[at] = value;
    }
  }
}
