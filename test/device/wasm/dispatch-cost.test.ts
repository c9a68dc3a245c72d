import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DispatchCost } from '../../../src/device/wasm/dispatch-cost.ts';

/** Runs a dispatch that takes so long on one thread and on all; whether it ended up shared. */
function settle(cost: DispatchCost, alone: number, shared: number): boolean {
  for (let run = 0; run < 130; run++) {
    const isShared = cost.begin();
    if (cost.isTimed) cost.end(isShared ? shared : alone, isShared);
  }
  return cost.begin();
}

test('counts invocations until a run was timed', () => {
  assert.is(new DispatchCost(1, 100000, 4).begin(), false, 'one workgroup cannot be shared');
  assert.is(new DispatchCost(1000, 1000, 1).begin(), false, 'nor by one thread');
  assert.is(new DispatchCost(8, 64, 4).begin(), false);
  assert.is(new DispatchCost(64, 64, 4).begin(), true);
});

test('then goes by the time it takes one thread', () => {
  assert.is(settle(new DispatchCost(4, 8, 2), 0.05, 0.03), true, 'few invocations, much work');
  assert.is(settle(new DispatchCost(100, 64, 2), 0.002, 0.0025), false, 'the reverse');
  assert.is(settle(new DispatchCost(100, 64, 2), 0.02, 0.02), true, 'threads may wake up yet');
});

test('does not try on one thread what takes long', () => {
  const cost = new DispatchCost(100, 64, 4);
  for (let run = 0; run < 300; run++) {
    assert.is(cost.begin(), true);
    if (cost.isTimed) cost.end(50, true);
  }
});

test('is timed often at first, then seldom', () => {
  const cost = new DispatchCost(100, 64, 2);
  const timed = Array.from({ length: 256 }, () => {
    cost.begin();
    return cost.isTimed;
  });
  assert.is(timed.slice(0, 8).every(Boolean), true);
  assert.is(timed.filter(Boolean).length, 11);
});

test('one slow run decides nothing', () => {
  const cost = new DispatchCost(100, 64, 2);
  settle(cost, 0.01, 0.006);
  cost.end(3, false);
  cost.end(3, true);
  assert.is(cost.begin(), true);
});

test.run();
