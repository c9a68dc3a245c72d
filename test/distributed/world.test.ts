import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Connection } from '../../src/distributed/connection.ts';
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

test.run();
