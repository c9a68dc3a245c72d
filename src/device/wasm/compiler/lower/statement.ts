import { zeroOf } from '../check/constant.ts';
import { Mistake } from '../error.ts';
import { declared, resultOf } from '../syntax/checked.ts';
import { assignedIn, jumpsIn, returnsAtEnd } from '../syntax/survey.ts';
import type {
  Declaration,
  Expression,
  FunctionSyntax,
  Loop,
  Statement,
  Switch,
  Variable,
} from '../syntax/tree.ts';
import { sizeOf, type Type, VOID } from '../syntax/types.ts';
import {
  type Contents,
  constantValue,
  isPlace,
  leafCount,
  MOST_LEAVES,
  partOf,
} from './contents.ts';
import type { Context, Jumps } from './context.ts';
import { lower, lowerPlace, lowerValue } from './expression.ts';
import type { Label } from './flow.ts';
import { spilledPlace, write } from './place.ts';
import { tripsOf } from './unroll.ts';

export function lowerStatements(context: Context, statements: readonly Statement[]): void {
  for (const statement of statements) {
    if (!context.flow.values) return;
    lowerStatement(context, statement);
  }
}

function lowerStatement(context: Context, statement: Statement): void {
  const { flow, jumps } = context;
  switch (statement.kind) {
    case 'declaration':
      return declare(context, statement);
    case 'assignment': {
      const value = lower(context, statement.value);
      if (statement.target) write(context, lowerPlace(context, statement.target), value);
      return;
    }
    case 'call-statement':
      lower(context, statement.call);
      return;
    case 'block':
      return lowerStatements(context, statement.body);
    case 'if':
      return flow.choose(
        lowerValue(context, statement.condition),
        () => lowerStatements(context, statement.then),
        () => lowerStatements(context, statement.otherwise),
      );
    case 'loop':
      return lowerLoop(context, statement);
    case 'switch':
      return lowerSwitch(context, statement);
    case 'break':
      return flow.leave(jumps.breaks);
    case 'continue':
      return flow.leave(jumps.continues);
    case 'return':
      if (statement.value && jumps.result) flow.set(jumps.result, lower(context, statement.value));
      return flow.leave(jumps.returns);
    case 'assert':
      return;
  }
}

export function zeroValue(context: Context, type: Type): Contents {
  return constantValue(context.graph, type, zeroOf(type));
}

function declare(context: Context, { keyword, variable, value }: Declaration): void {
  if (keyword === 'const' || !variable) return;
  const { flow, graph } = context;
  const { type } = variable;
  if (keyword === 'var' && leafCount(type) > MOST_LEAVES) {
    const bytes = sizeOf(type);
    const place = spilledPlace(context, variable);
    flow.set(variable, place);
    if (value) write(context, place, lower(context, value));
    else {
      const start = graph.pure('i32.add', [place.address, graph.i32(place.offset)]);
      graph.effect('memory.fill', [start, graph.i32(0), graph.i32(bytes)]);
    }
    return;
  }
  flow.set(variable, value ? lower(context, value) : zeroValue(context, type));
}

/** Runs `body` with other targets for jumps. */
export function withJumps(context: Context, jumps: Partial<Jumps>, body: () => void): void {
  const outer = context.jumps;
  context.jumps = { ...outer, ...jumps };
  body();
  context.jumps = outer;
}

function lowerLoop(context: Context, loop: Loop): void {
  const { flow } = context;
  if (loop.init) lowerStatement(context, loop.init);
  const trips = tripsOf(context, loop);
  if (trips) {
    labeledIf(context, jumpsIn(loop.body, 'break'), (breaks) => {
      for (const [counter, value] of trips) {
        if (!flow.values) return;
        flow.set(counter, value);
        lowerBody(context, loop, breaks);
      }
      if (flow.values) lowerStatements(context, trips.length > 0 ? loop.continuing : []);
    });
    return;
  }
  flow.labeled((breaks) => {
    const again = () => {
      flow.loop(changedBy(context, loop), (repeat) => {
        lowerBody(context, loop, breaks);
        if (!flow.values) return;
        withJumps(context, { breaks, continues: undefined }, () =>
          lowerStatements(context, loop.continuing),
        );
        if (!flow.values) return;
        if (loop.breakIf) flow.choose(lowerValue(context, loop.breakIf), () => {}, repeat);
        else if (loop.condition) flow.choose(lowerValue(context, loop.condition), repeat, () => {});
        else repeat();
      });
    };
    // The condition stands in front of the loop and at its end: the body runs at least once, and
    // what it loads from fixed places may be loaded before.
    if (loop.condition) flow.choose(lowerValue(context, loop.condition), again, () => {});
    else again();
  });
}

/** A label only where something jumps to it: each costs a copy of all variables. */
function labeledIf(context: Context, wanted: boolean, run: (label: Label | undefined) => void) {
  if (wanted) context.flow.labeled(run);
  else run(undefined);
}

function lowerBody(context: Context, loop: Loop, breaks: Label | undefined): void {
  labeledIf(context, jumpsIn(loop.body, 'continue'), (continues) => {
    withJumps(context, { breaks, continues }, () => lowerStatements(context, loop.body));
  });
}

/** The variables of the surroundings that a loop changes. */
function changedBy({ flow }: Context, loop: Loop): Set<Variable> {
  const changed = assignedIn([...loop.body, ...loop.continuing]);
  for (const variable of [...changed]) {
    const value = flow.get(variable);
    if (value && isPlace(value) && value.kind === 'local') changed.add(value.variable);
  }
  return changed;
}

function lowerSwitch(context: Context, { selector, cases }: Switch): void {
  const { flow, graph } = context;
  const value = lowerValue(context, selector);
  flow.labeled((breaks) => {
    withJumps(context, { breaks }, () => {
      const from = (index: number) => {
        const current = ordered[index];
        if (!current || !flow.values) return;
        const { selectors, body } = current;
        const tests = selectors
          .filter((choice): choice is Expression => choice !== 'default')
          .map((choice) => graph.pure('i32.eq', [value, lowerValue(context, choice)]));
        const test = selectors.includes('default')
          ? graph.i32(1)
          : tests.reduce((a, b) => graph.pure('i32.or', [a, b]), graph.i32(0));
        flow.choose(
          test,
          () => lowerStatements(context, body),
          () => from(index + 1),
        );
      };
      const isDefault = ({ selectors }: Switch['cases'][number]) => selectors.includes('default');
      const ordered = [...cases.filter((c) => !isDefault(c)), ...cases.filter(isDefault)];
      from(0);
    });
  });
}

/** Puts a function's body in the place of a call. */
export function inlineCall(
  context: Context,
  callee: FunctionSyntax,
  args: readonly Contents[],
): Contents | undefined {
  const { flow } = context;
  const returns = resultOf(callee);
  for (const [i, parameter] of callee.parameters.entries()) {
    flow.set(declared(parameter), partOf(args, i));
  }
  const result: Variable | undefined =
    returns === VOID
      ? undefined
      : {
          name: callee.name,
          type: returns,
          space: 'let',
          writable: false,
          constant: undefined,
          binding: -1,
        };
  if (returns.kind === 'pointer')
    throw new Mistake(callee.at, 'a function cannot return a pointer');
  if (returnsAtEnd(callee)) {
    const last = callee.body.at(-1);
    const body = last?.kind === 'return' ? callee.body.slice(0, -1) : callee.body;
    const none = { returns: undefined, result: undefined, breaks: undefined, continues: undefined };
    let value: Contents | undefined;
    withJumps(context, none, () => {
      lowerStatements(context, body);
      if (last?.kind === 'return' && last.value) value = lower(context, last.value);
    });
    return value;
  }
  if (result) flow.set(result, zeroValue(context, returns));
  flow.labeled((label) => {
    const jumps = { returns: label, result, breaks: undefined, continues: undefined };
    withJumps(context, jumps, () => lowerStatements(context, callee.body));
  });
  if (!result) return undefined;
  const value = flow.get(result);
  flow.values?.delete(result);
  for (const parameter of callee.parameters) flow.values?.delete(declared(parameter));
  return value;
}
