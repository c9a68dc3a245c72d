import type { Variable } from '../syntax/tree.ts';
import { U32 } from '../syntax/types.ts';
import type { Value } from '../values/graph.ts';
import type { Context } from './context.ts';

/** A counter that the loops over workgroups and invocations carry. */
export function counter(name: string): Variable {
  return { name, type: U32, space: 'function', writable: true, constant: undefined, binding: -1 };
}

/** A loop over the invocations of a workgroup; `carried` variables live from one to the next. */
export function forInvocations(
  { graph, flow }: Context,
  count: number,
  carried: ReadonlySet<Variable>,
  body: (lane: Value) => void,
): void {
  if (count === 1) {
    body(graph.i32(0));
    return;
  }
  const lane = counter('lane');
  flow.set(lane, graph.i32(0));
  flow.loop(new Set([...carried, lane]), (again) => {
    flow.labeled(() => body(flow.register(lane)));
    const next = graph.pure('i32.add', [flow.register(lane), graph.i32(1)]);
    flow.set(lane, next);
    flow.choose(graph.pure('i32.lt_u', [next, graph.i32(count)]), again, () => {});
  });
  flow.values?.delete(lane);
}
