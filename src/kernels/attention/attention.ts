import {
  alongside,
  input,
  type Launches,
  type Operand,
  OUTPUT,
  product,
  temporary,
} from '../launch.ts';
import carriedApart from '../wgsl/attention/functions/carried-apart.wgsl';
import carriedWalked from '../wgsl/attention/functions/carried-walked.wgsl';
import sumAlongside from '../wgsl/attention/functions/sum-alongside.wgsl';
import sumDropped from '../wgsl/attention/functions/sum-dropped.wgsl';
import weightsAgain from '../wgsl/attention/functions/weights-again.wgsl';
import outputSource from '../wgsl/attention/rows/output.wgsl';
import scoreGradientSource from '../wgsl/attention/rows/score-gradient.wgsl';
import valueGradientSource from '../wgsl/attention/rows/value-gradient.wgsl';
import { type AttentionContext, overRows, type RowWork } from './rows.ts';
import { chooseVariant } from './variant.ts';

// Inputs are queries [N, M, D], keys [N, L, D] and values [N, L, E]; widths are whole vec4s. Those of
// gradients go on with g [N, M, E], each query's log Σ exp(score) [N, M] and g · output [N, M].
// The last is a mask [B, M or 1, L], if there is one.

/** softmax(scale · query · keyᵀ + mask) · value, [N, M, E]; alongside, log Σ exp of the scores. */
export function attention(
  context: AttentionContext,
  variant = chooseVariant(context.limits),
): Launches {
  const withSums = context.alongside?.[0] ?? false;
  const sums = withSums ? alongside(0) : undefined;
  return { launches: [outputInto(context, OUTPUT, sums, variant)] };
}

/** log Σ exp of the scores of each query, [N, M], where nobody asks for what else comes of them. */
export function attentionLogSumExp(
  context: AttentionContext,
  variant = chooseVariant(context.limits),
): Launches {
  const { query, value } = operandsOf(context);
  const bytes = 4 * product(query.shape.slice(0, 2)) * (value.shape[2] as number);
  return { launches: [outputInto(context, temporary(0), OUTPUT, variant)], temporaries: [bytes] };
}

function outputInto(
  context: AttentionContext,
  result: RowWork['bindings'][string],
  sums: RowWork['bindings'][string] | undefined,
  variant: ReturnType<typeof chooseVariant>,
) {
  const { query, key, value } = operandsOf(context);
  const work = {
    name: 'attention',
    functions: [carriedApart, sums ? sumAlongside : sumDropped, outputSource],
    bindings: {
      own: input(0),
      walked: input(1),
      result,
      carriedOver: input(2),
      ...(sums && { logSumExp: sums }),
    },
    constants: { CARRIED: 4, SUM: 5 },
    own: query,
    walked: key,
    sums: value,
    mask: maskAt(context, 3),
    turned: false,
  };
  return overRows(context, work, variant);
}

/** The gradient by the values, [N, L, E]. */
export function attentionValueGradient(
  context: AttentionContext,
  variant = chooseVariant(context.limits),
): Launches {
  const { query, key, value } = operandsOf(context);
  const work = {
    name: 'attention_value_gradient',
    functions: [carriedApart, weightsAgain, valueGradientSource],
    bindings: {
      own: input(1),
      walked: input(0),
      result: OUTPUT,
      logSumExp: input(4),
      carriedOver: input(3),
    },
    constants: { CARRIED: 5, OF_WALKED: 1 },
    own: key,
    walked: query,
    sums: value,
    mask: maskAt(context, 6),
    turned: true,
  };
  return { launches: [overRows(context, work, variant)] };
}

/** The gradient by the queries, [N, M, D]. */
export function attentionQueryGradient(
  context: AttentionContext,
  variant = chooseVariant(context.limits),
): Launches {
  return scoreGradient(context, 'attention_query_gradient', false, variant);
}

/** The gradient by the keys, [N, L, D]. */
export function attentionKeyGradient(
  context: AttentionContext,
  variant = chooseVariant(context.limits),
): Launches {
  return scoreGradient(context, 'attention_key_gradient', true, variant);
}

function scoreGradient(
  context: AttentionContext,
  name: string,
  turned: boolean,
  variant: ReturnType<typeof chooseVariant>,
): Launches {
  const { query, key, value } = operandsOf(context);
  const [own, walked] = turned ? [1, 0] : [0, 1];
  const [ownOther, walkedOther] = turned ? [2, 3] : [3, 2];
  const work = {
    name,
    functions: [carriedWalked, weightsAgain, scoreGradientSource],
    bindings: {
      own: input(own),
      walked: input(walked),
      result: OUTPUT,
      logSumExp: input(4),
      means: input(5),
      ownOther: input(ownOther),
      walkedOther: input(walkedOther),
    },
    constants: { OF_WALKED: Number(turned) },
    own: turned ? key : query,
    walked: turned ? query : key,
    sums: query,
    other: value,
    mask: maskAt(context, 6),
    turned,
  };
  return { launches: [overRows(context, work, variant)] };
}

function operandsOf({ inputs }: AttentionContext) {
  const [query, key, value] = inputs as readonly [Operand, Operand, Operand];
  return { query, key, value };
}

function maskAt({ inputs }: AttentionContext, at: number): RowWork['mask'] {
  const operand = inputs[at];
  return operand && { operand, binding: input(at) };
}
