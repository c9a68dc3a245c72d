import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assembleDevice } from '../../../src/device/wasm/assemble.ts';
import { compile } from '../../../src/device/wasm/compiler/compile.ts';
import { closeDevice, grad, setDevice, tensor } from '../../../src/index.ts';

test('computes on one thread where memory cannot be shared, as in pages that are not isolated', async () => {
  await setDevice(await assembleDevice(compile, { shared: false }));
  try {
    const x = tensor([
      [0.1, 0.2],
      [0.3, 0.4],
    ]);
    // The gradient of the sum of x · xᵀ is twice the sum of each column.
    const [slope] = grad(x.matMul(x.transpose()).sum(), [x]);
    const values = await slope.data();
    [0.8, 1.2, 0.8, 1.2].forEach((value, i) => {
      assert.ok(Math.abs((values[i] as number) - value) < 1e-6, String(values));
    });
  } finally {
    closeDevice();
  }
});

test.run();
