import type { Program } from '../../device.ts';
import type { CompileOptions } from '../compiled.ts';
import { type CheckedProgram, check } from './check.ts';
import type { Context, Scratch } from './context.ts';
import { emitBody } from './emit.ts';
import { KernelCompileError, Mistake } from './error.ts';
import { Flow } from './flow.ts';
import { Graph } from './graph.ts';
import { lowerKernel } from './kernel.ts';
import mathSource from './math.wgsl';
import { encodeModule } from './module.ts';
import { parse } from './parse.ts';
import { schedule } from './schedule.ts';
import { inlineCall } from './statement.ts';
import { reduceStrength } from './strength.ts';
import { namedIn, visitExpressions } from './survey.ts';
import type { FunctionSyntax, Variable } from './syntax.ts';
import { alignOf, sizeOf, strideOf, type Type } from './types.ts';

export { KernelCompileError } from './error.ts';

export interface CompiledBinding {
  readonly access: 'uniform' | 'read' | 'read_write';
  /** Bytes of an element, or of the whole where it is no array. */
  readonly elementBytes: number;
}

/**
 * A WebAssembly module that imports `env.memory` and exports
 * `run(bindings, firstGroup, endGroup, groupsX, groupsY, scratch)`. `bindings` is the address of
 * pairs of words, the address and the length in bytes of each binding; all of them and `scratch`
 * are multiples of 16 and at least 1024.
 */
export interface CompiledKernel {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly workgroupSize: number;
  readonly bindings: readonly CompiledBinding[];
  /** Memory that a thread needs for itself while it runs the kernel. */
  readonly scratchBytes: number;
}

let math: CheckedProgram | undefined;

/** Compiles a kernel to WebAssembly. Throws {@link KernelCompileError} on what it cannot take. */
export function compile(program: Program, options: CompileOptions): CompiledKernel {
  math ??= check(parse(mathSource));
  try {
    return new Compilation(program, options, math).run();
  } catch (error) {
    if (error instanceof Mistake)
      throw new KernelCompileError(program, error.offset, error.message);
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
    const used = variablesOf(main);
    const workgroup = new Map<Variable, number>();
    const scratch: Scratch = {
      workgroupBytes: 0,
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
    const context: Context = {
      graph,
      flow: new Flow(graph),
      bounds: options.bounds,
      math,
      workgroup,
      scratch,
      jumps: { breaks: undefined, continues: undefined, returns: undefined, result: undefined },
      inline: (callee, args) => inlineCall(context, callee, args),
    };
    const privates = [...used].filter(({ space }) => space === 'private');
    const scratchBytes = lowerKernel(context, main, { workgroup: [x, y, z] }, privates);
    reduceStrength(graph);
    const body = emitBody(graph, schedule(graph), options.fma);
    return {
      bytes: encodeModule(body, options.shared ?? true),
      workgroupSize: x * y * z,
      bindings: bindingsOf(checked),
      scratchBytes,
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
    bindings[binding] = { access, elementBytes: elementBytes(type) };
  }
  return Array.from(bindings, (binding) => binding ?? { access: 'read', elementBytes: 0 });
}

function elementBytes(type: Type): number {
  if (type.kind === 'array') return strideOf(type);
  return Math.ceil(sizeOf(type) / alignOf(type)) * alignOf(type);
}
