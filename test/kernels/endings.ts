import '../../src/tensor/methods.ts';
import type { DeviceLimits } from '../../src/device/device.ts';
import type { Node } from '../../src/graph/node.ts';
import { foldInto } from '../../src/graph/schedule/epilogue.ts';
import { Barrier, fuse } from '../../src/graph/schedule/fuse.ts';
import { type Epilogue, NO_EPILOGUE } from '../../src/kernels/epilogue.ts';
import type { Launches, Param } from '../../src/kernels/launch.ts';
import { zeros } from '../../src/tensor/ops/creation.ts';
import { expandTo } from '../../src/tensor/ops/views.ts';
import type { AnyTensor } from '../../src/tensor/tensor.ts';
import '../graph/kernels-loaded.ts';

export const activations = ['none', 'relu', 'sigmoid', 'tanh'] as const;
export type Activation = (typeof activations)[number];

/** What follows a kernel: `activation(x + bias)`, with a bias along the last axis. */
export interface Ending {
  readonly bias: boolean;
  readonly activation: Activation;
}

export const NO_ENDING: Ending = { bias: false, activation: 'none' };

/** An epilogue, and how dispatches made with it get the words that it reads. */
interface Ended {
  readonly epilogue: Epilogue;
  given(launches: Launches): Launches;
}

/** The epilogue that the scheduler makes of an ending. */
export function epilogueOf(
  shape: readonly number[],
  { bias, activation }: Ending,
  limits: DeviceLimits,
): Ended {
  if (!bias && activation === 'none')
    return { epilogue: NO_EPILOGUE, given: (launches) => launches };
  const kernel: AnyTensor = zeros(shape);
  const row: AnyTensor = zeros(shape.slice(-1));
  const sum = bias ? kernel.add(expandTo(row, shape)) : kernel;
  const { node } = activation === 'none' ? sum : sum[activation]();
  const fused = fuse(node, (at: Node) => at === kernel.node || at === row.node, limits);
  const folded =
    fused instanceof Barrier ? undefined : foldInto(kernel.node, node, fused.expression, limits);
  if (!folded) throw new Error(`${activation} does not fold into a kernel`);
  const word = (param: Param): Param => {
    const own = typeof param === 'object' && 'epilogue' in param && folded.params[param.epilogue];
    return typeof own === 'number' ? own : param;
  };
  return {
    epilogue: folded.epilogue,
    given: ({ launches, ...rest }) => ({
      launches: launches.map((one) => ({ ...one, params: one.params.map(word) })),
      ...rest,
    }),
  };
}
