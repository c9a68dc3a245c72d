import type { Variable } from '../syntax/tree.ts';
import { sizeOf } from '../syntax/types.ts';
import type { Value } from '../values/graph.ts';
import { PARAMETERS } from '../values/parameters.ts';
import type { Contents } from './contents.ts';
import type { Context } from './context.ts';
import { invocationOf, read, scratchPlace, write } from './place.ts';

/**
 * The scratch memory of each invocation, where variables with a value for each of them wait from
 * one region for another. Its size is known in the end, when all have a place.
 */
export class InvocationMemory {
  private readonly context: Context;
  private readonly inputs: (lane: Value) => void;
  /** Bytes from one invocation's memory to the next. */
  private readonly stride: Value;
  private readonly slots = new Map<Variable, number>();

  constructor(context: Context, inputs: (lane: Value) => void) {
    this.context = context;
    this.inputs = inputs;
    this.stride = context.graph.later();
  }

  has(variable: Variable): boolean {
    return this.slots.has(variable);
  }

  /** Sets aside what the variables of this number of invocations need. */
  close(invocations: number): void {
    const { scratch } = this.context;
    this.stride.imm = [scratch.invocationBytes];
    scratch.invocationBytes *= invocations;
  }

  /** Gives the variables the values that an invocation left in its memory. */
  enter(lane: Value, named: readonly Variable[]): void {
    const { context } = this;
    const { graph, flow, scratch } = context;
    const own = graph.pure('i32.mul', [lane, this.stride]);
    const start = graph.pure('i32.add', [
      graph.parameter(PARAMETERS.scratch),
      graph.i32(scratch.workgroupBytes),
    ]);
    scratch.invocation = graph.pure('i32.add', [start, own]);
    this.inputs(lane);
    for (const variable of named) {
      const spilled = scratch.spilled.get(variable);
      if (spilled !== undefined) {
        flow.set(variable, scratchPlace(scratch.invocation, spilled, variable));
        continue;
      }
      const slot = this.slots.get(variable);
      if (slot === undefined || flow.get(variable) !== undefined) continue;
      flow.set(variable, read(context, scratchPlace(scratch.invocation, slot, variable)));
    }
  }

  save(variable: Variable, value: Contents): void {
    const { context } = this;
    const { scratch } = context;
    let slot = this.slots.get(variable);
    if (slot === undefined) {
      slot = scratch.invocationBytes;
      scratch.invocationBytes += Math.ceil(sizeOf(variable.type) / 16) * 16;
      this.slots.set(variable, slot);
    }
    write(context, scratchPlace(invocationOf(scratch), slot, variable), value);
  }
}
