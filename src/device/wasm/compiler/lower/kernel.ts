import { Mistake } from '../error.ts';
import { declared } from '../syntax/checked.ts';
import { hasBarrier } from '../syntax/survey.ts';
import type { FunctionSyntax, Parameter, Variable } from '../syntax/tree.ts';
import { scalar, type Type, typeName, vector } from '../syntax/types.ts';
import { constantOf } from '../values/bits.ts';
import type { Value } from '../values/graph.ts';
import { PARAMETERS } from '../values/parameters.ts';
import type { Contents } from './contents.ts';
import type { Context } from './context.ts';
import type { Label } from './flow.ts';
import { counter, forInvocations } from './invocations.ts';
import { lowerRegions } from './region.ts';
import { lowerStatements, withJumps, zeroValue } from './statement.ts';

export interface Shape {
  /** Invocations of a workgroup along each axis. */
  readonly workgroup: readonly [number, number, number];
}

/**
 * Builds the loops over workgroups and invocations around the body of `main`. Returns the bytes of
 * scratch memory they use.
 */
export function lowerKernel(
  context: Context,
  main: FunctionSyntax,
  shape: Shape,
  privates: readonly Variable[],
): number {
  const { graph, flow, scratch } = context;
  const group = counter('group');
  const end = graph.parameter(PARAMETERS.endGroup);
  flow.set(group, graph.parameter(PARAMETERS.firstGroup));
  const more = () => graph.pure('i32.lt_u', [flow.register(group), end]);
  flow.choose(
    more(),
    () => {
      flow.loop(new Set([group]), (again) => {
        flow.labeled((done) => lowerGroup(context, main, shape, privates, group, done));
        flow.set(group, graph.pure('i32.add', [flow.register(group), graph.i32(1)]));
        flow.choose(more(), again, () => {});
      });
    },
    () => {},
  );
  return scratch.workgroupBytes + scratch.invocationBytes;
}

function lowerGroup(
  context: Context,
  main: FunctionSyntax,
  shape: Shape,
  privates: readonly Variable[],
  group: Variable,
  done: Label,
): void {
  const { graph, flow, scratch } = context;
  const { reservedBytes, workgroupBytes } = scratch;
  if (workgroupBytes > reservedBytes) {
    const scratchStart = graph.parameter(PARAMETERS.scratch);
    const start = graph.pure('i32.add', [scratchStart, graph.i32(reservedBytes)]);
    graph.effect('memory.fill', [start, graph.i32(0), graph.i32(workgroupBytes - reservedBytes)]);
  }
  const inputs = (lane: Value) => {
    if (context.checks) context.checks.invocation = { group: flow.register(group), lane };
    for (const parameter of main.parameters) {
      const value = builtinInput(context, parameter, shape, flow.register(group), lane);
      flow.set(declared(parameter), value);
    }
    for (const variable of privates) flow.set(variable, zeroValue(context, variable.type));
  };
  if (hasBarrier(main.body)) {
    if (privates.length > 0)
      throw new Mistake(main.at, 'var<private> beside barriers is not supported');
    lowerRegions(context, main, invocationsOf(shape), inputs, done);
    return;
  }
  scratch.invocation = graph.pure('i32.add', [
    graph.parameter(PARAMETERS.scratch),
    graph.i32(scratch.workgroupBytes),
  ]);
  forInvocations(context, invocationsOf(shape), new Set(), (lane) => {
    inputs(lane);
    flow.labeled((returns) =>
      withJumps(context, { returns }, () => lowerStatements(context, main.body)),
    );
  });
}

function invocationsOf({ workgroup: [x, y, z] }: Shape): number {
  return x * y * z;
}

/** The value of a parameter of `main`. */
function builtinInput(
  context: Context,
  { name, attributes, at, variable }: Parameter,
  { workgroup }: Shape,
  group: Value,
  lane: Value,
): Contents {
  const { graph } = context;
  const builtin = attributes.find((attribute) => attribute.name === 'builtin')?.args[0];
  const wanted = builtin?.kind === 'name' ? builtin.name : undefined;
  const three = (lanes: readonly Value[]) => {
    const constant = lanes.map((own) => constantOf(own) ?? 0);
    let result = graph.v128([...constant, 0]);
    lanes.forEach((own, i) => {
      if (own.op !== 'i32.const') result = graph.pure('i32x4.replace_lane', [result, own], [i]);
    });
    return result;
  };
  const groupsX = graph.parameter(PARAMETERS.groupsX);
  const groups = [
    graph.pure('i32.rem_u', [group, groupsX]),
    graph.pure('i32.div_u', [group, groupsX]),
    graph.i32(0),
  ];
  const [x, y, z] = workgroup;
  const lanes = () =>
    y * z === 1
      ? [lane, graph.i32(0), graph.i32(0)]
      : [
          graph.pure('i32.rem_u', [lane, graph.i32(x)]),
          graph.pure('i32.rem_u', [graph.pure('i32.div_u', [lane, graph.i32(x)]), graph.i32(y)]),
          graph.pure('i32.div_u', [lane, graph.i32(x * y)]),
        ];
  const typed = (type: Type, value: Value) => {
    if (variable?.type !== type) throw new Mistake(at, `'${name}' is a ${typeName(type)}`);
    return value;
  };
  const wide = vector(3, 'u32');
  switch (wanted) {
    case 'local_invocation_index':
      return typed(scalar('u32'), lane);
    case 'workgroup_id':
      return typed(wide, three(groups));
    case 'num_workgroups':
      return typed(wide, three([groupsX, graph.parameter(PARAMETERS.groupsY), graph.i32(1)]));
    case 'local_invocation_id':
      return typed(wide, three(lanes()));
    case 'global_invocation_id': {
      const own = lanes();
      const all = own.map((lane, i) => {
        const first = graph.pure('i32.mul', [
          groups[i] ?? graph.i32(0),
          graph.i32(workgroup[i] ?? 1),
        ]);
        return graph.pure('i32.add', [first, lane]);
      });
      return typed(wide, three(all));
    }
    default:
      throw new Mistake(at, `the parameter '${name}' of main needs a supported @builtin`);
  }
}
