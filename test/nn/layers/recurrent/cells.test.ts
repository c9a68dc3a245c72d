import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DTypeError, grad, io, nn, ShapeError, type Tensor } from '../../../../src/index.ts';
import { NdArray } from '../../../reference/array.ts';
import { spread } from '../../../tensor/arbitraries.ts';
import { assertClose } from '../../../tensor/closeness.ts';
import { refuses } from '../../../tensor/refusal.ts';
import { download, upload } from '../../../tensor/transfer.ts';
import { cells, wave } from './pytorch-values.ts';

const test = suite('nn: lstmCell and gruCell');

const kinds = { lstmCell: nn.lstmCell, gruCell: nn.gruCell };
const layers = { lstmCell: nn.lstm, gruCell: nn.gru };
const within = { relative: 1e-5, scale: 1 };

for (const kind of ['lstmCell', 'gruCell'] as const) {
  test(`${kind}: what PyTorch's computes with the same weights`, async () => {
    const cell = kinds[kind](2).build([3]);
    const names = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'];
    assert.equal([...cell.namedVariables().keys()], names);
    const theirs = [...cell.namedVariables()].map(([name, { shape }], k) => {
      const turned = shape.length === 2 ? shape.toReversed() : shape;
      return [name, { shape: turned, dtype: 'f32', data: wave(turned, k) }] as const;
    });
    await io.importPytorch(cell, new Map(theirs));
    const x = upload(NdArray.build([2, 3], (_, i) => Math.cos(0.9 * i)));
    const wanted = cells[kind];
    const state = wanted.map((_, s) =>
      upload(NdArray.build([2, 2], (_, i) => Math.sin(0.5 * i + s))),
    );
    const next = cell.step(x, state);
    assert.is(next.length, wanted.length);
    for (const [i, values] of wanted.entries()) {
      assertClose(await download(next[i]!), new NdArray([2, 2], values), within);
    }
  });

  test(`${kind}: a loop by hand is the layer, with its gradient`, async () => {
    const [cell, layer] = [
      kinds[kind](4),
      layers[kind](4, { returnSequences: true }).build([5, 3]),
    ];
    const x = upload(spread([2, 5, 3], 1, [-1, 1]));
    const at = (t: number) => x.slice([0, t], [2, t + 1]).reshape([2, 3]) as Tensor;
    cell.step(at(0));
    const weights = [...(await io.weightsOf(layer))];
    await io.setWeights(
      cell,
      new Map(weights.map(([name, value]) => [name.replace('_l0', ''), value])),
    );
    const outputs: Tensor[] = [];
    let state: readonly Tensor[] | undefined;
    for (let t = 0; t < 5; t++) {
      state = cell.step(at(t), state);
      outputs.push(state[0]!);
    }
    const { sequence, state: last } = layer.run(x);
    for (const [t, output] of outputs.entries()) {
      const wanted = sequence.slice([0, t], [2, t + 1]).reshape([2, 4]) as Tensor;
      assertClose(await download(output), await download(wanted), within, `step ${t}`);
    }
    for (const [i, value] of last.entries()) {
      assertClose(await download(state![i]!), await download(value), within);
    }
    const [mine] = grad(outputs.reduce((sum, y) => sum.add(y)).sum(), [x]) as [Tensor];
    const [theirs] = grad(sequence.sum(), [x]) as [Tensor];
    assertClose(await download(mine), await download(theirs), within);
  });

  test(`${kind}: called as a layer it goes from zeros`, async () => {
    const cell = kinds[kind](3);
    const x = upload(spread([2, 4], 1, [-1, 1]));
    const output = cell.forward(x);
    assert.equal(output.shape, [2, 3]);
    assertClose(await download(output), await download(cell.step(x)[0]!), within);
    assert.is(kinds[kind](3, { bias: false }).build([4]).variables.length, 2);
  });
}

test('what does not fit', () => {
  const cell = nn.lstmCell(2).build([3]);
  const x = upload(new NdArray([4, 3]));
  refuses(() => cell.step(x, [x]), ShapeError, /^lstmCell: a state is 2 of \[4,2\], got \[4,3\]/);
  refuses(() => nn.gruCell(2).build([5, 3]), ShapeError, /^gruCell: needs the inputs of a step/);
  refuses(() => cell.step(upload(new NdArray([4, 3]), 'i32')), DTypeError, /^lstmCell/);
});

test.run();
