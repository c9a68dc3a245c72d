import {
  attentionKeyGradient as launchKeyGradient,
  attentionLogSumExp as launchLogSumExp,
  attention as launchOutput,
  attentionQueryGradient as launchQueryGradient,
  attentionValueGradient as launchValueGradient,
} from '../../../kernels/attention/attention.ts';
import type { AttentionAttributes } from '../../../kernels/attention/rows.ts';
import { product } from '../../../kernels/launch.ts';
import { apply, type Call, type Op } from '../../op.ts';
import { sizeOf } from '../../shape.ts';
import type { Tensor } from '../../tensor.ts';
import { zeros } from '../creation.ts';
import { matMul } from '../linear.ts';
import { logSumExp, reduceBy } from '../reductions.ts';
import { expandTo, matrixTranspose, pad, reshape, slice, sumTo, unsqueeze } from '../views.ts';
import { where } from '../where.ts';
import { attentionInPlainOps, type Scoring, scoresInPlainOps } from './plain-attention.ts';

// Dao et al., "FlashAttention: Fast and memory-efficient exact attention with IO-awareness", 2022: no scores
// in memory, and gradients that find the weights again from one number of each query.

type Operands = readonly [query: Tensor, key: Tensor, value: Tensor, ...mask: Tensor[]];
type AttentionOp<I extends readonly Tensor[]> = Op<I, AttentionAttributes, 'scale'>;

const outputOp: AttentionOp<Operands> = {
  name: 'attention',
  lowering: {
    kind: 'kernel',
    launch: launchOutput,
    alongside: (own, other) =>
      other.op === logSumExpOp && own.inputs.every((input, i) => input === other.inputs[i])
        ? 0
        : undefined,
  },
  vjp: (g, { inputs, output, attributes, scalars }) => {
    const [query, key, value, mask] = inputs;
    const sums = { shape: query.shape.slice(0, 2), dtype: 'f32' } as const;
    const total = apply(logSumExpOp, inputs, sums, attributes, scalars);
    const mean = reduceBy('sum', g.mul(output), -1);
    const known: GradientOperands = [query, key, value, g, total, mean, ...(mask ? [mask] : [])];
    return [
      apply(queryGradientOp, known, query, attributes, scalars),
      apply(keyGradientOp, known, key, attributes, scalars),
      apply(valueGradientOp, known, value, attributes, scalars),
      ...(mask ? [maskGradient({ inputs: known, attributes, scalars })] : []),
    ];
  },
  decompose: (call) => {
    const [query, key, value] = call.inputs;
    return attentionInPlainOps(query, key, value, scoringOf(call, call.inputs[3]));
  },
};

/** log Σ exp(score) of each query, by which its gradient finds the weights again; 0 where all is masked. */
const logSumExpOp: AttentionOp<Operands> = {
  name: 'attentionLogSumExp',
  lowering: { kind: 'kernel', launch: launchLogSumExp },
  decompose: (call) => {
    const [query, key] = call.inputs;
    const { closed, scores } = scoresInPlainOps(query, key, scoringOf(call, call.inputs[3]));
    const sums = logSumExp(scores, -1);
    return closed ? where(closed.all(-1), zeros(sums.shape), sums) : sums;
  },
};

type GradientOperands = readonly [
  query: Tensor,
  key: Tensor,
  value: Tensor,
  g: Tensor,
  logSumExp: Tensor,
  mean: Tensor,
  ...mask: Tensor[],
];
type GradientCall = Call<GradientOperands, AttentionAttributes, 'scale'>;

const queryGradientOp: AttentionOp<GradientOperands> = {
  name: 'attentionQueryGradient',
  lowering: { kind: 'kernel', launch: launchQueryGradient },
  decompose: (call) => {
    const [, key] = call.inputs;
    return matMul(scoreGradient(call), key).mul(call.scalars.scale);
  },
};

const keyGradientOp: AttentionOp<GradientOperands> = {
  name: 'attentionKeyGradient',
  lowering: { kind: 'kernel', launch: launchKeyGradient },
  decompose: (call) => {
    const [query] = call.inputs;
    return matMul(matrixTranspose(scoreGradient(call)), query).mul(call.scalars.scale);
  },
};

const valueGradientOp: AttentionOp<GradientOperands> = {
  name: 'attentionValueGradient',
  lowering: { kind: 'kernel', launch: launchValueGradient },
  decompose: (call) => {
    const [, , , g] = call.inputs;
    return matMul(matrixTranspose(weightsAgain(call)), g);
  },
};

function weightsAgain(call: GradientCall): Tensor {
  const [query, key, , , logSumExp] = call.inputs;
  const { closed, scores } = scoresInPlainOps(query, key, scoringOf(call, call.inputs[6]));
  const weights = scores.sub(unsqueeze(logSumExp, -1)).exp();
  return closed ? where(closed, zeros(weights.shape), weights) : weights;
}

function scoreGradient(call: GradientCall): Tensor {
  const [, , value, g, , mean] = call.inputs;
  return weightsAgain(call).mul(matMul(g, matrixTranspose(value)).sub(unsqueeze(mean, -1)));
}

/** That of a mask is as large as the scores, or is summed up from as much. */
function maskGradient(call: GradientCall): Tensor {
  const mask = call.inputs[6] as Tensor;
  const slopes = scoreGradient(call);
  const [batches, queries, keys] = slopes.shape as [number, number, number];
  const { divide, modulo } = call.attributes.mask ?? { divide: 1, modulo: 1 };
  const apart = reshape(slopes, [batches / divide / modulo, modulo, divide, queries, keys]);
  return reshape(sumTo(apart, [1, modulo, 1, sizeOf(mask.shape, 1), keys]), mask.shape);
}

function scoringOf(
  {
    inputs: [query],
    attributes: { causal, mask: shared },
    scalars: { scale },
  }: Call<readonly [Tensor, ...Tensor[]], AttentionAttributes, 'scale'>,
  mask: Tensor | undefined,
): Scoring {
  if (!mask || !shared) return { causal, scale, mask: undefined };
  const { divide, modulo } = shared;
  const [, queries, keys] = mask.shape as [number, number, number];
  const batches = sizeOf(query.shape, 0);
  const apart = reshape(mask, [1, modulo, 1, queries, keys]);
  const repeated = expandTo(apart, [batches / divide / modulo, modulo, divide, queries, keys]);
  return { causal, scale, mask: reshape(repeated, [batches, queries, keys]) };
}

/** Attention that keeps no scores, for leading axes `batch` and shapes that have been checked. */
export function attentionInKernel(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  batch: readonly number[],
  { causal, scale, mask }: Scoring,
): Tensor {
  const [queries, outputs] = [sizeOf(query.shape, -2), sizeOf(value.shape, -1)];
  const rows = (x: Tensor) => inWholeVectors(expandTo(x, [...batch, ...x.shape.slice(-2)]));
  const operands = [rows(query), rows(key), rows(value)] as const;
  const shared = mask && sharedMask(mask, batch, sizeOf(key.shape, -2));
  const result = apply(
    outputOp,
    shared ? [...operands, shared.mask] : operands,
    { shape: [product(batch), queries, sizeOf(operands[2].shape, -1)], dtype: 'f32' },
    { causal, ...(shared && { mask: { divide: shared.divide, modulo: shared.modulo } }) },
    { scale },
  );
  const starts = [0, 0, 0];
  return reshape(slice(result, starts, [product(batch), queries, outputs]), [
    ...batch,
    queries,
    outputs,
  ]);
}

/** x [..., rows, width] → [N, rows, whole vec4s]; zeros behind the end add nothing to products. */
function inWholeVectors(x: Tensor): Tensor {
  const [rows, width] = x.shape.slice(-2) as [number, number];
  const flat = reshape(x, [product(x.shape.slice(0, -2)), rows, width]);
  return pad(flat, [
    [0, 0],
    [0, 0],
    [0, (4 - (width % 4)) % 4],
  ]);
}

/** A mask as [B, M or 1, L], so that batch n has the mask n / divide % modulo of the B = modulo. */
function sharedMask(mask: Tensor, batch: readonly number[], keys: number) {
  const missing = batch.length + 2 - mask.rank;
  const shape = [...Array<number>(missing).fill(1), ...mask.shape];
  const lead = shape.slice(0, -2);
  const first = lead.findIndex((size) => size > 1);
  const end = lead.findLastIndex((size) => size > 1) + 1;
  // What several masks are repeated along between them is written out.
  const own = lead.map((size, i) => (i >= first && i < end ? (batch[i] as number) : size));
  const whole = expandTo(mask, [...own, sizeOf(shape, -2), keys]);
  const [divide, modulo] = [product(batch.slice(end)), product(own)];
  return { mask: reshape(whole, [modulo, sizeOf(shape, -2), keys]), divide, modulo };
}
