import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, optim } from '../../src/index.ts';

const test = suite('reduceOnPlateau');

/** The rates after each value, starting with 1. */
function rates(plateau: optim.Plateau, values: readonly number[], start = 1): number[] {
  let lr = start;
  return values.map((value) => {
    lr = plateau.update(value, lr);
    return lr;
  });
}

test('waits for as many values without improvement as it has patience', () => {
  const plateau = optim.reduceOnPlateau({ factor: 0.5, patience: 2, minDelta: 0.1 });
  assert.equal(
    rates(plateau, [5, 4, 3.95, 3.5, 3.45, 3.45, 3.45, 3.45, 3.2]),
    [1, 1, 1, 1, 1, 0.5, 0.5, 0.25, 0.25],
  );
});

test('takes large values for good where asked, and never a NaN', () => {
  const plateau = optim.reduceOnPlateau({ mode: 'max', patience: 1 });
  assert.equal(rates(plateau, [Number.NaN, 0.5, 0.6, 0.6]), [0.1, 0.1, 0.1, 0.1 * 0.1]);
});

test('stops at the least rate, and raises none', () => {
  const options = { factor: 0.1, patience: 1, minLr: 0.05 };
  assert.equal(rates(optim.reduceOnPlateau(options), [1, 1, 1, 1]), [1, 0.1, 0.05, 0.05]);
  assert.equal(rates(optim.reduceOnPlateau(options), [1, 1], 0.01), [0.01, 0.01]);
});

test('counts nothing while it cools down, and goes on cooling from its state', () => {
  const options = { factor: 0.5, patience: 2, cooldown: 2 };
  const values = [1, 2, 2, 2, 2, 2, 2, 0.5, 2, 2];
  // Lowered at the third; the next two are not counted, the two behind them lower it again.
  const expected = [1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25];
  assert.equal(rates(optim.reduceOnPlateau(options), values), expected);
  for (let cut = 0; cut < values.length; cut++) {
    const [first, second] = [optim.reduceOnPlateau(options), optim.reduceOnPlateau(options)];
    rates(first, values.slice(0, cut));
    second.restore(JSON.parse(JSON.stringify(first.state())));
    const start = expected[cut - 1] ?? 1;
    assert.equal(rates(second, values.slice(cut), start), expected.slice(cut));
  }
});

test('a threshold is a part of the best value', () => {
  const options = { factor: 0.5, patience: 1, minDelta: 0, threshold: 0.1 };
  assert.equal(rates(optim.reduceOnPlateau(options), [-10, -10.5, -11.5]), [1, 0.5, 0.5]);
  assert.equal(
    rates(optim.reduceOnPlateau({ ...options, mode: 'max' }), [10, 10.9, 11.1]),
    [1, 0.5, 0.5],
  );
  assert.throws(() => optim.reduceOnPlateau({ cooldown: 0.5 }), /cooldown/);
});

test("lowers where PyTorch's does, whose patience is one less", () => {
  // torch.optim.lr_scheduler.ReduceLROnPlateau of PyTorch 1.13, which begins with a rate of 1.
  const losses = [3, 2, 2.1, 1.9999, 2, 2, 2, 2, 1.5, 1.6, 1.7, 1.8, 1.9, 2, 2, 2, 2, 2];
  // factor=0.5, patience=2, cooldown=2, threshold=0.01
  const relative = { factor: 0.5, patience: 3, cooldown: 2, threshold: 0.01, minDelta: 0 };
  assert.equal(rates(optim.reduceOnPlateau(relative), losses), [
    ...[1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25],
    ...[0.25, 0.25, 0.25, 0.25, 0.125, 0.125],
  ]);
  const scores = [0.5, 0.6, 0.6, 0.59, 0.61, 0.61, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7];
  // patience=1, cooldown=1, mode='max', threshold=0.05, threshold_mode='abs', min_lr=0.02
  const absolute = { patience: 2, cooldown: 1, mode: 'max', minDelta: 0.05, minLr: 0.02 } as const;
  assert.equal(rates(optim.reduceOnPlateau(absolute), scores), [
    ...[1, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.02, 0.02, 0.02, 0.02],
  ]);
});

test('goes on from its state', () => {
  const values = [3, 2, 2, 2, 1, 1, 1, 1, 1];
  const options = { patience: 3, factor: 0.5 };
  const whole = rates(optim.reduceOnPlateau(options), values);
  for (let cut = 0; cut < values.length; cut++) {
    const first = optim.reduceOnPlateau(options);
    const start = rates(first, values.slice(0, cut));
    const second = optim.reduceOnPlateau(options);
    second.restore(JSON.parse(JSON.stringify(first.state())));
    assert.equal([...start, ...rates(second, values.slice(cut), start.at(-1) ?? 1)], whole);
  }
});

test('refuses options it cannot work with', () => {
  for (const options of [{ factor: 1 }, { factor: 0 }, { patience: 0 }, { minLr: -1 }]) {
    assert.throws(
      () => optim.reduceOnPlateau(options),
      (error: Error) => error instanceof ArgumentError,
    );
  }
});

test.run();
