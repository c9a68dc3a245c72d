import { type CheckedAccess, VIOLATION } from '../../compiled.ts';
import type { Value } from '../values/graph.ts';
import { PARAMETERS } from '../values/parameters.ts';
import type { Flow } from './flow.ts';

/** Notes the first access outside an array that a thread makes, and goes on. */
export class BoundsChecks {
  readonly accesses: CheckedAccess[] = [];
  /** Who runs what is being lowered. */
  invocation: { readonly group: Value; readonly lane: Value } | undefined;
  private readonly flow: Flow;
  private readonly numbers = new Map<string, number>();

  constructor(flow: Flow) {
    this.flow = flow;
  }

  /** Code that makes the record where `inside` is 0 and there is none yet. */
  note(inside: Value, index: Value, length: Value, access: CheckedAccess): void {
    const { flow, invocation } = this;
    const { graph } = flow;
    if (!invocation) throw new Error('an access outside of all invocations');
    const { group, lane } = invocation;
    const record = graph.parameter(PARAMETERS.scratch);
    const words = [
      [VIOLATION.index, index],
      [VIOLATION.length, length],
      [VIOLATION.group, group],
      [VIOLATION.lane, lane],
      [VIOLATION.access, graph.i32(this.numberOf(access))],
    ] as const;
    flow.when(graph.pure('i32.eqz', [inside]), () => {
      const known = graph.effect('i32.load', [record], [VIOLATION.access * 4]);
      flow.when(graph.pure('i32.eqz', [known]), () => {
        for (const [place, word] of words) {
          graph.effect('i32.store', [record, word], [place * 4]);
        }
      });
    });
  }

  /** The same for all copies that inlining and unrolling make of an access. */
  private numberOf(access: CheckedAccess): number {
    const key = `${access.at} ${access.variable}`;
    const number = this.numbers.get(key) ?? this.accesses.push(access);
    this.numbers.set(key, number);
    return number;
  }
}
