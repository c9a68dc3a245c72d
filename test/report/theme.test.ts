import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inkOn, mix, themes } from '../../src/report/theme.ts';

const test = suite('theme');

/** Relative luminance as WCAG 2 defines it, in [0, 1]. */
function luminance(colour: string): number {
  const value = Number.parseInt(colour.slice(1), 16);
  const linear = [value >> 16, (value >> 8) & 255, value & 255].map((channel) =>
    channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4,
  );
  return linear[0]! * 0.2126 + linear[1]! * 0.7152 + linear[2]! * 0.0722;
}

function contrast(a: string, b: string): number {
  const [dark, bright] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (bright! + 0.05) / (dark! + 0.05);
}

test('mixing goes from one colour to the other', () => {
  assert.is(mix('#000000', '#ff8000', 0), '#000000');
  assert.is(mix('#000000', '#ff8000', 1), '#ff8000');
  assert.is(mix('#000000', '#ff8000', 0.5), '#804000');
  assert.is(mix('#102030', '#102030', 0.3), '#102030');
});

test('contrast is as the standard says', () => {
  assert.is(contrast('#ffffff', '#000000'), 21);
  assert.is(Math.round(contrast('#ffffff', '#777777') * 100), 448);
});

for (const theme of Object.values(themes)) {
  test(`texts are readable on a ${theme.name} background`, () => {
    for (const colour of [theme.text, theme.muted, theme.right, theme.wrong]) {
      assert.ok(contrast(colour, theme.background) >= 4.5, colour);
    }
  });

  test(`numbers are readable on every shade of the ${theme.name} scale`, () => {
    for (let share = 0; share <= 1; share += 0.01) {
      const shade = mix(...theme.sequential, share);
      assert.ok(contrast(shade, inkOn(shade)) >= 4.5, shade);
    }
  });

  test(`lines stand out from a ${theme.name} background`, () => {
    for (const colour of theme.categories) {
      assert.ok(contrast(colour, theme.background) >= 2, colour);
    }
  });
}

test.run();
