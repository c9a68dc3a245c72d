import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Connection } from '../../src/distributed/connection.ts';
import { inParts } from '../../src/distributed/in-parts.ts';
import { World } from '../../src/distributed/world.ts';
import { ArgumentError, DTypeError, tensor, Variable } from '../../src/index.ts';
import { rejects } from '../tensor/refusal.ts';

const test = suite('distributed: what ranks exchange');

/** One of two ranks, the other of which holds the same numbers. */
const ofTwo: Connection = {
  rank: 0,
  size: 2,
  async allReduce(values, how) {
    if (how === 'sum') for (let i = 0; i < values.length; i++) values[i] = 2 * (values[i] ?? 0);
  },
  sum(values) {
    for (let i = 0; i < values.length; i++) values[i] = 2 * (values[i] ?? 0);
    return { isDone: () => true, async wait() {} };
  },
  async broadcast() {},
  finalize() {},
  abort(reason) {
    throw reason;
  },
};

test('numbers and variables are summed up in place, and their means found', async () => {
  const world = new World(ofTwo);
  const numbers = Float64Array.of(1, 2.5);
  await world.allReduce(numbers);
  assert.equal([...numbers], [2, 5]);
  await world.allReduce(numbers, 'mean');
  assert.equal([...numbers], [2, 5]);
  const variable = new Variable(tensor([1, 2]));
  await world.allReduce([variable]);
  assert.equal(await variable.value.array(), [2, 4]);
});

test('arrays of other sizes, what is no variable, and means that would be cut off are refused', async () => {
  const world = new World(ofTwo);
  for (const values of [new Uint16Array(3), new BigInt64Array(1), [1, 2], undefined]) {
    const given = values as never;
    await rejects(() => world.allReduce(given), ArgumentError, /^allReduce: takes a Float32Array/);
    await rejects(() => world.broadcast(given), ArgumentError, /^broadcast: takes a Float32Array/);
  }
  for (const whole of [Int32Array.of(1), Uint8Array.of(1)]) {
    await rejects(() => world.allReduce(whole, 'mean'), DTypeError, /mean of whole numbers/);
    await world.allReduce(whole);
    assert.equal([...whole], [2]);
  }
});

test('long arrays go in parts, each of so many bytes at most', async () => {
  const lengths: number[] = [];
  const counted: Connection = {
    ...ofTwo,
    async allReduce(values, how) {
      lengths.push(values.length);
      await ofTwo.allReduce(values, how);
    },
    async broadcast(bytes, from) {
      lengths.push(bytes.length);
      bytes.fill(from);
    },
  };
  const world = new World(inParts(counted, 16));
  const taken = async (call: Promise<void>) => {
    await call;
    return lengths.splice(0);
  };
  const numbers = Float64Array.of(1, 2, 3, 4, 5);
  assert.equal(await taken(world.allReduce(numbers)), [2, 2, 1]);
  assert.equal([...numbers], [2, 4, 6, 8, 10]);
  const whole = Int32Array.from({ length: 8 }, (_, i) => i);
  assert.equal(await taken(world.allReduce(whole)), [4, 4]);
  assert.equal([...whole], [0, 2, 4, 6, 8, 10, 12, 14]);
  const variable = new Variable(tensor([1, 2, 3, 4, 5, 6]));
  assert.equal(await taken(world.allReduce([variable], 'mean')), [4, 2]);
  assert.equal(await variable.value.array(), [1, 2, 3, 4, 5, 6]);
  const bytes = new Uint8Array(17);
  assert.equal(await taken(world.broadcast(bytes, 1)), [16, 1]);
  assert.equal([...bytes], new Array(17).fill(1));
  // Ranks wait for each other where there is nothing to tell, too.
  assert.equal(await taken(world.broadcast(new Uint8Array(0))), [0]);
});

test.run();
