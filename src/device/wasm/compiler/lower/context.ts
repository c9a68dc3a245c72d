import type { CheckedProgram } from '../check/check.ts';
import type { FunctionSyntax, Variable } from '../syntax/tree.ts';
import type { Graph, Value } from '../values/graph.ts';
import type { BoundsChecks } from './bounds.ts';
import type { Contents } from './contents.ts';
import type { Flow, Label } from './flow.ts';

/** The scratch memory of a thread: who lives where in it. */
export interface Scratch {
  /** Bytes at the start that are not the program's. */
  readonly reservedBytes: number;
  /** Bytes up to the end of the workgroup variables, which follow. */
  workgroupBytes: number;
  /** Bytes that each invocation has behind them. */
  invocationBytes: number;
  /** Where in it the variables are that are too large for registers. */
  readonly spilled: Map<Variable, number>;
  /** The address of the running invocation's part. */
  invocation: Value | undefined;
}

/** What the lowering of a kernel's parts shares. */
export interface Context {
  readonly graph: Graph;
  readonly flow: Flow;
  /** What watches accesses in bounds mode. */
  checks: BoundsChecks | undefined;
  /** The functions behind exp, sin and the like. */
  readonly math: CheckedProgram;
  readonly workgroup: ReadonlyMap<Variable, number>;
  readonly scratch: Scratch;
  /** Where `break`, `continue` and `return` of the statement at hand lead to. */
  jumps: Jumps;
  /** A call of a function written in WGSL, its body put in place. */
  inline(callee: FunctionSyntax, args: readonly Contents[]): Contents | undefined;
}

export interface Jumps {
  readonly breaks: Label | undefined;
  readonly continues: Label | undefined;
  readonly returns: Label | undefined;
  /** Holds the value of a function until its end. */
  readonly result: Variable | undefined;
}
