import { inWords } from '../../arguments.ts';
import { CheckpointError } from '../../errors.ts';
import { type Json, listOf, objectOf } from './json.ts';

/** A value in a model's graph: an output of a call of a layer, counted as the file counts them. */
export interface Reference {
  readonly layer: string;
  readonly call: number;
}

/** What a layer is called on, call by call. */
export function callsOf(entry: Json, source: string): Reference[][] {
  const what = `the connections of layer '${String(entry.name)}'`;
  return listOf(entry.inbound_nodes ?? [], what, source).map((node) =>
    Array.isArray(node)
      ? referencesIn(node, what, source)
      : referencesOfKeras3(objectOf(node, what, source), what, source),
  );
}

/**
 * References as models list them: [name, call, output], or a list of such.
 * @throws CheckpointError where it is neither.
 */
export function referencesIn(value: unknown, what: string, source: string): Reference[] {
  const list = listOf(value, what, source);
  if (typeof list[0] !== 'string') return list.flatMap((one) => referencesIn(one, what, source));
  const [layer, call = 0, output = 0, settings = {}] = list;
  requireNoTensors(objectOf(settings, what, source), what, source);
  if (typeof layer === 'string' && typeof call === 'number' && output === 0)
    return [{ layer, call }];
  throw new CheckpointError(
    `${source}: ${what} have output ${inWords(output)} of '${String(layer)}'. Layers of several outputs are not read.`,
  );
}

/** Keras 3 writes what a layer was called with, in which tensors stand for themselves. */
function referencesOfKeras3(node: Json, what: string, source: string): Reference[] {
  requireNoTensors(objectOf(node.kwargs ?? {}, what, source), what, source);
  const tensorsIn = (value: unknown): Reference[] => {
    if (Array.isArray(value)) return value.flatMap(tensorsIn);
    const isObject = typeof value === 'object' && value !== null;
    const { class_name, config }: Json = isObject ? objectOf(value, what, source) : {};
    if (class_name !== '__keras_tensor__') {
      throw new CheckpointError(
        `${source}: ${what} have ${class_name ? `a ${class_name}` : inWords(value)} among the inputs. Only layers' outputs are read: ops on them, such as those by which functional models find masks, are not.`,
      );
    }
    return referencesIn(objectOf(config, what, source).keras_history, what, source);
  };
  return tensorsIn(node.args);
}

/** Whether it trains is said where a model is called; tensors beside the inputs would be states or masks. */
function requireNoTensors(settings: Json, what: string, source: string): void {
  const given = Object.entries(settings).filter(
    ([name, value]) => name !== 'training' && value !== null,
  );
  const [first] = given;
  if (!first) return;
  throw new CheckpointError(
    `${source}: ${what} have the argument ${first[0]}. Layers called with more than their inputs are not read: ` +
      'initial states and masks are given to the method run of a recurrent layer.',
  );
}
