import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, rot90, ShapeError } from '../../../../src/index.ts';
import { assertGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { choices, shapes, spread } from '../../arbitraries.ts';
import { assertSame } from '../../closeness.ts';
import { holds } from '../../property.ts';
import { refuses } from '../../refusal.ts';
import { download, upload } from '../../transfer.ts';

const test = suite('tensor: rot90');

/** A quarter at a time, by where each element comes from. */
function turned(x: NdArray, times: number, from: number, to: number): NdArray {
  if (times === 0) return x;
  const shape = x.shape.with(from, x.shape[to]!).with(to, x.shape[from]!);
  const once = NdArray.build(shape, (index) => {
    const source = index.with(from, index[to]!).with(to, x.shape[to]! - 1 - index[from]!);
    return x.at(...source);
  });
  return turned(once, times - 1, from, to);
}

test('a square', async () => {
  const x = upload(
    NdArray.from([
      [1, 2],
      [3, 4],
    ]),
  );
  assert.equal(await rot90(x).array(), [
    [2, 4],
    [1, 3],
  ]);
  assert.equal(await rot90(x, -1).array(), [
    [3, 1],
    [4, 2],
  ]);
});

test('in any plane, any number of times', async () => {
  await holds(
    [shapes({ min: 2, max: 4 }), choices, fc.integer({ min: -5, max: 9 })],
    async (shape, pick, times) => {
      const from = pick[0]! % shape.length;
      const to = (from + 1 + (pick[1]! % (shape.length - 1))) % shape.length;
      const x = spread(shape, 1, [-4, 4]);
      const actual = await download(rot90(upload(x), times, [from, to - shape.length]));
      assertSame(actual, turned(x, ((times % 4) + 4) % 4, from, to), `${times} [${from}, ${to}]`);
    },
  );
});

test('gradients', async () => {
  for (const times of [1, 2, 3]) {
    await assertGradients({
      f: (x) => rot90(x, times),
      reference: (x) => turned(x, times, 0, 1),
      inputs: [spread([2, 3], 1, [-1, 1])],
    });
  }
});

test('what does not fit', () => {
  const x = upload(new NdArray([2, 3]));
  refuses(() => rot90(x, 1, [1, -1]), ShapeError, /^rot90: axes \[1,-1\]/);
  refuses(() => rot90(x, 1, [0, 2]), ShapeError, /^rot90: axis 2/);
  refuses(() => rot90(x, 0.5), ArgumentError, /^rot90: times 0.5/);
  refuses(() => rot90(x, 1, null as never), ArgumentError, /^rot90: takes an array of two axes/);
});

test.run();
