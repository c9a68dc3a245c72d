// Times of wrong results are worth nothing: peers that train on the same weights and images must
// find the same loss before they are compared.
import { isReference } from './peers/list.ts';

export interface FirstLoss {
  readonly peer: string;
  readonly loss: number;
}

/** Relative; f32 sums in another order stay far below it, another model or batch far above. */
export const tolerance = 1e-3;

/** How the losses disagree, in words; undefined where they agree. */
export function disagreement(losses: readonly FirstLoss[]): string | undefined {
  const base = losses.find(({ peer }) => isReference(peer)) ?? losses[0];
  if (base === undefined) return;
  // Written so that a loss which is no number disagrees.
  const agrees = ({ loss }: FirstLoss) =>
    Math.abs(loss - base.loss) <= tolerance * Math.abs(base.loss);
  if (losses.every(agrees)) return;
  const each = losses.map(({ peer, loss }) => `${peer} ${loss.toPrecision(7)}`).join(', ');
  return (
    `not compared: from the same weights and images the first losses differ by more than ` +
    `${tolerance} relative (${each}), so at least one peer computes something else`
  );
}
