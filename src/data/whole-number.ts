import { ArgumentError } from '../errors.ts';

/** Item numbers travel as i32, so that is the largest number of anything here. */
const LARGEST = 2 ** 31 - 1;

/** @throws ArgumentError for a number that is not whole, or not in [least, 2³¹ − 1]. */
export function requireWhole(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least && value <= LARGEST) return;
  throw new ArgumentError(
    `${name} must be a whole number from ${least} to ${LARGEST}, not ${value}.`,
  );
}
