// What somebody does who opens the playground for the first time.
import type { Page } from 'playwright-core';
import { status } from './playground.ts';

/** Digits as people write them: lines of points in a square of side 1. */
const DIGITS: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  '1': [
    [0.5, 0.15],
    [0.5, 0.85],
  ],
  '7': [
    [0.25, 0.2],
    [0.75, 0.2],
    [0.45, 0.85],
  ],
  '0': Array.from({ length: 25 }, (_, i) => [
    0.5 + 0.2 * Math.sin((i / 24) * 2 * Math.PI),
    0.5 - 0.33 * Math.cos((i / 24) * 2 * Math.PI),
  ]),
};

/** Draws a digit by the mouse, after what was drawn before is cleared. */
async function drawByMouse(page: Page, digit: string): Promise<void> {
  await page.click('#clear');
  const box = await page.locator('#pad').boundingBox();
  if (!box) throw new Error('There is no pad.');
  const [first, ...rest] = (DIGITS[digit] ?? []).map(
    ([x, y]) => [box.x + x * box.width, box.y + y * box.height] as const,
  );
  if (!first) throw new Error(`Nobody knows how to draw ${digit}.`);
  await page.mouse.move(...first);
  await page.mouse.down();
  for (const point of rest) await page.mouse.move(...point, { steps: 4 });
  await page.mouse.up();
}

/** Trains by one click and draws digits, each of which must be recognised. */
export async function trainAndDraw(page: Page): Promise<void> {
  await status(page, /Ready/);
  await page.click('#train');
  await status(page, /Done/);
  for (const digit of Object.keys(DIGITS)) {
    await drawByMouse(page, digit);
    await page.locator('#answer', { hasText: `It reads: ${digit}` }).waitFor();
  }
}
