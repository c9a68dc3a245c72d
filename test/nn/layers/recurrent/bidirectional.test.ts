import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  DTypeError,
  grad,
  io,
  nn,
  ShapeError,
  type Tensor,
  tensor,
} from '../../../../src/index.ts';
import { NdArray } from '../../../reference/array.ts';
import { spread } from '../../../tensor/arbitraries.ts';
import { assertClose } from '../../../tensor/closeness.ts';
import { refuses } from '../../../tensor/refusal.ts';
import { download, upload } from '../../../tensor/transfer.ts';
import { packed, wave } from './pytorch-values.ts';

const test = suite('nn: both ways over the steps that are there');

const kinds = { lstm: nn.lstm, gru: nn.gru, simpleRNN: nn.simpleRNN };
const names = ['lstm', 'gru', 'simpleRNN'] as const;

const close = async (actual: AnyTensor, expected: NdArray, what?: string) =>
  assertClose(await download(actual), expected, { relative: 1e-5, scale: 1 }, what);

const MASK = [1, 1, 1, 1, 1, 1, 0, 0];

for (const kind of names) {
  test(`${kind}: what PyTorch computes of packed sequences`, async () => {
    const wanted = packed[kind];
    const layer = nn.bidirectional(kinds[kind](2, { returnSequences: true })).build([4, 3]);
    const theirs = [...layer.namedVariables()].map(([name, { shape }], k) => {
      const turned = shape.length === 2 ? shape.toReversed() : shape;
      return [name, { shape: turned, dtype: 'f32', data: wave(turned, k) }] as const;
    });
    await io.importPytorch(layer, new Map(theirs));
    // What is hidden is another number, which nothing may see.
    const data = NdArray.build([2, 4, 3], (_, i) => (i < 18 ? Math.cos(0.9 * i) : 1e3));
    const x = upload(data);
    const mask = upload(new NdArray([2, 4], MASK), 'bool');
    const { sequence, state, output } = layer.run(x, { mask });
    await close(sequence, new NdArray([2, 4, 4], wanted.sequence));
    await close(output, new NdArray([2, 4, 4], wanted.sequence));
    const outputs = kind === 'lstm' ? [state[0], state[2]] : state;
    const last = new NdArray([2, 2, 2], wanted.last);
    for (const [i, one] of outputs.entries()) {
      await close(one as Tensor, last.slice([i, 0, 0], [1, 2, 2]).reshape([2, 2]), `side ${i}`);
    }
    const weights = upload(NdArray.build([2, 4, 4], (_, i) => Math.cos(1.7 * i)));
    const [slope] = grad(sequence.mul(weights).sum(), [x]) as [Tensor];
    await close(slope, new NdArray([2, 4, 3], wanted.slope));
  });

  test(`${kind}: any mask is what reading the other steps alone is, merged in any way`, async () => {
    const shown = [0, 2, 3];
    const x = spread([1, 5, 3], 1, [-1, 1]);
    const alone = NdArray.build([1, 3, 3], ([, t, f]) => x.at(0, shown[t!]!, f!));
    const mask = tensor([[1, 0, 1, 1, 0]]).cast('bool');
    for (const mergeMode of ['concat', 'sum', 'mul', 'ave'] as const) {
      for (const goBackwards of [false, true]) {
        const layer = kinds[kind](2, { returnSequences: true, goBackwards });
        const both = nn.bidirectional(layer, { mergeMode }).build([5, 3]);
        const masked = await download(both.run(upload(x), { mask }).sequence);
        const expected = await download(both.forward(upload(alone)));
        const at = goBackwards ? shown.map((t) => 4 - t).toReversed() : shown;
        const wanted = NdArray.build([...masked.shape], ([, t, u]) =>
          at.includes(t!) ? expected.at(0, at.indexOf(t!), u!) : 0,
        );
        assertClose(masked, wanted, { relative: 1e-5, scale: 1 }, `${mergeMode}, ${goBackwards}`);
      }
      const last = nn.bidirectional(kinds[kind](2), { mergeMode }).build([5, 3]);
      const { output } = last.run(upload(x), { mask });
      await close(output, await download(last.forward(upload(alone))), mergeMode);
    }
  });
}

test('goes on from the states of both', async () => {
  const layer = nn.bidirectional(nn.lstm(2)).build([3, 2]);
  const x = upload(spread([2, 3, 2], 1, [-1, 1]));
  const states = Array.from({ length: 4 }, (_, k) => upload(spread([2, 2], k + 2, [-1, 1])));
  const { state } = layer.run(x, { initialState: states });
  const [ahead, back] = [nn.lstm(2), nn.lstm(2, { goBackwards: true })].map((one) =>
    one.build([3, 2]),
  );
  const values = [...(await io.weightsOf(layer))];
  for (const [one, path, own] of [
    [ahead!, 'ahead.', states.slice(0, 2)],
    [back!, 'back.', states.slice(2)],
  ] as const) {
    const named = values.filter(([name]) => name.startsWith(path));
    await io.setWeights(
      one,
      new Map(named.map(([name, value]) => [name.slice(path.length), value])),
    );
    const alone = one.run(x, { initialState: own }).state;
    const mine = path === 'ahead.' ? state.slice(0, 2) : state.slice(2);
    for (const [i, value] of alone.entries()) await close(mine[i]!, await download(value), path);
  }
});

test('a model of symbolic values masks both ways', async () => {
  const words = nn.input([4], { dtype: 'i32' });
  const layer = nn.bidirectional(nn.gru(2));
  const embedding = nn.embedding(5, 3);
  const embedded = embedding.apply(words);
  const model = nn.model(words, nn.masked(layer).apply([embedded, nn.stepMask().apply(words)]));
  const padded = await model.forward(tensor([[3, 1, 0, 0]], { dtype: 'i32' })).data();
  const x = embedding.forward(tensor([[3, 1]], { dtype: 'i32' }));
  const short = await layer.forward(x).data();
  assert.equal([...padded], [...short]);
});

test('what does not fit', () => {
  const layer = nn.bidirectional(nn.gru(2)).build([3, 2]);
  const x = upload(new NdArray([2, 3, 2]));
  refuses(
    () => layer.run(x, { mask: upload(new NdArray([2, 3])) }),
    DTypeError,
    /mask must be bool/,
  );
  refuses(
    () => layer.run(x, { mask: upload(new NdArray([2, 2]), 'bool') }),
    ShapeError,
    /mask must be \[2,3\]/,
  );
  refuses(
    () => layer.run(x, { initialState: [upload(new NdArray([2, 2]))] }),
    ShapeError,
    /a state is 1 of/,
  );
  refuses(() => layer.run(x, { masks: 1 } as never), ArgumentError, /there is no option 'masks'/);
});

test.run();
