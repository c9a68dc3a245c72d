import { input, type Launches, launch } from '../launch.ts';
import { program } from '../program.ts';
import source from '../wgsl/optimizers/loss-scale.wgsl';

/**
 * The loss scale and the good steps in a row [2] after a step, in place, by what its gradients are
 * multiplied by: [1]. The scalar `growthInterval` says after how many the scale doubles.
 */
export function lossScale(): Launches {
  const update = launch({
    program: program('loss_scale', source),
    bindings: { state: input(0), factor: input(1) },
    params: {},
    scalars: ['growthInterval'],
    workgroups: 1,
  });
  return { launches: [update] };
}
