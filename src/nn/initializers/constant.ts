import { full } from '../../tensor/ops/creation.ts';
import type { Initializer } from './initializer.ts';

/** The same value everywhere. */
export function constant(value: number): Initializer {
  return (shape) => full(shape, value);
}

/** Every element 0. */
export const zeros: Initializer = constant(0);
/** Every element 1. */
export const ones: Initializer = constant(1);
