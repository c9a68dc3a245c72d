import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  DTypeError,
  device,
  grad,
  io,
  nn,
  realize,
  ShapeError,
  type Tensor,
} from '../../../../src/index.ts';
import { assertGradients } from '../../../autograd/differentiation.ts';
import { NdArray } from '../../../reference/array.ts';
import { spread } from '../../../tensor/arbitraries.ts';
import { assertClose, assertSame } from '../../../tensor/closeness.ts';
import { refuses } from '../../../tensor/refusal.ts';
import { download, upload } from '../../../tensor/transfer.ts';
import { scatterVariables } from '../layer-values.ts';
import { pytorch, wave } from './pytorch-values.ts';

const test = suite('nn: recurrent layers');

const kinds = { lstm: nn.lstm, gru: nn.gru, simpleRNN: nn.simpleRNN };
type Kind = keyof typeof kinds;
const names = Object.keys(kinds) as Kind[];
const gates = { lstm: 4, gru: 3, simpleRNN: 1 };
const statesOf = (kind: Kind) => (kind === 'lstm' ? 2 : 1);

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** The outputs of all steps, [batch, length, units], of one number of a unit at a time. */
function unrolled(
  kind: Kind,
  x: NdArray,
  values: readonly NdArray[],
  mask?: NdArray,
  { gate = sigmoid, activate = Math.tanh, resetAfter = true } = {},
): NdArray {
  const [wi, wh, bi, bh] = values as [NdArray, NdArray, NdArray, NdArray];
  const [batch, length, features] = x.shape as [number, number, number];
  const units = wh.shape[0]!;
  const outputs = new NdArray([batch, length, units]);
  for (let n = 0; n < batch; n++) {
    let h = Array<number>(units).fill(0);
    let c = Array<number>(units).fill(0);
    for (let t = 0; t < length; t++) {
      const ofInput = (at: number) => {
        let sum = bi.at(at);
        for (let k = 0; k < features; k++) sum += x.at(n, t, k) * wi.at(k, at);
        return sum;
      };
      const last = h;
      const ofState = (at: number, state = last) => {
        let sum = bh.at(at);
        for (let k = 0; k < units; k++) sum += state[k]! * wh.at(k, at);
        return sum;
      };
      const both = (at: number) => ofInput(at) + ofState(at);
      const next = last.map((before, u) => {
        if (kind === 'simpleRNN') return [activate(both(u)), 0] as const;
        if (kind === 'gru') {
          const [reset, keep] = [gate(both(u)), gate(both(units + u))];
          const at = 2 * units + u;
          const past = resetAfter
            ? reset * ofState(at)
            : ofState(
                at,
                last.map((h, k) => h * gate(both(k))),
              );
          const fresh = activate(ofInput(at) + past);
          return [(1 - keep) * fresh + keep * before, 0] as const;
        }
        const [enter, forget] = [gate(both(u)), gate(both(units + u))];
        const memory = forget * c[u]! + enter * activate(both(2 * units + u));
        return [gate(both(3 * units + u)) * activate(memory), memory] as const;
      });
      if (!mask || mask.at(n, t)) {
        h = next.map(([output]) => output);
        c = next.map(([, memory]) => memory);
      }
      for (let u = 0; u < units; u++) outputs.data[(n * length + t) * units + u] = h[u]!;
    }
  }
  return outputs;
}

/** With the hard sigmoid of TensorFlow.js. */
const chosen = {
  recurrentActivation: (x: AnyTensor) => x.mul(0.2).add(0.5).maximum(0).minimum(1),
  activation: 'softsign',
} as const;

const close = async (actual: AnyTensor, expected: NdArray, what?: string) =>
  assertClose(await download(actual), expected, { relative: 1e-5, scale: 1 }, what);

const last = (outputs: NdArray) => {
  const [batch, length, units] = outputs.shape as [number, number, number];
  return outputs.slice([0, length - 1, 0], [batch, 1, units]).reshape([batch, units]);
};

/** The same in f64. */
const inF64 = {
  gate: (x: number) => Math.min(Math.max(0.2 * x + 0.5, 0), 1),
  activate: (x: number) => x / (1 + Math.abs(x)),
};

for (const [name, kind, layer, options] of [
  ['an lstm of hard gates', 'lstm', nn.lstm(4, { ...chosen, returnSequences: true }), inF64],
  ['a gru of hard gates', 'gru', nn.gru(4, { ...chosen, returnSequences: true }), inF64],
  [
    'a gru that resets before',
    'gru',
    nn.gru(4, { resetAfter: false, returnSequences: true }),
    { resetAfter: false },
  ],
] as const) {
  test(`${name}: outputs, and the gradient through time`, async () => {
    const x = spread([2, 5, 3], 1, [-1, 1]);
    layer.build([5, 3]);
    const values = await scatterVariables(layer);
    const reference = (y: NdArray) => unrolled(kind, y, values, undefined, options);
    await close(layer.forward(upload(x)), reference(x));
    await assertGradients({ f: (y) => layer.forward(y), reference, inputs: [x] });
  });
}

test('a gru that resets before does without biases, and carries its state over what is hidden', async () => {
  const layer = nn.gru(3, { resetAfter: false, bias: false }).build([4, 2]);
  const values = await scatterVariables(layer);
  const none = new NdArray([9]);
  const x = spread([2, 4, 2], 1, [-1, 1]);
  const mask = NdArray.build([2, 4], (_, i) => (i % 3 === 1 ? 0 : 1));
  const expected = unrolled('gru', x, [...values, none, none], mask, { resetAfter: false });
  const { state } = layer.run(upload(x), { mask: upload(mask).cast('bool') });
  await close(state[0]!, last(expected));
});

for (const kind of names) {
  test(`${kind}: outputs of all steps, of the last, and the gradient through time`, async () => {
    const x = spread([2, 5, 3], 1, [-1, 1]);
    const layer = kinds[kind](4, { returnSequences: true }).build([5, 3]);
    assert.equal(
      [...layer.namedVariables().keys()],
      ['weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0', 'bias_hh_l0'],
    );
    assert.is(layer.parameterCount, gates[kind] * 4 * (3 + 4 + 2));
    const values = await scatterVariables(layer);
    await close(layer.forward(upload(x)), unrolled(kind, x, values));
    const { state } = layer.run(upload(x));
    assert.is(state.length, statesOf(kind));
    await close(state[0]!, last(unrolled(kind, x, values)));
    await assertGradients({
      f: (y) => layer.forward(y),
      reference: (y) => unrolled(kind, y, values),
      inputs: [x],
    });
    const alone = kinds[kind](4).build([5, 3]);
    await io.setWeights(alone, await io.weightsOf(layer));
    await close(alone.forward(upload(x)), last(unrolled(kind, x, values)));
  });

  test(`${kind}: what PyTorch computes with the same weights`, async () => {
    const wanted = pytorch[kind];
    const layer = kinds[kind](2).build([4, 3]);
    const shapes = [
      [gates[kind] * 2, 3],
      [gates[kind] * 2, 2],
      [gates[kind] * 2],
      [gates[kind] * 2],
    ];
    const theirs = [...layer.namedVariables().keys()].map((name, k) => {
      const shape = shapes[k]!;
      return [name, { shape, dtype: 'f32', data: wave(shape, k) }] as const;
    });
    await io.importPytorch(layer, new Map(theirs));
    const x = upload(NdArray.build([2, 4, 3], (_, i) => Math.cos(0.9 * i)));
    const initialState = Array.from({ length: statesOf(kind) }, (_, s) =>
      upload(NdArray.build([2, 2], (_, i) => Math.sin(0.5 * i + s))),
    );
    const { sequence, state } = layer.run(x, { initialState });
    const weights = upload(NdArray.build([2, 4, 2], (_, i) => Math.cos(1.7 * i)));
    const named = layer.namedVariables();
    const [slope, hidden, bias] = grad(sequence.mul(weights).sum(), [
      x,
      named.get('weight_hh_l0')!,
      named.get('bias_hh_l0')!,
    ]) as [Tensor, Tensor, Tensor];
    await close(sequence, new NdArray([2, 4, 2], wanted.sequence));
    await close(state.at(-1)!, new NdArray([2, 2], wanted.last));
    await close(slope, new NdArray([2, 4, 3], wanted.slope));
    const turned = hidden.transpose() as Tensor;
    await close(turned, new NdArray(turned.shape, wanted.weights));
    await close(bias, new NdArray(bias.shape, wanted.bias));
  });

  test(`${kind}: carries the state over steps that are not there`, async () => {
    const x = spread([2, 5, 3], 1, [-1, 1]);
    const layer = kinds[kind](4).build([5, 3]);
    const values = await scatterVariables(layer);
    const mask = new NdArray([2, 5], [1, 1, 1, 0, 0, 0, 1, 0, 1, 1]);
    const { sequence } = layer.run(upload(x), { mask: upload(mask, 'bool') });
    await close(sequence, unrolled(kind, x, values, mask));
  });

  test(`${kind}: from the end, and both ways`, async () => {
    const x = spread([2, 5, 3], 1, [-1, 1]);
    const turned = x.flip([1]);
    const layer = kinds[kind](4, { goBackwards: true, returnSequences: true }).build([5, 3]);
    const own = await scatterVariables(layer);
    await close(layer.forward(upload(x)), unrolled(kind, turned, own));

    for (const mergeMode of ['concat', 'sum', 'mul', 'ave'] as const) {
      const both = nn.bidirectional(kinds[kind](2, { returnSequences: true }), { mergeMode });
      both.build([5, 3]);
      const values = await scatterVariables(both);
      assert.ok([...both.namedVariables().keys()].includes('back.weight_hh_l0'));
      const ahead = unrolled(kind, x, values.slice(0, 4));
      const back = unrolled(kind, turned, values.slice(4)).flip([1]);
      const merged = {
        concat: NdArray.build([2, 5, 4], ([n, t, u]) =>
          u! < 2 ? ahead.at(n!, t!, u!) : back.at(n!, t!, u! - 2),
        ),
        sum: ahead.zip(back, (a, b) => a + b),
        mul: ahead.zip(back, (a, b) => a * b),
        ave: ahead.zip(back, (a, b) => (a + b) / 2),
      };
      await close(both.forward(upload(x)), merged[mergeMode], mergeMode);
    }
    const lasts = nn.bidirectional(kinds[kind](2)).build([5, 3]);
    const values = await scatterVariables(lasts);
    const [ahead, back] = [x, turned].map((y, i) =>
      last(unrolled(kind, y, values.slice(4 * i, 4 * i + 4))),
    ) as [NdArray, NdArray];
    await close(
      lasts.forward(upload(x)),
      NdArray.build([2, 4], ([n, u]) => (u! < 2 ? ahead.at(n!, u!) : back.at(n!, u! - 2))),
    );
  });
}

test('an LSTM forgets little at first', async () => {
  const bias = nn.lstm(2).build([4, 3]).namedVariables().get('bias_ih_l0')!;
  assertSame(await download(bias.value), new NdArray([8], [0, 0, 1, 1, 0, 0, 0, 0]));
});

test('kernels of a step serve all steps', async () => {
  const compiled = async (length: number) => {
    const layer = nn.lstm(8).build([length, 4]);
    const y = layer.forward(upload(spread([4, length, 4], 1, [-1, 1])));
    await realize(y, ...grad(y.sum(), layer.variables));
    return (await device()).counters.pipelines;
  };
  await compiled(6);
  const few = await compiled(40);
  // What differs is how many gradients of weights are added up at once.
  assert.ok((await compiled(80)) - few < 8);
});

test('without biases, with another activation, and with dropout', async () => {
  const x = upload(spread([2, 4, 3], 1, [-1, 1]));
  const layer = nn.simpleRNN(2, { activation: 'relu', bias: false, dropout: 1 }).build([4, 3]);
  assert.is(layer.variables.length, 2);
  assert.ok((await layer.forward(x).min().item()) >= 0);
  assert.is(await layer.forward(x, { training: true }).abs().sum().item(), 0);
});

test('what does not fit', () => {
  const x = (...shape: number[]) => upload(new NdArray(shape));
  refuses(() => nn.lstm(0), ArgumentError, /^lstm: units 0 must be/);
  const misspelt = { activaton: 'relu' } as never;
  for (const [name, layer] of Object.entries({
    simpleRNN: nn.simpleRNN,
    lstm: nn.lstm,
    gru: nn.gru,
  })) {
    const known = new RegExp(`^${name}: there is no option 'activaton'. Did you mean 'activation'`);
    refuses(() => layer(2, misspelt), ArgumentError, known);
    refuses(() => layer(2, null as never), ArgumentError, new RegExp(`^${name}: options must be`));
  }
  refuses(() => nn.lstm(2).run([1] as never), ArgumentError, /^lstm: /);
  refuses(
    () => nn.gru(2, { returnState: true } as object),
    ArgumentError,
    /no option 'returnState'/,
  );
  refuses(() => nn.gru(2).forward(x(2, 3)), ShapeError, /^gru: needs sequences \[batch, length/);
  refuses(() => nn.gru(2).run(x(2, 0, 3)), ShapeError, /needs sequences/);
  const layer = nn.lstm(2).build([4, 3]);
  const run = (options: nn.RunOptions) => () => layer.run(x(1, 4, 3), options);
  refuses(run({ initialState: [x(1, 2)] }), ShapeError, /a state is 2 of \[1,2\], got \[1,2\]/);
  refuses(run({ mask: x(1, 4) }), DTypeError, /mask must be bool, got f32/);
  refuses(run({ mask: upload(new NdArray([4]), 'bool') }), ShapeError, /mask must be \[1,4\]/);
  const dense = nn.dense(2) as unknown as nn.Recurrent;
  refuses(() => nn.bidirectional(dense), ArgumentError, /takes a recurrent layer/);
});

test.run();
