// From WGSL to the code of an AMD GPU: Dawn writes SPIR-V, Mesa's driver compiles it.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../../src/cause.ts';
import { onDriver, type Toolchain } from './toolchain.ts';

export interface Shader {
  readonly source: string;
  readonly entryPoint: string;
}

/** What the driver prints of a compiled shader, or why there is none. */
export type Compiled =
  | { readonly text: string; readonly workgroupSize: number }
  | { readonly cannot: string };

const MOST_BYTES = 2 ** 30;

/** Compiles shaders for a chip; the results are in the order of the shaders. */
export function compileShaders(
  shaders: readonly Shader[],
  chip: string,
  toolchain: Toolchain,
  progress: (done: number) => void,
): Compiled[] {
  const folder = mkdtempSync(join(tmpdir(), 'bench-isa-'));
  try {
    const ask = join(folder, 'executable-statistics');
    const program = fileURLToPath(new URL('./executable-statistics.c', import.meta.url));
    execFileSync('gcc', ['-O1', '-o', ask, program, '-lvulkan']);
    const spirv = spirvOf(shaders, folder, toolchain);
    return shaders.map(({ source }, i) => {
      progress(i + 1);
      const text = spirv.get(i);
      if (text === undefined) return { cannot: 'Dawn refuses it' };
      const [assembly, binary] = [join(folder, 'shader.spvasm'), join(folder, 'shader.spv')];
      try {
        writeFileSync(assembly, text);
        const quiet = { stdio: ['ignore', 'pipe', 'pipe'] as const, maxBuffer: MOST_BYTES };
        execFileSync('spirv-as', ['--target-env', 'vulkan1.2', assembly, '-o', binary], {
          ...quiet,
          stdio: [...quiet.stdio],
        });
        return {
          workgroupSize: workgroupSize(text),
          text: execFileSync(ask, [bindingLetters(source), binary], {
            encoding: 'utf8',
            maxBuffer: MOST_BYTES,
            stdio: ['ignore', 'pipe', 'pipe'],
            env: { ...onDriver(toolchain.amd), RADV_FORCE_FAMILY: chip, RADV_DEBUG: 'nocache' },
          }),
        };
      } catch (error) {
        return { cannot: messageOf(error).split('\n').slice(0, 2).join(' ') };
      }
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The SPIR-V of the shaders that Dawn accepts, by their numbers. */
function spirvOf(shaders: readonly Shader[], folder: string, { software }: Toolchain) {
  const list = join(folder, 'shaders.json');
  writeFileSync(list, JSON.stringify(shaders));
  const child = fileURLToPath(new URL('./spirv-child.ts', import.meta.url));
  // It ends itself by a signal.
  const { stdout } = spawnSync(process.execPath, [...process.execArgv, child, list], {
    env: onDriver(software),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: MOST_BYTES,
  });
  return parseDump(stdout);
}

/** What Dawn prints: the WGSL of a shader, numbered by its first line, and then its SPIR-V. */
export function parseDump(printed: string): Map<number, string> {
  const found = new Map<number, string>();
  let number: number | undefined;
  for (const message of printed.split(/^(?:info|warning|error): *$/m)) {
    number = asNumber(/^\/\/ shader (\d+)$/m.exec(message)?.[1]) ?? number;
    const begin = message.indexOf('; SPIR-V');
    if (begin < 0 || number === undefined) continue;
    // Assemblers of some years ago do not know this extension, and it changes no code here.
    const lines = message.slice(begin).split('\n');
    const known = lines.filter((line) => !/MaximallyReconverges|maximal_reconvergence/.test(line));
    found.set(number, known.join('\n'));
  }
  return found;
}

/** Invocations of a workgroup, as SPIR-V has them. */
export function workgroupSize(spirv: string): number {
  const sizes = /OpExecutionMode %\S+ LocalSize (\d+) (\d+) (\d+)/.exec(spirv)?.slice(1) ?? [];
  return sizes.reduce((product, size) => product * Number(size), 1);
}

function asNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** A letter for each binding of group 0: u for a uniform, s for a storage buffer, - for none. */
export function bindingLetters(source: string): string {
  const letters: string[] = [];
  for (const [, number, kind] of source.matchAll(/@binding\((\d+)\)\s*var<(uniform|storage)/g)) {
    letters[Number(number)] = kind === 'uniform' ? 'u' : 's';
  }
  return Array.from(letters, (letter) => letter ?? '-').join('');
}
