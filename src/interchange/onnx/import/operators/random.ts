import { normal, uniform } from '../../../../tensor/random/index.ts';
import type { AnyTensor } from '../../../../tensor/tensor.ts';
import { dtypeOfElements } from '../../tensor-proto.ts';
import type { Operator, OperatorCall } from './call.ts';

// Seeds in files are left aside: random.seed is what decides, as everywhere.

type Draw = (shape: readonly number[], call: OperatorCall) => AnyTensor;

const drawNormal: Draw = (shape, call) =>
  normal(shape, { mean: call.float('mean', 0), std: call.float('scale', 1) });
const drawUniform: Draw = (shape, call) =>
  uniform(shape, { low: call.float('low', 0), high: call.float('high', 1) });

const ofShape =
  (draw: Draw): Operator =>
  (call) =>
    draw(call.ints('shape') ?? [], call).cast(dtypeOfElements(call.int('dtype', 1), call.what));

/** The dtype that the node asks for, or that of its input. */
function like(x: AnyTensor, call: OperatorCall): AnyTensor {
  const asked = call.int('dtype');
  return x.cast(asked === undefined ? call.x.dtype : dtypeOfElements(asked, call.what));
}

/** What draws random numbers. */
export const randomOperators: Readonly<Record<string, Operator>> = {
  Bernoulli: (call) => like(uniform(call.x.shape).less(call.x.cast('f32')), call),
  RandomNormal: ofShape(drawNormal),
  RandomNormalLike: (call) => like(drawNormal(call.x.shape, call), call),
  RandomUniform: ofShape(drawUniform),
  RandomUniformLike: (call) => like(drawUniform(call.x.shape, call), call),
};
