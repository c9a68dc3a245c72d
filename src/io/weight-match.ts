import { CheckpointError } from '../errors.ts';
import type { DType } from '../kernels/dtype.ts';
import { sameShape } from '../tensor/shape.ts';
import type { HostTensor } from './host-tensor.ts';

export interface LoadOptions {
  /**
   * Whether the names must be the same on both sides (default). Shapes and dtypes must be in any case,
   * unless it is 'shapes': what fits by name, shape and dtype is loaded then, as for a model whose head
   * has other classes.
   */
  readonly strict?: boolean | 'shapes';
}

/** The names that one side has and the other has not. */
export interface WeightMatch {
  /** Names the model has, which kept the values they had. */
  readonly missing: string[];
  /** Names the model does not have. */
  readonly unexpected: string[];
  /** With `strict: 'shapes'`: names of other shapes or dtypes, whose variables kept the values they had. */
  readonly misshapen?: string[];
}

/** What a variable needs: the name, shape and dtype of a tensor in the file. */
interface Wanted {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** More would bury what to do about them. */
const NAMES_SHOWN = 5;

/**
 * Holds what a model needs against what there is.
 * @param source what the tensors are called in errors: the file
 * @throws CheckpointError that lists what does not fit.
 */
export function matchWeights(
  wanted: readonly Wanted[],
  tensors: ReadonlyMap<string, HostTensor>,
  source: string,
  { strict = true }: LoadOptions,
): WeightMatch {
  if (wanted.length === 0) {
    throw new CheckpointError(
      `${source} cannot be loaded: the model has no variables. ` +
        'Layers make theirs when they see a shape: call build first.',
    );
  }
  const names = new Set(wanted.map(({ name }) => name));
  const missing = [...names].filter((name) => !tensors.has(name));
  const unexpected = [...tensors.keys()].filter((name) => !names.has(name));
  const others = wanted.filter(({ name, shape, dtype }) => {
    const found = tensors.get(name);
    return found && !(holds(dtype, found.dtype) && sameShape(found.shape, shape));
  });
  if (strict === 'shapes') {
    return { missing, unexpected, misshapen: others.map(({ name }) => name) };
  }
  const misshapen = others.map(({ name, shape, dtype }) => {
    const found = tensors.get(name);
    return `${name} is ${found?.dtype}[${found?.shape}], not ${dtype}[${shape}]`;
  });
  const isRefused = misshapen.length > 0 || (strict && missing.length + unexpected.length > 0);
  if (!isRefused) return { missing, unexpected };
  const faults = [
    ...list('misshapen', misshapen),
    ...(strict ? [...list('missing', missing), ...list('unexpected', unexpected)] : []),
  ];
  throw new CheckpointError(
    `${source} does not fit the model:\n${faults.join('\n')}\n` +
      'Build the model as it was when the weights were saved' +
      (misshapen.length > 0
        ? ", or load what fits with strict: 'shapes'."
        : ', or load what both have with strict: false.'),
  );
}

/** Whether each value of the one dtype is one of the other. */
function holds(dtype: DType, other: DType): boolean {
  return dtype === other || (dtype === 'f32' && other === 'f16');
}

function list(what: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const more = items.length > NAMES_SHOWN ? `, and ${items.length - NAMES_SHOWN} more` : '';
  return [`  ${what}: ${items.slice(0, NAMES_SHOWN).join(', ')}${more}`];
}
