// Results of 10 MB that nobody keeps: `for (;;) await realize(…)`.
import { realize, tensor } from '../../../src/index.ts';
import { runFlat } from '../flat.ts';

const length = 2_500_000;
const x = await tensor(new Float32Array(length).fill(1), [length]).realize();
await runFlat('results', 1000, 600, (i) => realize(x.add(i)));
