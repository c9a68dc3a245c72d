import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import '../../src/tensor/methods.ts';
import { memoryOf, untransposed } from '../../src/graph/view.ts';
import { tensor } from '../../src/tensor/ops/creation.ts';
import { sizeOf } from '../reference/shape.ts';

const test = suite('graph: what views do');

const input = (...shape: number[]) => tensor(new Float32Array(sizeOf(shape)), shape);

test('a transpose over the last two axes is known as one, whatever made it', () => {
  const [matrix, batch] = [input(3, 4), input(2, 3, 4)];
  assert.is(untransposed(matrix.transpose().node), matrix.node);
  assert.is(untransposed(batch.transpose([0, 2, 1]).node), batch.node);
});

test('no other view is a transpose over the last two axes', () => {
  const [matrix, batch, row] = [input(4, 4), input(4, 4, 4), input(4)];
  const others = [
    matrix,
    batch.transpose(),
    batch.transpose([1, 0, 2]),
    row.expand([4, 4]),
    matrix.expand([4, 4, 4]),
    matrix.flip(),
    matrix.reshape([2, 8]),
    matrix.slice([1]),
    matrix.transpose().mul(2),
  ];
  for (const { node } of others) assert.is(untransposed(node), undefined, node.op.name);
});

test('two transposes lie as what they began with', () => {
  const [matrix, batch] = [input(3, 4), input(2, 3, 4)];
  assert.is(memoryOf(matrix.transpose().transpose().node), matrix.node);
  const once = batch.transpose([0, 2, 1]);
  assert.is(memoryOf(once.transpose([0, 2, 1]).reshape([24]).node), batch.node);
  assert.is(memoryOf(once.node), once.node);
});

test.run();
