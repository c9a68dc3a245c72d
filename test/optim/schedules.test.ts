import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, optim, Variable, zeros } from '../../src/index.ts';

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

test("are PyTorch's of the same numbers", () => {
  // torch.optim.lr_scheduler of PyTorch 1.13, whose optimizer begins with a rate of 0.5.
  const theirs: [schedule: optim.Schedule, rates: number[]][] = [
    [
      schedules.multiStep(0.5, [3, 7, 8], 0.2),
      [0.5, 0.5, 0.5, 0.1, 0.1, 0.1, 0.1, 0.02, 0.004, 0.004],
    ],
    [
      schedules.polynomial(0.5, 0, 9, 2),
      [
        0.5, 0.3950617284, 0.3024691358, 0.2222222222, 0.1543209877, 0.0987654321, 0.05555555556,
      ].concat([0.02469135802, 0.006172839506, 0, 0]),
    ],
    [
      schedules.cosineRestarts(0.5, 0.1, 3, 2),
      [0.5, 0.4, 0.2, 0.5, 0.4732050808, 0.4, 0.3, 0.2, 0.1267949192, 0.5, 0.4931851653].concat([
        0.4732050808, 0.4414213562, 0.4,
      ]),
    ],
    [schedules.step(0.5, 3, 0.2), [0.5, 0.5, 0.5, 0.1, 0.1, 0.1, 0.02, 0.02]],
    [schedules.exponential(0.5, 0.9), [0.5, 0.45, 0.405, 0.3645, 0.32805]],
    [schedules.linear(0.5, 0.1, 4), [0.5, 0.4, 0.3, 0.2, 0.1, 0.1, 0.1]],
    [
      schedules.cosine(0.5, 0.1, 5),
      [0.5, 0.4618033989, 0.3618033989, 0.2381966011, 0.1381966011, 0.1],
    ],
    [
      schedules.warmUp(4, schedules.cosine(0.5, 0.1, 5), { from: 0.25 }),
      [0.125, 0.21875, 0.3125, 0.40625, 0.5, 0.4618033989, 0.3618033989, 0.2381966011].concat([
        0.1381966011, 0.1,
      ]),
    ],
    [
      schedules.oneCycle(0.5, 11),
      [0.02, 0.2111705569, 0.4801307124, 0.4898732839, 0.4422378624, 0.3630435246].concat([
        0.265291354, 0.1650290145, 0.0787162564, 0.0205227716,
      ]),
    ],
    [schedules.warmUp(5, 0.5, { from: 0 }), [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.5]],
    [schedules.warmUp(5, 0.5, { from: 0.25 }), [0.125, 0.2, 0.275, 0.35, 0.425, 0.5, 0.5]],
    [
      schedules.sequential([schedules.constant(0.05), schedules.exponential(0.5, 0.9)], [4]),
      [0.05, 0.05, 0.05, 0.05, 0.5, 0.45, 0.405, 0.3645, 0.32805],
    ],
    [
      schedules.oneCycle(0.5, 14, { anneal: 'linear' }),
      [0.02, 0.17, 0.32, 0.47, 0.4591838367, 0.4081636327, 0.3571434286, 0.3061232245].concat([
        0.2551030204, 0.2040828163, 0.1530626122, 0.1020424082, 0.05102220408,
      ]),
    ],
  ];
  for (const [schedule, rates] of theirs) {
    rates.forEach((rate, step) => {
      assert.ok(
        Math.abs(schedule(step) - rate) < 1e-9,
        `step ${step}: ${schedule(step)}, not ${rate}`,
      );
    });
    const lr = optim.sgd([new Variable(zeros([1]))], { lr: schedule }).settings.lr;
    assert.equal(JSON.parse(JSON.stringify(lr)), lr, 'described in JSON');
  }
  const even = schedules.cosineRestarts(1, 0, 4);
  gives(even, [
    [0, 1],
    [2, 0.5],
    [4, 1],
    [4e6 + 2, 0.5],
  ]);
});

test('milestones and parts that make no sense are refused', () => {
  for (const make of [
    () => schedules.multiStep(1, [3, 3]),
    () => schedules.multiStep(1, [0.5]),
    () => schedules.multiStep(1, 3 as never),
    () => schedules.sequential([schedules.constant(1)], [3]),
    () => schedules.sequential([3 as never, schedules.constant(1)], [3]),
    () => schedules.warmUp(3, 1, { from: 2 }),
    () => schedules.polynomial(1, 0, 5, 0),
    () => schedules.cosineRestarts(1, 0, 2.5),
    () => schedules.oneCycle(1, 9, { anneal: 'cos' as never }),
  ]) {
    assert.throws(make, (error: Error) => error instanceof ArgumentError);
  }
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
    () => schedules.warmUp(5, undefined as never),
    () => schedules.warmUp(0, 1),
    () => schedules.oneCycle(1, 10, { rise: 2 }),
    () => schedules.exponential(Number.POSITIVE_INFINITY, 0.5),
  ];
  for (const make of refused) {
    assert.throws(make, (error: Error) => error instanceof ArgumentError);
  }
});

test.run();
