import * as assert from 'uvu/assert';
import * as onnx from '../../../src/interchange/onnx/index.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';
import type { AnyTensor } from '../../../src/tensor/tensor.ts';
import { close, wave } from './numbers.ts';
import { runElsewhere } from './onnx-runtime.ts';

export type Outputs = AnyTensor | Readonly<Record<string, AnyTensor>>;

/** A few roundings of f16. */
const HALVES = 2 ** -9;

/** ONNX Runtime, and the graph that is read back, compute the same, with sizes other than those it was traced with. */
export async function sameElsewhere(
  compute: (x: AnyTensor) => Outputs,
  shape: readonly number[],
  open: readonly number[] = [0],
): Promise<void> {
  const given = shape.map((size, axis) => (open.includes(axis) ? `size${axis}` : size));
  const bytes = await onnx.encode(({ x }) => compute(x as AnyTensor), { x: given });
  const back = await onnx.decode(bytes);
  const data = wave(
    shape.reduce((a, b) => a * b),
    -3,
    3,
  );
  const x = tensor(data, shape);
  const found = await runElsewhere(bytes, { x: { shape, dtype: 'f32', data } });
  const again = back.run({ x });
  const outputs = compute(x);
  for (const name of Object.keys(found)) {
    const expected = (back.outputs.length > 1 ? Reflect.get(outputs, name) : outputs) as AnyTensor;
    const values = Array.from(await expected.data(), Number);
    const tolerance = expected.dtype === 'f16' ? HALVES : undefined;
    assert.equal(found[name]?.shape, expected.shape, name);
    assert.equal(again[name]?.shape, expected.shape, name);
    close(found[name]?.data ?? [], values, `${name} in ONNX Runtime`, tolerance);
    close(Array.from((await again[name]?.data()) ?? [], Number), values, name, tolerance);
  }
}
