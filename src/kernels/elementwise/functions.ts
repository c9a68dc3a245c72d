// The WGSL functions that elementwise ops call, by the names that their records have for them.

import angle from '../wgsl/elementwise/functions/angle.wgsl';
import arc from '../wgsl/elementwise/functions/arc.wgsl';
import between from '../wgsl/elementwise/functions/between.wgsl';
import errorFunction from '../wgsl/elementwise/functions/error-function.wgsl';
import exponential from '../wgsl/elementwise/functions/exponential.wgsl';
import digamma from '../wgsl/elementwise/functions/gamma/digamma.wgsl';
import gamma from '../wgsl/elementwise/functions/gamma/gamma.wgsl';
import zeta from '../wgsl/elementwise/functions/gamma/zeta.wgsl';
import hyperbolic from '../wgsl/elementwise/functions/hyperbolic.wgsl';
import hypotenuse from '../wgsl/elementwise/functions/hypotenuse.wgsl';
import inverseErrorFunction from '../wgsl/elementwise/functions/inverse-error-function.wgsl';
import inverseHyperbolic from '../wgsl/elementwise/functions/inverse-hyperbolic.wgsl';
import logarithm from '../wgsl/elementwise/functions/logarithm.wgsl';
import logarithmBases from '../wgsl/elementwise/functions/logarithm-bases.wgsl';
import mish from '../wgsl/elementwise/functions/mish.wgsl';
import power from '../wgsl/elementwise/functions/power.wgsl';
import powerOfTwo from '../wgsl/elementwise/functions/power-of-two.wgsl';
import remainder from '../wgsl/elementwise/functions/remainder.wgsl';
import sigmoid from '../wgsl/elementwise/functions/sigmoid.wgsl';
import softplus from '../wgsl/elementwise/functions/softplus.wgsl';
import tangent from '../wgsl/elementwise/functions/tangent.wgsl';
import tanh from '../wgsl/elementwise/functions/tanh.wgsl';

/** Their texts. Not exported one by one: declarations of the package would name the files of shaders. */
export const functions = {
  angle,
  arc,
  between,
  digamma,
  errorFunction,
  exponential,
  gamma,
  hyperbolic,
  hypotenuse,
  inverseErrorFunction,
  inverseHyperbolic,
  logarithm,
  logarithmBases,
  mish,
  power,
  powerOfTwo,
  remainder,
  sigmoid,
  softplus,
  tangent,
  tanh,
  zeta,
};
