import type { Program } from '../../device.ts';
import {
  type CompiledBinding,
  type CompiledKernel,
  type CompileOptions,
  VIOLATION_BYTES,
} from '../compiled.ts';
import { type CheckedProgram, check } from './check/check.ts';
import { refuseNonUniformBarriers } from './check/uniformity.ts';
import { emitBody } from './emit/body.ts';
import { encodeModule } from './emit/module.ts';
import { KernelCompileError, Mistake } from './error.ts';
import { BoundsChecks } from './lower/bounds.ts';
import type { Context, Scratch } from './lower/context.ts';
import { Flow } from './lower/flow.ts';
import { lowerKernel } from './lower/kernel.ts';
import { inlineCall } from './lower/statement.ts';
import angles from './math/angles.wgsl';
import hyperbolic from './math/hyperbolic.wgsl';
import packing from './math/packing.wgsl';
import powers from './math/powers.wgsl';
import { parse } from './syntax/parse.ts';
import { namedIn, visitExpressions } from './syntax/survey.ts';
import type { FunctionSyntax, Variable } from './syntax/tree.ts';
import { sizeOf } from './syntax/types.ts';
import { Graph } from './values/graph.ts';
import { multiplyByReciprocals } from './values/reciprocal.ts';
import { schedule } from './values/schedule.ts';
import { reduceStrength } from './values/strength.ts';

export { KernelCompileError } from './error.ts';

let math: CheckedProgram | undefined;

/** Compiles a kernel to WebAssembly. Throws {@link KernelCompileError} on what it cannot take. */
export function compile(program: Program, options: CompileOptions): CompiledKernel {
  math ??= check(parse(powers + angles + hyperbolic + packing));
  try {
    return new Compilation(program, options, math).run();
  } catch (error) {
    if (error instanceof Mistake) throw new KernelCompileError(program, error);
    throw error;
  }
}

class Compilation {
  private readonly options: CompileOptions;
  private readonly checked: CheckedProgram;
  private readonly math: CheckedProgram;

  constructor(program: Program, options: CompileOptions, math: CheckedProgram) {
    this.options = options;
    this.math = math;
    this.checked = check(parse(program.source));
  }

  run(): CompiledKernel {
    const { options, checked, math } = this;
    const main = checked.functions.get('main');
    const [size] = main?.attributes.filter(({ name }) => name === 'workgroup_size') ?? [];
    if (!main || !size || !main.attributes.some(({ name }) => name === 'compute')) {
      throw new Mistake(
        main?.at ?? 0,
        'a kernel needs a @compute function main with a @workgroup_size',
      );
    }
    const [x = 1, y = 1, z = 1] = size.args.map(({ constant }) => constant as number);
    refuseNonUniformBarriers(main);
    const used = variablesOf(main);
    const workgroup = new Map<Variable, number>();
    const reserved = options.bounds ? VIOLATION_BYTES : 0;
    const scratch: Scratch = {
      reservedBytes: reserved,
      workgroupBytes: reserved,
      invocationBytes: 0,
      spilled: new Map(),
      invocation: undefined,
    };
    for (const variable of used) {
      if (variable.space !== 'workgroup') continue;
      workgroup.set(variable, scratch.workgroupBytes);
      scratch.workgroupBytes += Math.ceil(sizeOf(variable.type) / 16) * 16;
    }
    const graph = new Graph();
    const flow = new Flow(graph);
    const checks = options.bounds ? new BoundsChecks(flow) : undefined;
    const context: Context = {
      graph,
      flow,
      checks,
      math,
      workgroup,
      scratch,
      jumps: { breaks: undefined, continues: undefined, returns: undefined, result: undefined },
      inline(callee, args) {
        // Our own functions stay inside their arrays.
        if (math.functions.get(callee.name) === callee) context.checks = undefined;
        const result = inlineCall(context, callee, args);
        context.checks = checks;
        return result;
      },
    };
    const privates = [...used].filter(({ space }) => space === 'private');
    const workgroupShape = [x, y, z] as const;
    const lowered = lowerKernel(context, main, { workgroup: workgroupShape }, privates);
    reduceStrength(graph);
    const scratchBytes = multiplyByReciprocals(graph, lowered);
    const body = emitBody(graph, schedule(graph), options.fma);
    return {
      bytes: encodeModule(body, options.shared ?? true),
      workgroupSize: x * y * z,
      bindings: bindingsOf(checked),
      scratchBytes,
      ...(checks && { bounds: { workgroup: workgroupShape, accesses: checks.accesses } }),
    };
  }
}

/** The global variables that a function and those it calls mention. */
function variablesOf(main: FunctionSyntax): Set<Variable> {
  const found = new Set<Variable>();
  const seen = new Set<FunctionSyntax>();
  const visit = (callee: FunctionSyntax) => {
    if (seen.has(callee)) return;
    seen.add(callee);
    for (const variable of namedIn(callee.body)) found.add(variable);
    visitExpressions(callee.body, (expression) => {
      if (expression.kind === 'call' && expression.target?.kind === 'function') {
        visit(expression.target.callee);
      }
    });
  };
  visit(main);
  return found;
}

function bindingsOf({ resources }: CheckedProgram): CompiledBinding[] {
  const bindings: CompiledBinding[] = [];
  for (const { binding, type, space, writable } of resources) {
    const access = space === 'uniform' ? 'uniform' : writable ? 'read_write' : 'read';
    bindings[binding] = { access, bytes: sizeOf(type) };
  }
  return Array.from(bindings, (binding) => binding ?? { access: 'read', bytes: 0 });
}
