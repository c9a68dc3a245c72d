import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { convnet, dnn, resnet } from '../../examples/mnist/models.ts';
import { requestAdapter } from '../../src/device/webgpu/adapter.ts';
import { WebGpuDevice } from '../../src/device/webgpu/webgpu-device.ts';
import {
  closeDevice,
  data,
  losses,
  type nn,
  openDevice,
  optim,
  random,
  setDevice,
  tensor,
} from '../../src/index.ts';
import { asGpu } from '../graph/as-gpu.ts';

const test = suite('a WebGPU device of core limits');

const BATCH = 8;
const STEPS = 2;

/** The losses of a few steps on the device in use, and of a batch in evaluation. */
async function train(build: () => nn.Layer): Promise<number[]> {
  random.seed(1);
  const { train: digits } = data.syntheticDigits({ train: BATCH * STEPS, test: 1, seed: 1 });
  const model = build().build([28, 28, 1]);
  const optimizer = optim.adam(model.variables, { lr: 1e-3, clipNorm: 1 });
  const values: number[] = [];
  for await (const { inputs, targets } of data.fromImages(digits).batch(BATCH).epoch(0)) {
    const loss = losses.crossEntropy(model.forward(inputs, { training: true }), targets);
    await optimizer.step(loss);
    values.push(await loss.item());
  }
  const outputs = model.forward(tensor(digits.images, [BATCH * STEPS, 28, 28, 1]).cast('f32'));
  values.push(await outputs.softmax().square().mean().item());
  return values;
}

/** A device with the smallest limits of the standard and no feature, as any browser on any phone has it. */
async function coreDevice(): Promise<WebGpuDevice> {
  const adapter = await requestAdapter();
  const gpu = await adapter.requestDevice();
  assert.is(gpu.limits.maxStorageBuffersPerShaderStage, 8);
  assert.is(gpu.limits.maxComputeWorkgroupStorageSize, 16384);
  assert.is(gpu.limits.maxComputeInvocationsPerWorkgroup, 256);
  assert.not(gpu.features.has('timestamp-query'));
  assert.not(gpu.features.has('shader-f16'));
  return new WebGpuDevice(gpu, adapter.info);
}

for (const [name, build] of Object.entries({ dnn, convnet, resnet })) {
  for (const [kernels, as] of [
    ['a CPU', (device: WebGpuDevice) => device],
    ['a GPU', asGpu],
  ] as const) {
    test(`${name} trains on it by the kernels for ${kernels}`, async () => {
      await setDevice('wasm');
      const expected = await train(build);
      closeDevice();
      const device = await coreDevice();
      await setDevice(as(device));
      const found = await train(build);
      await device.finish();
      closeDevice();
      found.forEach((value, i) => {
        const difference = Math.abs(value - (expected[i] as number));
        assert.ok(difference < 1e-3, `${found} and on the CPU ${expected}`);
      });
    });
  }
}

const { device: tested } = await openDevice();
tested.destroy();
if (tested.kind === 'webgpu') {
  test.run();
} else {
  const skipped = suite('a WebGPU device of core limits');
  skipped.skip('is tested where WebGPU is', () => {});
  skipped.run();
}
