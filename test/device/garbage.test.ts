import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { collected, collectGarbage } from '../../src/device/garbage.ts';

const test = suite('device: collecting garbage');

/** Whether an object that nobody holds was collected, and those who wait for that were told. */
async function isCollected(): Promise<boolean> {
  let gone = false;
  collected.register({}, () => {
    gone = true;
  });
  await collectGarbage();
  return gone;
}

test('resolves when what nobody holds has been collected', async () => {
  assert.ok(await isCollected());
});

test('waits for that in a program that holds millions of objects too, which take long to mark', async () => {
  const held = Array.from({ length: 5e6 }, (_, i) => ({ at: i, next: { at: i + 1 } }));
  // The first finds a collection under way, begun when all those were made.
  for (let i = 0; i < 6; i++) assert.ok(await isCollected());
  assert.is(held.length, 5e6);
});

test.run();
