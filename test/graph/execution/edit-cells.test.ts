import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { editCells } from '../../../src/graph/execution/edit-cells.ts';
import { device, tensor, Variable } from '../../../src/index.ts';

const test = suite('graph/execution/edit-cells');

const floats = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  new Float32Array(buffer, byteOffset, byteLength / 4);

test('the host changes what cells hold, in the order of the program', async () => {
  await device();
  const [first, assigned] = [new Variable(tensor([1, 2])), new Variable(tensor([3, 4, 5]))];
  assigned.assign(first.value.sum().mul(assigned.value));
  const before = assigned.value.mul(10);
  const seen: number[][] = [];
  const edited = editCells([first.cell, assigned.cell], async (bytes) => {
    const values = floats(bytes);
    seen.push([...values]);
    values[0] = -1;
    await new Promise((resolve) => setTimeout(resolve, 10));
    values[1] = -2;
  });
  const sum = first.value.add(assigned.value.sum()); // asked for before it is done
  assert.equal([...(await sum.data())], [-1 + 12, -2 + 12]);
  await edited;
  assert.equal(seen, [
    [1, 2],
    [9, 12, 15],
  ]);
  assert.equal([...(await assigned.data())], [-1, -2, 15]);
  const error = await before.data().catch(({ name }) => name);
  assert.is(error, 'StaleTensorError');
});

test('a failure is told, and the cells keep their values', async () => {
  const variable = new Variable(tensor([1, 2]));
  const failing = editCells([variable.cell], async () => {
    throw new RangeError('no way');
  });
  const error = await failing.catch(({ message }) => message);
  assert.is(error, 'no way');
  assert.equal([...(await variable.data())], [1, 2]);
});

test.run();
