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
