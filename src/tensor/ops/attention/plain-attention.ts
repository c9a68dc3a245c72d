import { MAX_F32 } from '../../../kernels/dtype.ts';
import { sizeOf } from '../../shape.ts';
import type { Shape } from '../../shape-types.ts';
import type { Tensor } from '../../tensor.ts';
import { full, positions, zeros } from '../creation.ts';
import { dropout as drop } from '../dropout.ts';
import { matMul } from '../linear.ts';
import { softmax } from '../softmax.ts';
import { expandTo, matrixTranspose, reshape } from '../views.ts';
import { where } from '../where.ts';

/** What scores are made of besides queries and keys. */
export interface Scoring {
  readonly causal: boolean;
  readonly scale: number;
  /** Added to the scores, to which it broadcasts; −∞ masks. */
  readonly mask: Tensor | undefined;
}

type Test = Tensor<Shape, 'bool'>;

/** The scores [..., M, L], the lowest number where something masks them, and which those are. */
export function scoresInPlainOps(query: Tensor, key: Tensor, { causal, scale, mask }: Scoring) {
  const products: Tensor = matMul(query, matrixTranspose(key)).mul(scale);
  const sums: Tensor = mask ? products.add(mask) : products;
  const masked = mask ? sums.lessEqual(-MAX_F32) : undefined;
  const later = causal ? laterKeys(sums.shape) : undefined;
  const closed: Test | undefined = masked && later ? masked.logicalOr(later) : (masked ?? later);
  return { closed, scores: closed ? where(closed, full(sums.shape, -MAX_F32), sums) : sums };
}

/** Whether a key is at a later place than its query. */
function laterKeys(shape: Shape): Test {
  const [queries, keys] = [sizeOf(shape, -2), sizeOf(shape, -1)];
  const place = reshape(positions([queries], 'i32'), [queries, 1]);
  return expandTo(positions([keys], 'i32').greater(place), shape);
}

/** Attention by way of its scores in memory. A row of which all is masked comes to 0, not to the mean. */
export function attentionInPlainOps(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  scoring: Scoring,
  dropout = 0,
): Tensor {
  const { closed, scores } = scoresInPlainOps(query, key, scoring);
  const shares = softmax(scores);
  // What is causal alone leaves each query its first key.
  const weights = closed && scoring.mask ? where(closed, zeros(shares.shape), shares) : shares;
  return matMul(drop(weights, dropout), value);
}
