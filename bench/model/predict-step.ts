// A training step on a GPU that is not there, dispatch by dispatch.
import { segmentSteps } from '../dry-run/names.ts';
import type { StepModel } from '../dry-run/step.ts';
import { stepDispatches } from '../dry-run/step-dispatches.ts';
import { compileShaders } from '../isa/compile.ts';
import { readStatistics } from '../isa/statistics.ts';
import type { Toolchain } from '../isa/toolchain.ts';
import { factsOf } from './facts.ts';
import type { Gpu } from './gpu.ts';
import { type DispatchFacts, type Prediction, predict } from './predict.ts';

export type PredictedDispatch = DispatchFacts & Prediction;

/** The chip whose compiler says how many instructions and registers a kernel takes. */
const CHIP = 'navi31';

export async function predictStep(
  model: StepModel,
  batch: number,
  gpu: Gpu,
  toolchain: Toolchain,
): Promise<PredictedDispatch[]> {
  const dispatches = await stepDispatches(model, batch);
  const sources = [...new Set(dispatches.map(({ program }) => program.source))];
  const shaders = sources.map((source) => ({ source, entryPoint: 'main' }));
  const compiled = compileShaders(shaders, CHIP, toolchain, () => {});
  return dispatches.map((dispatch) => {
    const code = compiled[sources.indexOf(dispatch.program.source)];
    if (code === undefined || 'cannot' in code) {
      throw new Error(`${dispatch.program.name} does not compile: ${code?.cannot}`);
    }
    const innerTurns = segmentSteps(dispatch);
    const facts = factsOf(dispatch, readStatistics(code.text, code.workgroupSize, innerTurns));
    return { ...facts, ...predict(facts, gpu) };
  });
}
