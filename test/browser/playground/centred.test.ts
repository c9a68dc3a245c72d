import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { centredDigit, type Ink, SIDE } from '../../../examples/browser/drawing/centred.ts';

const test = suite('playground: centred drawings');

/** A drawing of ink in a rectangle. */
function rectangle(width: number, height: number, left: number, top: number, side = 280): Ink {
  const values = new Uint8Array(side * side);
  for (let y = top; y < top + height; y++) {
    values.fill(255, y * side + left, y * side + left + width);
  }
  return { width: side, height: side, values };
}

test('nothing drawn is no digit', () => {
  assert.is(centredDigit({ width: 4, height: 4, values: new Uint8Array(16) }), undefined);
});

test('a bar of 100 by 20 becomes one of 20 by 4 in the middle', () => {
  const image = centredDigit(rectangle(20, 100, 3, 150));
  for (let i = 0; i < SIDE * SIDE; i++) {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    assert.is(image?.[i], x >= 12 && x < 16 && y >= 4 && y < 24 ? 255 : 0, `at ${x}, ${y}`);
  }
});

test('the centre of mass comes to the middle, not that of the box', () => {
  const [across, stem] = [rectangle(100, 20, 50, 50), rectangle(20, 100, 50, 50)];
  const values = across.values as Uint8Array;
  const both = Uint8Array.from(values, (value, i) => Math.max(value, stem.values[i] ?? 0));
  const { x, y } = massOf(centredDigit({ ...across, values: both }) ?? new Uint8Array());
  assert.ok(Math.abs(x - SIDE / 2) < 0.05 && Math.abs(y - SIDE / 2) < 0.05, `${x}, ${y}`);
});

test('where and how large something is drawn makes no difference', () => {
  const side = fc.integer({ min: 40, max: 140 });
  const place = fc.integer({ min: 0, max: 130 });
  fc.assert(
    fc.property(side, side, place, place, (width, height, left, top) => {
      const image = centredDigit(rectangle(width, height, left, top));
      const middle = centredDigit(rectangle(width, height, 10, 10));
      image?.forEach((value, i) => {
        assert.ok(Math.abs(value - (middle?.[i] ?? 0)) <= 1);
      });
    }),
    { numRuns: 25 },
  );
});

test('nothing is cut off where the mass is at one end', () => {
  const dot = rectangle(60, 60, 0, 0);
  const tail = rectangle(280, 2, 0, 30);
  const values = Uint8Array.from(dot.values, (value, i) => Math.max(value, tail.values[i] ?? 0));
  const image = centredDigit({ ...dot, values }) ?? new Uint8Array();
  const mass = image.reduce((sum, value) => sum + value, 0);
  const scale = (280 / 20) ** 2;
  const drawn = values.reduce((sum, value) => sum + value, 0) / scale;
  assert.ok(Math.abs(mass - drawn) < 0.02 * drawn, `${mass} of ${drawn}`);
});

function massOf(image: Uint8Array): { x: number; y: number } {
  let [mass, x, y] = [0, 0, 0];
  image.forEach((value, i) => {
    mass += value;
    x += value * ((i % SIDE) + 0.5);
    y += value * (Math.floor(i / SIDE) + 0.5);
  });
  return { x: x / mass, y: y / mass };
}

test.run();
