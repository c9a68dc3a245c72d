// 255 shapes with inputs of 15 MB, each another plan, again and again.
import { tensor } from '../../../src/index.ts';
import { runFlat } from '../flat.ts';

const columns = 1024;
const shapes = 255;
const data = new Float32Array((3600 + shapes) * columns).fill(1);
await runFlat('shapes', 3 * shapes, 900, async (i) => {
  const rows = 3600 + (i % shapes);
  await tensor(data.subarray(0, rows * columns), [rows, columns])
    .mul(2)
    .sum()
    .item();
});
