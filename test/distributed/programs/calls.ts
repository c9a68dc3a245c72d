// Calls of a world, on every rank.
import { mpi } from '../../../src/distributed.ts';
import { setDevice, tensor, Variable } from '../../../src/index.ts';
import { handOver } from './hand-over.ts';

const world = await mpi();
const { rank, size } = world;
await setDevice('wasm');

const f32 = Float32Array.from({ length: 1000 }, (_, i) => i + rank);
await world.allReduce(f32);
const f64 = Float64Array.of(0.1 * (rank + 1), -rank);
await world.allReduce(f64, 'max');
const i32 = Int32Array.of(rank, 7);
await world.allReduce(i32, 'min');
const mean = Float32Array.of(rank, 1);
await world.allReduce(mean, 'mean');
const bytes = Uint8Array.of(rank, 2, 3);
await world.broadcast(bytes, size - 1);

const [weight, count] = [
  new Variable(tensor([rank, 10])),
  new Variable(tensor([rank], { dtype: 'i32' })),
];
const stale = weight.value.mul(2);
weight.assign(weight.value.add(1));
await world.allReduce([weight], 'mean');
const doubled = weight.value.mul(2);
await world.broadcast([count], size - 1);
await world.barrier();
const error = await stale.data().catch(({ name }) => name);

handOver({
  rank,
  size,
  sums: [f32[0], f32[999]],
  max: [...f64],
  min: [...i32],
  mean: [...mean],
  bytes: [...bytes],
  weight: [...(await weight.data())],
  doubled: [...(await doubled.data())],
  count: [...(await count.data())],
  stale: error,
  waited: world.seconds >= 0,
  same: (await mpi()) === world,
});
