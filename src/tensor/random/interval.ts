import { requireNumber } from '../../arguments.ts';
import { ArgumentError } from '../../errors.ts';
import { MAX_F32 } from '../../kernels/dtype.ts';

/** Numbers nearer to 0 may be 0 to a device. */
const LEAST_NORMAL_F32 = 1.1754943508222875e-38;

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/**
 * The least and the greatest f32 in [low, high), to which rounded results are held; both are `low`
 * where it is `high`.
 * @throws ArgumentError where a bound is no number of f32's range, `low` is above `high`, or no f32
 *   lies between them.
 */
export function floatsIn(caller: string, low: number, high: number): [number, number] {
  requireNumber(caller, { low, high }, { from: -MAX_F32, to: MAX_F32 });
  if (low === high) return [Math.fround(low), Math.fround(low)];
  if (low > high) throw new ArgumentError(`${caller}: low ${low} must not be above high ${high}.`);
  const [least, most] = [floatFrom(low), floatBelow(high)];
  if (least <= most) return [least, most];
  throw new ArgumentError(`${caller}: there is no f32 from low ${low} to below high ${high}.`);
}

/** The least f32 that is not less than x. */
export function floatFrom(x: number): number {
  const near = Math.fround(x);
  return near < x ? -floatBelow(-near) : near;
}

/** The greatest f32 that is less than x. */
function floatBelow(x: number): number {
  float[0] = x;
  if (Math.fround(x) < x) return Math.fround(x);
  if (Math.fround(x) === 0) return -LEAST_NORMAL_F32;
  bits[0] = (bits[0] as number) + (x < 0 ? 1 : -1);
  return float[0];
}
