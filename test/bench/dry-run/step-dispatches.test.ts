// Steps on a GPU that is not there: how many dispatches they are, and that those are the real ones.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type StepModel, stepModels } from '../../../bench/dry-run/step.ts';
import { stepDispatches } from '../../../bench/dry-run/step-dispatches.ts';
import { prepareTrainStep } from '../../../bench/peers/wgrad/training.ts';
import * as wgrad from '../../../src/index.ts';

const test = suite('bench dry run');

/** Each dispatch costs microseconds on both sides, so a step may not have more than these. */
const most: Readonly<Record<StepModel, number>> = {
  dnn: 14,
  convnet: 25,
  resnet: 44,
  resnet50: 317,
};

for (const model of stepModels) {
  test(`a step of ${model} at batch 128 is at most ${most[model]} dispatches`, async () => {
    const { length } = await stepDispatches(model, 128);
    assert.ok(length > 0 && length <= most[model], `${length} dispatches`);
  });
}

test('the dispatches are those of a device that computes with the same limits', async () => {
  const device = await wgrad.setDevice('wasm');
  try {
    const work = {
      kind: 'trainStep',
      model: 'convnet',
      batch: 4,
      learningRate: 1e-3,
      compiled: false,
    } as const;
    const { run } = prepareTrainStep(wgrad, device, work);
    await run();
    const before = device.counters.dispatches;
    await run();
    const dry = await stepDispatches('convnet', 4, device.limits);
    assert.is(dry.length, device.counters.dispatches - before);
  } finally {
    wgrad.closeDevice();
  }
});

test('a dispatch has its parameters, its workgroups and the bytes it is bound to', async () => {
  const [first] = await stepDispatches('dnn', 32);
  assert.ok(first);
  assert.match(first.program.source, /@compute/);
  assert.ok(first.workgroups > 0 && first.params.length > 0);
  assert.ok(first.bindings.every(({ bytes }) => bytes > 0));
});

test.run();
