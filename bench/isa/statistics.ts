// What a driver tells of a compiled kernel, read from its print.
import { countAll, fmaShare, type Instructions, type MainLoop, mainLoop } from './disassembly.ts';

export interface KernelStatistics {
  /** Invocations of a workgroup. */
  readonly workgroupSize: number;
  /** Vector registers of an invocation. */
  readonly registers: number;
  /** Registers that found no place, and bytes of memory that stand in for registers. */
  readonly spills: number;
  readonly scratchBytes: number;
  /** Waves that a SIMD unit holds at once. */
  readonly waves: number;
  readonly workgroupBytes: number;
  readonly codeBytes: number;
  readonly instructions: Instructions;
  readonly loop?: MainLoop;
}

/** `innerTurns` as in {@link mainLoop}. */
export function readStatistics(
  text: string,
  workgroupSize: number,
  innerTurns?: number,
): KernelStatistics {
  const assembly = text.split(/^---- Assembly$/m)[1] ?? '';
  const statistic = (name: string) =>
    Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN);
  const loop = mainLoop(assembly, innerTurns);
  return {
    workgroupSize,
    registers: statistic('VGPRs'),
    spills: statistic('Spilled VGPRs'),
    scratchBytes: statistic('Scratch size'),
    waves: statistic('Subgroups per SIMD'),
    workgroupBytes: statistic('LDS size'),
    codeBytes: statistic('Code size'),
    instructions: countAll(assembly),
    ...(loop === undefined ? {} : { loop }),
  };
}

/** Multiply-adds among the instructions of the loops that compute them, or of a kernel without. */
export function nestShare({ loop, instructions }: KernelStatistics): number {
  return fmaShare(loop?.nest ?? instructions);
}
