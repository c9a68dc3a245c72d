// The model of steps on several ranks.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exposedSeconds, networkOf, ringSeconds, turns } from '../../bench/scale/step-time.ts';

const test = suite('bench scale');

const close = (found: number, wanted: number) =>
  assert.ok(Math.abs(found - wanted) <= 1e-9 * Math.abs(wanted), `${found} for ${wanted}`);

test('a ring of four sends six times a quarter, and a rank alone nothing', () => {
  const network = { latency: 0.5, bandwidth: 100 };
  close(ringSeconds(4, 400, network), 6 * (0.5 + 1));
  assert.is(ringSeconds(1, 400, network), 0);
});

test('the network is what made two ranks take so long', () => {
  const network = { latency: 1e-5, bandwidth: 2e9 };
  const found = networkOf(ringSeconds(2, 0, network), ringSeconds(2, 1e6, network), 1e6);
  close(found.latency, network.latency);
  close(found.bandwidth, network.bandwidth);
});

test('more ranks than processors take turns', () => {
  assert.equal(
    [1, 2, 4].map((ranks) => turns(ranks, 2)),
    [1, 1, 2],
  );
});

test('what is summed beside the backward pass is waited for by the last bucket, or by what is left', () => {
  assert.is(exposedSeconds(4, 100, 4), 1);
  assert.is(exposedSeconds(10, 4, 4), 7);
  assert.is(exposedSeconds(10, 4, 1), 10);
});

test.run();
