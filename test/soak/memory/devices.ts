// Devices that are opened and closed, one after the other, while results of each are still held.
import { closeDevice, tensor } from '../../../src/index.ts';
import { runFlat } from '../flat.ts';

const data = new Float32Array(5_000_000).fill(1);
const held: unknown[] = [];
await runFlat('devices', 100, 100, async (i) => {
  closeDevice();
  const y = tensor(data, [data.length]).mul(i);
  held.push(await y.sum().realize());
  await y.realize();
});
