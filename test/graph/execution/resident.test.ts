import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, device, tensor } from '../../../src/index.ts';

test('realised host data stays on the device and is not sent again with each plan', async () => {
  const bytes = 4 * 1024 * 1024;
  const x = (await tensor(new Float32Array(bytes / 4).fill(2), [bytes / 4]).realize()) as AnyTensor;
  assert.is(x.node.leaf?.kind, 'stored');
  const on = await device();
  const before = on.counters.bytes;
  for (const sum of [x.sum(), x.min(), x.reshape([1024, 1024]).sum(0).sum()]) await sum.item();
  assert.is(await x.max().item(), 2);
  // Four plans, none with a copy of its own: only partial sums need memory.
  assert.ok(on.counters.bytes - before < bytes, `${on.counters.bytes - before} bytes`);
});

test.run();
