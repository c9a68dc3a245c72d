import { requireNumber } from '../../../arguments.ts';
import { MAX_F32 } from '../../../kernels/dtype.ts';
import { requireDType } from '../../require-dtype.ts';
import type { AnyTensor } from '../../tensor.ts';
import { where } from '../where.ts';
import { FLOATS } from './unary-op.ts';

// Elementwise ops that a number or a tensor of weights sets: compositions, which fuse.

/** x above 0, slope · x below. The slope is 0.01 if left out, as in PyTorch. */
export function leakyRelu(x: AnyTensor, slope = 0.01): AnyTensor {
  requireNumber('leakyRelu', { slope });
  requireDType('leakyRelu', x, FLOATS);
  return where(x.greater(0), x, x.mul(slope));
}

/** x above 0, alpha · x below, with an alpha for each element that it broadcasts to. */
export function prelu(x: AnyTensor, alpha: AnyTensor): AnyTensor {
  requireDType('prelu', x, FLOATS);
  return where(x.greater(0), x, x.mul(alpha));
}

/** x above 0, alpha · (e^(x / alpha) − 1) below (Barron, "Continuously differentiable ELUs", 2017). */
export function celu(x: AnyTensor, alpha = 1): AnyTensor {
  requireNumber('celu', { alpha }, { above: 0 });
  requireDType('celu', x, FLOATS);
  return where(x.greater(0), x, x.minimum(0).div(alpha).expm1().mul(alpha));
}

/** 1 above 0, alpha at 0 and below; NaN stays. No gradient passes. */
export function step(x: AnyTensor, alpha = 0): AnyTensor {
  requireNumber('step', { alpha });
  requireDType('step', x, FLOATS);
  const known = x.stopGradient();
  return where(known.isNan(), known, where(known.greater(0), 1, alpha).cast(x.dtype));
}

/** Numbers for NaN, ∞ and −∞: 0 and the largest of the dtype if left out. Those have no gradient. */
export function nanToNum(
  x: AnyTensor,
  nan = 0,
  positive = largest(x),
  negative = -largest(x),
): AnyTensor {
  requireNumber('nanToNum', { nan, positive, negative });
  requireDType('nanToNum', x, FLOATS);
  const ends = where(x.greater(0), positive, negative).cast(x.dtype);
  return where(x.isFinite(), x, where(x.isNan(), nan, ends));
}

function largest({ dtype }: AnyTensor): number {
  return dtype === 'f16' ? 65504 : MAX_F32;
}
