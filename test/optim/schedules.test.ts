import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, optim } from '../../src/index.ts';

const { schedules } = optim;
const test = suite('learning rate schedules');

function gives(schedule: optim.Schedule, expected: readonly (readonly [number, number])[]): void {
  for (const [step, rate] of expected) {
    const actual = schedule(step);
    assert.ok(Math.abs(actual - rate) < 1e-12, `step ${step}: ${actual}, not ${rate}`);
  }
}

test('are what their formulas say', () => {
  gives(schedules.constant(0.3), [
    [0, 0.3],
    [1e6, 0.3],
  ]);
  gives(schedules.step(1, 10, 0.5), [
    [0, 1],
    [9, 1],
    [10, 0.5],
    [29, 0.25],
  ]);
  gives(schedules.exponential(2, 0.9), [
    [0, 2],
    [1, 1.8],
    [3, 2 * 0.729],
  ]);
  gives(schedules.linear(1, 0.2, 4), [
    [0, 1],
    [1, 0.8],
    [4, 0.2],
    [9, 0.2],
  ]);
  gives(schedules.cosine(1, 0.5, 6), [
    [0, 1],
    [2, 0.5 + 0.25 * 1.5],
    [3, 0.75],
    [6, 0.5],
    [60, 0.5],
  ]);
  gives(schedules.warmUp(4, 1), [
    [0, 0.2],
    [3, 0.8],
    [4, 1],
    [7, 1],
  ]);
  gives(schedules.warmUp(1, schedules.step(1, 2, 0.5)), [
    [0, 0.5],
    [1, 1],
    [2, 1],
    [3, 0.5],
  ]);
});

test("one cycle has PyTorch's turning points and defaults", () => {
  // rise · steps − 1 = 2: from 0.04 to 1 in two steps, then down to 4e-6 in seven.
  const fall = (step: number) =>
    4e-6 + ((1 - 4e-6) * (1 + Math.cos((Math.PI * (step - 2)) / 7))) / 2;
  gives(schedules.oneCycle(1, 10), [
    [0, 0.04],
    [1, 0.52],
    [2, 1],
    [5, fall(5)],
    [8, fall(8)],
    [9, 4e-6],
    [10, 4e-6],
  ]);
  gives(schedules.oneCycle(1, 5, { rise: 0.5, from: 0.2, to: 0 }), [
    [0, 0.2],
    [1, 0.2 + 0.8 * 0.75],
    [4, 0],
  ]);
  gives(schedules.oneCycle(1, 1), [[0, 0.04 / 1e4]]);
});

test('stay between their ends, whatever their numbers', () => {
  const rate = fc.double({ min: 0, max: 10, noNaN: true });
  const steps = fc.integer({ min: 1, max: 1000 });
  fc.assert(
    fc.property(rate, rate, steps, fc.nat(2000), (from, to, count, at) => {
      const within = (value: number, ...ends: number[]) =>
        value >= Math.min(...ends) - 1e-9 && value <= Math.max(...ends) + 1e-9;
      const rise = at / 2000;
      return (
        within(schedules.linear(from, to, count)(at), from, to) &&
        within(schedules.cosine(from, to, count)(at), from, to) &&
        within(schedules.oneCycle(from, count, { rise, to })(at), 0, from, to) &&
        within(schedules.warmUp(count, from)(at), 0, from)
      );
    }),
  );
});

test('refuse what makes no schedule', () => {
  const refused = [
    () => schedules.step(1, 0),
    () => schedules.linear(1, 0, 0),
    () => schedules.cosine(1, Number.NaN, 5),
    () => schedules.warmUp(0, 1),
    () => schedules.oneCycle(1, 10, { rise: 2 }),
    () => schedules.exponential(Number.POSITIVE_INFINITY, 0.5),
  ];
  for (const make of refused) {
    assert.throws(make, (error: Error) => error instanceof ArgumentError);
  }
});

test.run();
