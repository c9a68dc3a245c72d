import { requireOptions, requireWhole } from '../../arguments.ts';
import { ShapeError } from '../../errors.ts';
import { full } from '../ops/creation.ts';
import { softmax } from '../ops/softmax.ts';
import { cumSum } from '../ops/sorting/cumulative.ts';
import { searchSorted } from '../ops/sorting/search-sorted.ts';
import { slice } from '../ops/views.ts';
import { requireDType } from '../require-dtype.ts';
import type { Shape } from '../shape-types.ts';
import type { AnyTensor, Tensor } from '../tensor.ts';
import { unit } from './distributions.ts';
import { deviceStream, type RandomOptions } from './generator.ts';

/**
 * Classes drawn with the probabilities softmax(logits): logits [..., classes] → i32 [..., count]. A class
 * whose logit is −∞ is never drawn. Probabilities are as fine as 2⁻²⁴. Logits that have no softmax (one of
 * them NaN or ∞, or all −∞), which a device cannot refuse, give the last class.
 * @throws DTypeError where logits are not f32.
 * @throws ShapeError where there are no classes.
 * @throws ArgumentError where `count` is not a whole number of 0 or more, or the seed not a whole number.
 */
export function categorical(
  logits: AnyTensor,
  count: number,
  options: RandomOptions = {},
): Tensor<Shape, 'i32'> {
  requireOptions('random.categorical', options, ['seed']);
  requireDType('random.categorical', logits, ['f32']);
  requireWhole('random.categorical', { count }, { from: 0 });
  const classes = logits.shape.at(-1) ?? 0;
  if (classes === 0) {
    throw new ShapeError(
      `random.categorical: logits [${logits.shape}] need a last axis of classes.`,
    );
  }
  const lead = logits.shape.slice(0, -1);
  // Where the distribution function first exceeds a number drawn evenly below its last value.
  const below = cumSum(softmax(logits), -1);
  const whole = slice(below, [...lead.map(() => 0), classes - 1]).mul(full([], 1 - 2 ** -23));
  const drawn = unit([...lead, count], deviceStream(options));
  // NaN, which is above all numbers, has a place behind the last class.
  return searchSorted(below, drawn.mul(whole), { side: 'right' }).minimum(classes - 1);
}
