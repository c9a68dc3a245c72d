// What a sweep measures is what a tuned device asks for, by the same names.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { problems } from '../../../bench/gpu/problems.ts';
import type { DeviceLimits } from '../../../src/device/device.ts';
import { schedule } from '../../../src/graph/schedule/schedule.ts';
import { Choices } from '../../../src/graph/tuning/choices.ts';
import { conv2d, grad, zeros } from '../../../src/index.ts';
import { STANDARD_LIMITS } from '../../graph/limits.ts';
import { kinds } from '../../kernels/harness.ts';

const test = suite('bench gpu problems');
const limits: DeviceLimits = { ...STANDARD_LIMITS, ...kinds.gpu };

test('are those that a plan of the same product or convolution would have measured', () => {
  const [image, filter] = [zeros([2, 7, 7, 8]), zeros([3, 3, 8, 12])];
  const result = conv2d(image, filter, { padding: 'same' });
  const work = [
    zeros([40, 70]).matMul(zeros([70, 36])),
    result,
    ...grad(result.square().sum(), [image, filter]),
  ];
  const choices = new Choices();
  schedule(
    work.map(({ node }) => node),
    [],
    limits,
    choices,
  );
  const met = [...choices.takeMissing()].filter(([name]) => /^(matmul|conv2d)/.test(name));
  const swept = problems(limits, true);
  assert.equal(swept.map(({ tuned }) => tuned).sort(), met.map(([name]) => name).sort());
  for (const { tuned, ways, variants } of swept) {
    assert.equal(ways, [...(new Map(met).get(tuned)?.ways.keys() ?? [])]);
    assert.ok(ways.every((way) => variants.has(way)));
  }
});

test.run();
