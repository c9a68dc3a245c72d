// What a dispatch has to do at least: bytes to move, operations to compute.
import { type DispatchFacts, dispatchFacts } from '../../src/kernels/dispatch-facts.ts';
import type { DryDispatch } from './dry-device.ts';

export function costOf({ bindings, ...dispatch }: DryDispatch): DispatchFacts {
  const bound = bindings.map(({ buffer, offset, bytes }) => ({
    place: `${buffer.id} ${offset}`,
    bytes,
  }));
  return dispatchFacts({ ...dispatch, bound });
}
