import { type nn, random } from 'wgrad';
import { IMAGE_SHAPE } from '../../mnist/models.ts';
import { modelOf } from '../models/layer-list.ts';
import { LayerListError } from '../models/syntax.ts';
import type { Description } from '../protocol.ts';
import { factsOf } from './model-facts.ts';

/** What a list of layers makes, or what is wrong with it and where. A training under way goes on as it would. */
export function describe(layers: string): Description {
  const state = random.state();
  try {
    const model: nn.Layer = modelOf(layers, IMAGE_SHAPE);
    return { facts: factsOf(model) };
  } catch (error) {
    if (!(error instanceof LayerListError)) throw error;
    return { fault: { message: error.message, ...error.place } };
  } finally {
    random.setState(state);
  }
}
