import { assignAll, matched, weightsOf } from '../../io/weights.ts';
import {
  decayOf,
  type EmaOptions,
  ema as emaOf,
  type WeightAverages,
} from '../../optim/averages.ts';
import { compile } from '../../tensor/compile.ts';
import type { AnyVariable } from '../../tensor/variable.ts';
import { isCount, isObject } from '../state-checks.ts';
import type { Training } from '../training.ts';
import type { Callback } from './callback.ts';
import { type CallbackState, requireState } from './callback-state.ts';

/** How many updates the averages have seen. */
interface Updates {
  readonly updates: number;
}

/**
 * Keeps exponential moving averages of the weights that are trained, updated after each step: validation
 * is theirs, and the model ends with them. What other callbacks save of the model on the way are the
 * weights themselves.
 * @throws ArgumentError where decay is not at least 0 and below 1.
 */
export function ema(options: EmaOptions = {}): Callback<Updates> {
  decayOf(options); // in the line that made the callback
  let averages: WeightAverages | undefined;
  let update = async () => {};
  let restored: CallbackState<Updates> = {};
  const swap = () => {
    if (averages && averages.updates > 0) averages.swap();
  };
  /** The averages by the names of the weights. */
  let named: ReadonlyMap<string, AnyVariable> = new Map();
  return {
    name: 'ema',
    async onTrainBegin(training: Training) {
      const own = emaOf(training.optimizer.variables, options);
      averages = own;
      update = compile(() => own.update());
      named = new Map([...own.averages].map(([of, average]) => [training.nameOf(of), average]));
      const { values, tensors } = restored;
      if (!values || !tensors) return;
      await assignAll(matched(named, tensors).assignments);
      own.updates = values.updates;
    },
    onStepEnd: () => update(),
    onValidationBegin: swap,
    onValidationEnd: swap,
    onTrainEnd: swap,
    async state() {
      return { values: { updates: averages?.updates ?? 0 }, tensors: await weightsOf(named) };
    },
    restore(state, model) {
      const { values, tensors } = state;
      requireState(isObject(values) && isCount(values.updates) && tensors !== undefined);
      const known = 'namedVariables' in model ? model.namedVariables() : model;
      const own = new Map([...known].filter(([name]) => tensors?.has(name)));
      matched(own, tensors ?? new Map(), { source: 'its averages' });
      restored = state;
    },
  };
}
