import type { Operator } from './call.ts';
import { elementOperators } from './elements.ts';
import { elementwiseOperators } from './elementwise.ts';
import { regionOperators } from './images/regions.ts';
import { resizeOperators } from './images/resize.ts';
import { samplingOperators } from './images/sampling.ts';
import { windowOperators } from './images/windows.ts';
import { indexingOperators } from './indexing.ts';
import { linearOperators } from './linear.ts';
import { lossOperators } from './losses.ts';
import { normalizationOperators } from './normalization.ts';
import { quantizationOperators } from './quantization.ts';
import { randomOperators } from './random.ts';
import { reductionOperators } from './reductions.ts';
import { scatteringOperators } from './scattering.ts';
import { recurrentOperators } from './sequences/recurrent.ts';
import { shapeOperators } from './shapes.ts';
import { signalOperators } from './signals.ts';
import { sequenceOperators } from './tensor-sequences.ts';
import { valueOperators } from './values.ts';

/** Halves are computed with as f32, as ONNX Runtime does on a CPU, and what comes of them is halves again. */
function ofHalves(operator: Operator): Operator {
  return (call) => {
    if (!call.given.some(({ dtype }) => dtype === 'f16')) return operator(call);
    const widened = call.inputs.map((x) => (x?.dtype === 'f16' ? x.cast('f32') : x));
    return [operator(call.with(widened))]
      .flat()
      .map((output) =>
        output && 'dtype' in output && output.dtype === 'f32' ? output.cast('f16') : output,
      );
  };
}

const ofFloats = {
  ...linearOperators,
  ...lossOperators,
  ...normalizationOperators,
  ...recurrentOperators,
  ...reductionOperators,
  ...resizeOperators,
  ...samplingOperators,
  ...signalOperators,
  ...windowOperators,
};

/** The operators that are computed, by their names in ONNX' default domain. */
export const operators: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    ...elementOperators,
    ...elementwiseOperators,
    ...indexingOperators,
    ...quantizationOperators,
    ...randomOperators,
    ...regionOperators,
    ...scatteringOperators,
    ...sequenceOperators,
    ...shapeOperators,
    ...valueOperators,
    ...Object.fromEntries(
      Object.entries(ofFloats).map(([name, operator]) => [name, ofHalves(operator)]),
    ),
  }),
);
