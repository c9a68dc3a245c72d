import { barrierMisplaced, Mistake } from '../error.ts';
import { declared, resultOf } from '../syntax/checked.ts';
import {
  assignedIn,
  countMentions,
  hasBarrier,
  reachesBarrier,
  variablesIn,
  visitStatements,
} from '../syntax/survey.ts';
import type {
  Call,
  Expression,
  FunctionSyntax,
  If,
  Loop,
  Statement,
  Variable,
} from '../syntax/tree.ts';
import { BOOL, type Type, VOID } from '../syntax/types.ts';
import { encloses, live, type Value } from '../values/graph.ts';
import { type Contents, isPlace, leaves, partOf } from './contents.ts';
import type { Context } from './context.ts';
import { lower, lowerValue } from './expression.ts';
import type { Label } from './flow.ts';
import { InvocationMemory } from './invocation-memory.ts';
import { forInvocations } from './invocations.ts';
import { hasReturn, refuseJumps, refuseReturns } from './jumps-around-barriers.ts';
import { sharedCounters } from './shared-counters.ts';
import { lowerStatements, withJumps } from './statement.ts';
import { tripsOf } from './unroll.ts';

/**
 * Lowers the body of a kernel with barriers. Barriers cut it into regions, each a loop over the
 * invocations; control flow around barriers is the same for all of them and stands outside these
 * loops. What lives from one region to another and differs between invocations is kept in memory;
 * what does not differ is one value for all.
 */
export function lowerRegions(
  context: Context,
  main: FunctionSyntax,
  invocations: number,
  inputs: (lane: Value) => void,
  done: Label,
): void {
  new Regions(context, invocations, inputs, done).run(main);
}

class Regions {
  private readonly context: Context;
  private readonly invocations: number;
  private readonly memory: InvocationMemory;
  private readonly done: Label;
  /** How often the program mentions a variable. */
  private readonly mentions = new Map<Variable, number>();
  private readonly counted = new Set<FunctionSyntax>();
  /** Whether a barrier may follow, so that whoever returns here does so with all others. */
  private barrierAhead = false;

  constructor(context: Context, invocations: number, inputs: (lane: Value) => void, done: Label) {
    this.context = context;
    this.invocations = invocations;
    this.memory = new InvocationMemory(context, inputs);
    this.done = done;
  }

  run(main: FunctionSyntax): void {
    countMentions(main.body, this.mentions);
    this.statements(main.body, true);
    this.memory.close(this.invocations);
  }

  private statements(body: readonly Statement[], final: boolean): void {
    const outer = this.barrierAhead;
    const ahead = [...body];
    let run: Statement[] = [];
    for (let statement = ahead.shift(); statement; statement = ahead.shift()) {
      if (!this.context.flow.values) break;
      if (!hasBarrier([statement])) {
        run.push(statement);
        continue;
      }
      this.barrierAhead = true;
      if (run.length > 0) this.plain(run, false);
      run = [];
      if (!this.context.flow.values) break;
      this.barrierAhead = outer || hasBarrier(ahead);
      const last = final && ahead.length === 0;
      if (statement.kind === 'block') ahead.unshift(...statement.body);
      else if (statement.kind === 'if') ahead.unshift(...this.if(statement, last));
      else this.apart(statement, last);
    }
    this.barrierAhead = outer;
    if (run.length > 0 && this.context.flow.values) this.plain(run, final);
  }

  /** Statements without barriers: one region. */
  private plain(run: readonly Statement[], final: boolean): void {
    const declared = run.flatMap((statement) =>
      statement.kind === 'declaration' && statement.variable ? [statement.variable] : [],
    );
    const inside = new Map<Variable, number>();
    countMentions(run, inside);
    const kept = declared.filter((own) => (this.mentions.get(own) ?? 0) > (inside.get(own) ?? 0));
    const returns = !final && hasReturn(run);
    if (returns && !this.barrierAhead) refuseReturns(run);
    const named = [...inside.keys()];
    this.region(named, kept, assignedIn(run), returns, () => lowerStatements(this.context, run));
  }

  /**
   * A loop over the invocations. `named` variables are read, those in `assigned` written back,
   * `declared` ones are new and wanted later.
   */
  private region(
    named: readonly Variable[],
    declared: readonly Variable[],
    assigned: ReadonlySet<Variable>,
    returns: boolean,
    body: () => void,
  ): void {
    const { context } = this;
    const { flow, graph } = context;
    const outside = live(graph.block);
    const uniform = new Map<Variable, Contents>();
    const before = new Set(flow.values?.keys());
    const differing = new Set<Variable>();
    const flag = temporary('returned', BOOL);
    if (returns) flow.set(flag, graph.i32(0));
    forInvocations(context, this.invocations, new Set([flag]), (lane) => {
      this.memory.enter(lane, named);
      const finish = () => {
        for (const variable of [...declared, ...assigned]) {
          const value = flow.get(variable);
          if (value === undefined) continue;
          const isNew = declared.includes(variable);
          if (!isNew && !before.has(variable) && !this.memory.has(variable)) continue;
          const same =
            isPlace(value) || leaves(value).every((node) => encloses(node.early, outside));
          if (same && (isNew || before.has(variable))) uniform.set(variable, value);
          else if (!isPlace(value)) {
            this.memory.save(variable, value);
            differing.add(variable);
          }
        }
      };
      if (!returns) {
        flow.labeled((label) => {
          withJumps(context, { returns: label }, body);
          if (flow.values) finish();
        });
        return;
      }
      flow.labeled((end) => {
        flow.labeled((label) => {
          withJumps(context, { returns: label }, body);
          if (flow.values) finish();
          flow.leave(end);
        });
        flow.set(flag, graph.i32(1));
      });
    });
    for (const variable of differing) flow.values?.delete(variable);
    for (const [variable, value] of uniform) {
      if (!differing.has(variable)) flow.set(variable, value);
    }
    if (!returns) return;
    const test = flow.register(flag);
    flow.values?.delete(flag);
    flow.choose(
      test,
      () => flow.leave(this.done),
      () => {},
    );
  }

  /** Moves variables that a construct changes from one value for all to one for each. */
  private part(variables: Iterable<Variable>): void {
    const { flow } = this.context;
    const values = new Map<Variable, Contents>();
    for (const variable of variables) {
      const value = flow.get(variable);
      if (value !== undefined && !isPlace(value)) values.set(variable, value);
    }
    if (values.size === 0) return;
    forInvocations(this.context, this.invocations, new Set(), (lane) => {
      this.memory.enter(lane, []);
      for (const [variable, value] of values) this.memory.save(variable, value);
    });
    for (const variable of values.keys()) flow.values?.delete(variable);
  }

  /** A statement with a barrier inside. */
  private apart(statement: Statement, final: boolean): void {
    switch (statement.kind) {
      case 'call-statement':
        this.call(statement.call, final);
        return;
      case 'loop':
        this.loop(statement);
        return;
      case 'declaration':
        if (statement.value?.kind === 'call' && statement.variable) {
          const result = this.call(statement.value, false);
          if (result) this.assign(statement.variable, result);
          return;
        }
        break;
      case 'assignment': {
        const { target, value, operator } = statement;
        if (operator === undefined && target?.kind === 'name' && value.kind === 'call') {
          const result = this.call(value, false);
          if (result) this.assign(declared(target), result);
          return;
        }
      }
    }
    throw barrierMisplaced(statement.at);
  }

  private assign(variable: Variable, from: Variable): void {
    const { flow } = this.context;
    this.region([from, variable], [variable], new Set(), false, () => {
      flow.set(variable, flow.contents(from));
    });
    flow.values?.delete(from);
  }

  /** A barrier, or a call of a function that reaches one. Returns the variable of its result. */
  private call(call: Call, final: boolean): Variable | undefined {
    const { context } = this;
    const { target, args } = call;
    if (args.some(reachesBarrier)) throw barrierMisplaced(call.at);
    if (target?.kind !== 'function') return undefined;
    const { callee } = target;
    const parameters = callee.parameters.map(declared);
    const named = new Set(args.flatMap((arg) => [...variablesIn(arg)]));
    if (!this.counted.has(callee)) countMentions(callee.body, this.mentions);
    this.counted.add(callee);
    this.region([...named], parameters, new Set(), false, () => {
      const values = args.map((arg) => lower(context, arg));
      for (const [i, parameter] of parameters.entries()) {
        context.flow.set(parameter, partOf(values, i));
      }
    });
    const last = callee.body[callee.body.length - 1];
    const value = last?.kind === 'return' ? last.value : undefined;
    const body = last?.kind === 'return' ? callee.body.slice(0, -1) : callee.body;
    visitStatements(body, ({ kind, at }) => {
      if (kind === 'return')
        throw new Mistake(at, 'a function with a barrier returns only at its end');
    });
    this.statements(body, final && !value);
    if (!value || callee.returnType === VOID) return undefined;
    const result = temporary(callee.name, resultOf(callee));
    this.region([...variablesIn(value)], [result], new Set(), false, () => {
      context.flow.set(result, lower(context, value));
    });
    return result;
  }

  /** A condition that is the same for all invocations, computed for the first one. */
  private condition(expression: Expression): Value {
    const { context } = this;
    const { flow, graph } = context;
    const outer = flow.values;
    flow.values = new Map(outer);
    this.memory.enter(graph.i32(0), [...variablesIn(expression)]);
    const node = lowerValue(context, expression);
    const kept = flow.values;
    for (const variable of outer?.keys() ?? []) {
      const value = kept?.get(variable);
      if (value) outer?.set(variable, value);
    }
    flow.values = outer;
    return node;
  }

  /**
   * Returns the statements that stand for a choice made before the kernel runs: with them in its
   * place, what follows belongs to the same region.
   */
  private if(statement: If, final: boolean): readonly Statement[] {
    const test = this.condition(statement.condition);
    if (test.op === 'i32.const') return test.imm[0] === 0 ? statement.otherwise : statement.then;
    this.part(assignedIn([statement]));
    this.context.flow.choose(
      test,
      () => this.statements(statement.then, final),
      () => this.statements(statement.otherwise, final),
    );
    return [];
  }

  private loop(loop: Loop): void {
    const { context } = this;
    const { flow } = context;
    refuseJumps(loop.body);
    // The body's own, in the next iteration.
    this.barrierAhead = true;
    if (loop.init) this.plain([loop.init], false);
    const trips = tripsOf(context, loop);
    if (trips) {
      for (const [counter, value] of trips) {
        flow.set(counter, value);
        this.statements(loop.body, false);
      }
      if (trips.length > 0) this.plain(loop.continuing, false);
      return;
    }
    const shared = sharedCounters(flow, loop);
    this.part(
      [...assignedIn([...loop.body, ...loop.continuing])].filter((own) => !shared.has(own)),
    );
    const again = () =>
      flow.loop(shared, (repeat) => {
        this.statements(loop.body, false);
        if (!flow.values) return;
        if (shared.size > 0) {
          const outer = flow.values;
          flow.values = new Map(outer);
          lowerStatements(context, loop.continuing);
          for (const own of shared) outer.set(own, flow.contents(own));
          flow.values = outer;
        } else if (loop.continuing.length > 0) this.plain(loop.continuing, false);
        if (loop.breakIf) flow.choose(this.condition(loop.breakIf), () => {}, repeat);
        else if (loop.condition) flow.choose(this.condition(loop.condition), repeat, () => {});
        else repeat();
      });
    flow.labeled(() => {
      if (loop.condition) flow.choose(this.condition(loop.condition), again, () => {});
      else again();
    });
  }
}

function temporary(name: string, type: Type): Variable {
  return { name, type, space: 'let', writable: true, constant: undefined, binding: -1 };
}
