import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, nn, zeros } from '../../src/index.ts';

const input = zeros([2, 4]) as AnyTensor;

test('visits each call in execution order, a layer before those inside it', () => {
  const shared = nn.dense(4);
  const model = nn.sequential([
    shared,
    nn.residual(nn.sequential([shared, nn.activation('relu')])),
    nn.dense(3),
  ]);
  const seen: unknown[] = [];
  const output = nn.traceLayers(model, input, { training: true }, (layer, path, x, y, depth) => {
    const [from, to] = [x, y] as AnyTensor[];
    seen.push([layer.type, path, from!.shape[1], to!.shape[1], depth]);
  });
  assert.equal(seen, [
    ['sequential', '', 4, 3, 0],
    ['dense', 'layers.0', 4, 4, 1],
    ['residual', 'layers.1', 4, 4, 1],
    ['sequential', 'layers.1.main', 4, 4, 2],
    ['dense', 'layers.0', 4, 4, 3],
    ['relu', 'layers.1.main.layers.1', 4, 4, 3],
    ['dense', 'layers.2', 4, 3, 1],
  ]);
  assert.equal(output.shape, [2, 3]);
});

test('hands on the mode and the tensors themselves', () => {
  const dropout = nn.dropout(0.5);
  const outputs = [false, true].map((training) => {
    let same: boolean | undefined;
    nn.traceLayers(dropout, input, { training }, (_, path, x, y) => {
      assert.is(path, '');
      assert.is(x, input);
      same = x === y;
    });
    return same;
  });
  assert.equal(outputs, [true, false]);
});

test('leaves the layers as they were, also when one fails', () => {
  const inner = nn.conv2d(1, 3);
  const model = nn.sequential([inner]);
  let visits = 0;
  const trace = () =>
    nn.traceLayers(model, input, { training: false }, () => {
      visits++;
    });
  assert.throws(trace, /needs images/);
  assert.is(visits, 0);
  assert.not(Object.hasOwn(inner, 'forward'));
  assert.not(Object.hasOwn(model, 'forward'));
});

test.run();
