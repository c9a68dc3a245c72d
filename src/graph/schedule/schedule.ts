import type { DeviceLimits } from '../../device/device.ts';
import { NO_EPILOGUE } from '../../kernels/epilogue.ts';
import type { Binding, KernelContext, Launches, Param } from '../../kernels/launch.ts';
import { type Node, topological } from '../node.ts';
import type { Choices } from '../tuning/choices.ts';
import { memoryOf, operandOf } from '../view.ts';
import { Alongside } from './alongside.ts';
import { type FoldedKernel, foldInto } from './epilogue.ts';
import { Barrier, fuse } from './fuse.ts';
import type { FusedKernel } from './fused-kernel.ts';
import { type PackPlace, placeInPacks } from './place-in-packs.ts';
import { fusedStep, type Step } from './step.ts';

export interface Schedule {
  readonly steps: readonly Step[];
  /** Nodes computed right where a pack wants them. */
  readonly placements: ReadonlyMap<Node, PackPlace>;
  /** Scratch bytes by node, for kernels that run in several dispatches. */
  readonly temporaries: ReadonlyMap<Node, readonly number[]>;
}

/**
 * Decides what is computed by which kernel, in which order. `results` end up in memory of their
 * own; `effects` (optimizer updates) run last, when everybody has read what they overwrite, `early` ones
 * right behind the results, each as soon as it can. `choices` pick among the ways to compute a kernel, where some are
 * measured.
 */
export function schedule(
  results: readonly Node[],
  effects: readonly Node[],
  limits: DeviceLimits,
  choices?: Choices,
  early: readonly Node[] = [],
): Schedule {
  return new Scheduler(results, effects, limits, choices, early).run();
}

/** Nodes that a kernel computes besides its own, by the numbers that its op's record gives them. */
type Others = readonly (Node | undefined)[];

/** An expression of more parts than this is not computed twice. */
const MAX_RECOMPUTED = 16;

class Scheduler {
  private readonly effects: ReadonlySet<Node>;
  /** What is asked for, in the order of the asking. */
  private readonly roots: readonly Node[];
  private readonly results: readonly Node[];
  private readonly limits: DeviceLimits;
  private readonly choices: Choices | undefined;
  private readonly order: readonly Node[];
  /** Nodes that get memory: kernel operands, results, and whatever fusion cannot carry. */
  private readonly kept = new Set<Node>();
  private readonly users = new Map<Node, Node[]>();
  private readonly fused = new Map<Node, FusedKernel>();
  /** Kernels that end with an expression, by themselves and by what that comes to. */
  private readonly folded = new Map<Node, FoldedKernel>();
  private readonly temporaries = new Map<Node, readonly number[]>();

  constructor(
    results: readonly Node[],
    effects: readonly Node[],
    limits: DeviceLimits,
    choices: Choices | undefined,
    early: readonly Node[],
  ) {
    this.results = results;
    this.roots = [...results, ...early, ...effects];
    this.choices = choices;
    this.effects = new Set(effects);
    this.limits = limits;
    this.order = topological(this.roots);
    for (const node of this.order) {
      if (node.leaf) continue;
      for (const input of new Set(node.inputs)) {
        const list = this.users.get(input);
        if (list) list.push(node);
        else this.users.set(input, [node]);
      }
    }
  }

  run(): Schedule {
    this.keepKernelOperands();
    this.keepSharedExpressions();
    this.fuseExpressions();
    const kernels = {
      resultOf: (kernel: Node) => this.foldedOr(kernel).result,
      isFree: (node: Node) => node.op.lowering.kind === 'kernel' && !this.folded.has(node),
      fits: (kernel: Node, others: Others) => this.fits(this.foldedOr(kernel), others),
    };
    const alongside = new Alongside(this.order, this.users, kernels, this.limits);
    const order = alongside.inOrder(this.roots);
    const ordered = [
      ...order.filter((node) => !this.effects.has(node)),
      ...order.filter((node) => this.effects.has(node)),
    ];
    const steps = ordered.flatMap((node) =>
      alongside.has(node) ? [] : this.stepsOf(node, alongside),
    );
    const packs = ordered.filter((node) => !node.leaf && node.op.lowering.kind === 'pack');
    const placements = placeInPacks(packs, steps, this.limits);
    return { steps, placements, temporaries: this.temporaries };
  }

  private inMemory = (node: Node): boolean =>
    node.leaf !== undefined || this.kept.has(node) || isCompound(node);

  private keepKernelOperands(): void {
    for (const result of this.results) this.kept.add(memoryOf(result));
    for (const node of this.order) {
      if (node.leaf || !isCompound(node)) continue;
      this.kept.add(node);
      for (const i of node.inputs.keys()) {
        const operand = operandOf(node, i).node;
        if (!operand.leaf) this.kept.add(operand);
      }
    }
  }

  /**
   * An expression with users in several kernels is computed once and stored, unless computing it
   * again costs no more than reading it back.
   */
  private keepSharedExpressions(): void {
    const owners = new Map<Node, Set<Node>>();
    for (const node of [...this.order].reverse()) {
      if (node.leaf || isCompound(node)) continue;
      const into = new Set<Node>();
      for (const user of this.users.get(node) ?? []) {
        if (this.inMemory(user)) into.add(user);
        else for (const owner of owners.get(user) ?? []) into.add(owner);
      }
      if (into.size > 1 && !this.isCheap(node)) this.kept.add(node);
      owners.set(node, into);
    }
  }

  /** Whether recomputing reads at most one tensor, no larger than this one, with easy arithmetic. */
  private isCheap(node: Node): boolean {
    const sources = new Set<Node>();
    const parts = [node];
    let heavy = 0;
    for (const at of parts) {
      if (this.inMemory(at)) {
        if (at.size > 1) sources.add(at);
        if (at.size > node.size) return false;
        continue;
      }
      if (at.op.lowering.kind === 'elementwise' && at.op.lowering.heavy) heavy++;
      parts.push(...at.inputs);
      if (parts.length > MAX_RECOMPUTED) return false;
    }
    // Random masks are recomputed rather than stored; heavy arithmetic on stored values is not.
    return sources.size === 0 || (sources.size === 1 && heavy === 0);
  }

  private fuseExpressions(): void {
    // Users come before their inputs here, so that what fusion keeps is fused in its turn.
    const pending = [...this.order].reverse();
    for (const node of pending) {
      if (!this.kept.has(node) || isCompound(node)) continue;
      for (;;) {
        const result = fuse(node, this.inMemory, this.limits);
        if (!(result instanceof Barrier)) {
          if (!this.fold(node, result)) this.fused.set(node, result);
          break;
        }
        this.kept.add(result.node);
      }
    }
  }

  /** Lets a kernel end with the expression that it alone is computed for: one pass over memory less. */
  private fold(node: Node, { loads, expression }: FusedKernel): boolean {
    // The last to be computed, when the others are there.
    const candidates = new Set(loads.filter((load) => this.mayEndWith(load, node)));
    const kernel = this.order.findLast((each) => candidates.has(each));
    const folded = kernel && foldInto(kernel, node, expression, this.limits);
    if (!folded || !this.fits(folded)) return false;
    this.folded.set(node, folded);
    this.folded.set(folded.kernel, folded);
    return true;
  }

  private mayEndWith(kernel: Node, node: Node): boolean {
    const { lowering } = kernel.op;
    if (kernel.leaf || lowering.kind !== 'kernel' || !lowering.takesEpilogue) return false;
    if (this.results.some((result) => memoryOf(result) === kernel)) return false;
    const ways = [kernel];
    for (const at of ways) {
      for (const user of this.users.get(at) ?? []) {
        if (user === node) continue;
        if (this.inMemory(user)) return false;
        ways.push(user);
      }
    }
    return true;
  }

  private fits(folded: FoldedKernel, others: Others = []): boolean {
    const { launches, storesHalves = false } = this.launchesOf(folded, others);
    if (folded.epilogue.halves && !storesHalves) return false;
    return launches.every(({ bindings }) => bindings.length <= this.limits.maxStorageBuffers);
  }

  /** A kernel with what it ends with, which may be nothing. */
  private foldedOr(kernel: Node): FoldedKernel {
    const plain = { epilogue: NO_EPILOGUE, loads: [], params: [] };
    return this.folded.get(kernel) ?? { kernel, result: kernel, ...plain };
  }

  private stepsOf(node: Node, alongside: Alongside): Step[] {
    const folded = this.folded.get(node);
    if (folded) {
      const others = alongside.of(folded.kernel);
      return folded.result === node ? this.kernelSteps(folded, others) : [];
    }
    const fused = this.fused.get(node);
    if (fused) return [fusedStep(node, fused)];
    if (node.leaf || node.op.lowering.kind !== 'kernel') return [];
    return this.kernelSteps(this.foldedOr(node), alongside.of(node));
  }

  private launchesOf({ kernel, epilogue }: FoldedKernel, others: Others = []): Launches {
    const { lowering } = kernel.op;
    if (lowering.kind !== 'kernel') throw new Error(`${kernel.op.name} has no kernel`);
    const context: KernelContext = {
      attributes: kernel.attributes,
      inputs: kernel.inputs.map((_, i) => {
        const { node, shape, transposed } = operandOf(kernel, i);
        return { shape, dtype: node.dtype, transposed };
      }),
      output: kernel,
      limits: this.limits,
      epilogue,
      alongside: others.map((other) => other !== undefined),
    };
    const pick = this.choices?.pickFor(lowering.launch, context);
    return lowering.launch({ ...context, pick });
  }

  private kernelSteps(folded: FoldedKernel, others: Others): Step[] {
    const { kernel, result, loads } = folded;
    const { launches, temporaries } = this.launchesOf(folded, others);
    if (temporaries) this.temporaries.set(result, temporaries);
    const operand = (binding: Binding): Step['operands'][number] => {
      if ('input' in binding) return operandOf(kernel, binding.input).node;
      if ('epilogue' in binding) return loads[binding.epilogue] as Node;
      if ('alongside' in binding) return others[binding.alongside] as Node;
      return 'output' in binding ? result : binding;
    };
    const word = (param: Param): Step['params'][number] => {
      if (typeof param === 'number') return param;
      if ('epilogue' in param) return folded.params[param.epilogue] as Step['params'][number];
      return { node: kernel, name: param.scalar, dtype: param.type };
    };
    return launches.map(({ program, bindings, params, workgroups }) => ({
      program,
      node: result,
      operands: bindings.map(operand),
      params: params.map(word),
      workgroups,
      written: bindings
        .filter((binding) => 'output' in binding || 'alongside' in binding)
        .map((binding) => operand(binding) as Node),
    }));
  }
}

/** Kernel ops and packs: their inputs and outputs are memory, never expressions. */
function isCompound(node: Node): boolean {
  return !node.leaf && (node.op.lowering.kind === 'kernel' || node.op.lowering.kind === 'pack');
}
