import type { Context } from './context.ts';
import { Mistake } from './error.ts';
import type { Label } from './flow.ts';
import type { Node } from './graph.ts';
import type { FunctionSyntax } from './syntax.ts';

export function lowerRegions(
  _context: Context,
  main: FunctionSyntax,
  _invocations: number,
  _inputs: (lane: Node) => void,
  _done: Label,
): void {
  throw new Mistake(main.at, 'barriers: later');
}
