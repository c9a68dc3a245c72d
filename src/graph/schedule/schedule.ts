import type { DeviceLimits } from '../../device/device.ts';
import { type Binding, type Epilogue, type Launches, NO_EPILOGUE } from '../../kernels/launch.ts';
import { type Node, topological } from '../node.ts';
import { memoryOf } from '../view.ts';
import { type FoldedKernel, matchEpilogue } from './epilogue.ts';
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
 * own; `effects` (optimizer updates) run last, when everybody has read what they overwrite.
 */
export function schedule(
  results: readonly Node[],
  effects: readonly Node[],
  limits: DeviceLimits,
): Schedule {
  return new Scheduler(results, effects, limits).run();
}

/** An expression of more parts than this is not computed twice. */
const MAX_RECOMPUTED = 16;

class Scheduler {
  private readonly effects: ReadonlySet<Node>;
  private readonly results: readonly Node[];
  private readonly limits: DeviceLimits;
  private readonly order: readonly Node[];
  /** Nodes that get memory: kernel operands, results, and whatever fusion cannot carry. */
  private readonly kept = new Set<Node>();
  private readonly users = new Map<Node, Node[]>();
  private readonly fused = new Map<Node, FusedKernel>();
  private readonly temporaries = new Map<Node, readonly number[]>();

  constructor(results: readonly Node[], effects: readonly Node[], limits: DeviceLimits) {
    this.results = results;
    this.effects = new Set(effects);
    this.limits = limits;
    this.order = topological([...results, ...effects]);
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
    const epilogues = this.foldEpilogues();
    this.fuseExpressions(epilogues);
    const ordered = [
      ...this.order.filter((node) => !this.effects.has(node)),
      ...this.order.filter((node) => this.effects.has(node)),
    ];
    const steps = ordered.flatMap((node) => this.stepsOf(node, epilogues));
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
      for (const input of node.inputs) if (!memoryOf(input).leaf) this.kept.add(memoryOf(input));
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

  /** Kernels that take the bias and activation that follow them along: one pass over memory less. */
  private foldEpilogues(): Map<Node, FoldedKernel> {
    const folded = new Map<Node, FoldedKernel>();
    for (const node of this.order) {
      if (!this.kept.has(node) || node.leaf || isCompound(node)) continue;
      const match = matchEpilogue(node, (inner) => this.isSoleUse(inner));
      if (!match) continue;
      folded.set(node, match);
      folded.set(match.kernel, match);
      if (match.bias && !memoryOf(match.bias).leaf) this.kept.add(memoryOf(match.bias));
    }
    return folded;
  }

  private isSoleUse(node: Node): boolean {
    return (
      (this.users.get(node)?.length ?? 0) === 1 && !this.results.some((r) => memoryOf(r) === node)
    );
  }

  private fuseExpressions(epilogues: ReadonlyMap<Node, FoldedKernel>): void {
    // Users come before their inputs here, so that what fusion keeps is fused in its turn.
    const pending = [...this.order].reverse();
    for (const node of pending) {
      if (!this.kept.has(node) || isCompound(node) || epilogues.has(node)) continue;
      for (;;) {
        const result = fuse(node, this.inMemory, this.limits);
        if (!(result instanceof Barrier)) {
          this.fused.set(node, result);
          break;
        }
        this.kept.add(result.node);
      }
    }
  }

  private stepsOf(node: Node, epilogues: ReadonlyMap<Node, FoldedKernel>): Step[] {
    const folded = epilogues.get(node);
    if (folded) return folded.result === node ? this.kernelSteps(folded) : [];
    const fused = this.fused.get(node);
    if (fused) return [fusedStep(node, fused)];
    if (node.leaf || node.op.lowering.kind !== 'kernel') return [];
    return this.kernelSteps({ kernel: node, result: node, bias: undefined, activation: 'none' });
  }

  private kernelSteps({ kernel, result, bias, activation }: FoldedKernel): Step[] {
    const { lowering } = kernel.op;
    if (lowering.kind !== 'kernel') throw new Error(`${kernel.op.name} has no kernel`);
    const epilogue: Epilogue =
      bias || activation !== 'none' ? { bias: bias !== undefined, activation } : NO_EPILOGUE;
    const call: Launches = lowering.launch({
      attributes: kernel.attributes,
      inputs: kernel.inputs,
      output: kernel,
      limits: this.limits,
      epilogue,
    });
    if (call.temporaries) this.temporaries.set(result, call.temporaries);
    const operand = (binding: Binding): Step['operands'][number] => {
      if ('input' in binding) return memoryOf(kernel.inputs[binding.input] as Node);
      if ('bias' in binding) return memoryOf(bias as Node);
      return 'output' in binding ? result : binding;
    };
    return call.launches.map(({ program, bindings, params, workgroups }) => ({
      program,
      node: result,
      operands: bindings.map(operand),
      params: params.map((param) =>
        typeof param === 'number' ? param : { node: kernel, name: param.scalar, dtype: param.type },
      ),
      workgroups,
      writes: bindings.some((binding) => 'output' in binding),
    }));
  }
}

/** Kernel ops and packs: their inputs and outputs are memory, never expressions. */
function isCompound(node: Node): boolean {
  return !node.leaf && (node.op.lowering.kind === 'kernel' || node.op.lowering.kind === 'pack');
}
