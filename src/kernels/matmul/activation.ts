import type { Activation } from '../launch.ts';
import exponential from '../wgsl/elementwise/functions/exponential.wgsl';
import logistic from '../wgsl/elementwise/functions/sigmoid.wgsl';
import hyperbolic from '../wgsl/elementwise/functions/tanh.wgsl';
import none from '../wgsl/matmul/functions/activation/none.wgsl';
import relu from '../wgsl/matmul/functions/activation/relu.wgsl';
import sigmoid from '../wgsl/matmul/functions/activation/sigmoid.wgsl';
import tanh from '../wgsl/matmul/functions/activation/tanh.wgsl';

/**
 * The function files that give a kernel its `activated(x)`, what happens to four neighbouring
 * results, bias added, before they are stored: the very functions of the elementwise ops.
 */
export const activationFunctions: Readonly<Record<Activation, readonly string[]>> = {
  none: [none],
  relu: [relu],
  sigmoid: [exponential, logistic, sigmoid],
  tanh: [exponential, hyperbolic, tanh],
};
