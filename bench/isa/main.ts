// `npm run bench:isa`: what a real GPU's compiler makes of the kernels, on a machine without a GPU.
// Progress goes to stderr, the table to stdout.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { InvalidArgumentError, Option, program } from 'commander';
import { messageOf } from '../../src/cause.ts';
import { pattern, say } from '../command.ts';
import { writeBetweenMarks } from '../document.ts';
import { stepModels } from '../dry-run/step.ts';
import { stepDispatches } from '../dry-run/step-dispatches.ts';
import { align, writeJson } from '../report.ts';
import { type Compiled, compileShaders } from './compile.ts';
import type { LaunchedKernel } from './kernels.ts';
import { WatchedPeer } from './peer-kernels.ts';
import { kernelTable, markdown, type Report, type Result } from './report.ts';
import { readStatistics } from './statistics.ts';
import { findToolchain, onDriver, sayMissing, type Toolchain } from './toolchain.ts';
import { wgradKernels } from './wgrad-kernels.ts';
import { type IsaWork, works } from './works.ts';

const DOCUMENT = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));
const libraries = ['wgrad', 'tfjs', 'jax-js'] as const;
type Library = (typeof libraries)[number];

interface Options {
  readonly only: RegExp;
  readonly libraries: readonly Library[];
  readonly chip: string;
  readonly dispatches?: boolean;
  readonly assembly?: boolean;
  readonly json?: string;
  readonly write?: boolean;
}

const options = program
  .name('npm run bench:isa --')
  .description(
    "Compile the kernels of wgrad and others with Mesa's AMD compiler, for a chip that need not be " +
      'there, and tell their registers, waves and the share of multiply-adds in their loops.',
  )
  .addOption(
    new Option('--only <regex>', 'only the works whose name matches')
      .argParser(pattern)
      .default(/(?:)/, 'all'),
  )
  .option('--libraries <names>', 'comma-separated', namesIn, [...libraries])
  .option('--chip <name>', 'navi31 (RDNA3), navi21 (RDNA2), vega10, …', 'navi31')
  .option('--dispatches', 'only count the dispatches of training steps, which needs no compiler')
  .option('--assembly', "also print each kernel's assembly")
  .option('--json <file>', 'also write everything to this file')
  .addOption(
    new Option('--write', 'write the tables into docs/performance.md').conflicts([
      'only',
      'libraries',
      'chip',
    ]),
  )
  .addHelpText('after', `\nWorks:\n${works.map(({ name }) => `  ${name}`).join('\n')}`)
  .parse()
  .opts<Options>();

await main();

async function main(): Promise<void> {
  if (options.dispatches) {
    process.stdout.write(`${(await dispatchTable()).join('\n')}\n`);
    return;
  }
  const toolchain = findToolchain();
  if ('missing' in toolchain) {
    sayMissing(toolchain.missing);
    say('--dispatches needs none of it.');
    process.exitCode = 1;
    return;
  }
  const chosen = works.filter(({ name }) => options.only.test(name));
  if (chosen.length === 0) program.error(`no work matches ${options.only}; --help lists them`);
  const report = compileAll(await launchedBy(chosen, toolchain), toolchain);
  process.stdout.write(`${kernelTable(report).join('\n')}\n`);
  if (options.json !== undefined) await writeJson(options.json, report);
  if (options.write) await writeBetweenMarks(DOCUMENT, 'isa', markdown(report));
}

type LaunchedWork = { readonly work: string; readonly library: Library } & (
  | { readonly kernels: readonly LaunchedKernel[] }
  | { readonly cannot: string }
);

/** The shaders that each library runs for each work. */
async function launchedBy(
  chosen: readonly IsaWork[],
  { software }: Toolchain,
): Promise<LaunchedWork[]> {
  const peers = new Map(libraries.map((name) => [name, new WatchedPeer(name, onDriver(software))]));
  const found: LaunchedWork[] = [];
  try {
    for (const work of chosen) {
      for (const library of options.libraries) {
        if (('step' in work || 'dtype' in work) && library !== 'wgrad') continue;
        const head = { work: work.name, library };
        say(`${work.name}, ${library}`);
        try {
          const kernels =
            library === 'wgrad'
              ? await wgradKernels(work)
              : ((await peers.get(library)?.kernels(work)) ?? []);
          found.push({ ...head, kernels });
        } catch (error) {
          found.push({ ...head, cannot: messageOf(error) });
        }
      }
    }
  } finally {
    for (const peer of peers.values()) peer.stop();
  }
  return found;
}

function compileAll(launched: readonly LaunchedWork[], toolchain: Toolchain): Report {
  // Works share kernels.
  const shaders = new Map<string, LaunchedKernel>();
  for (const work of launched) {
    if ('cannot' in work) continue;
    for (const kernel of work.kernels) shaders.set(kernel.source, kernel);
  }
  const compiled = compileShaders([...shaders.values()], options.chip, toolchain, (done) => {
    if (done % 20 === 0 || done === shaders.size)
      say(`compiled ${done} of ${shaders.size} shaders`);
  });
  const codes = new Map([...shaders.keys()].map((source, i) => [source, compiled[i]]));
  const results = launched.map((work): Result => {
    if ('cannot' in work) return work;
    const kernels = work.kernels.map(({ source, entryPoint: _, innerTurns, ...kernel }) => {
      const code = codes.get(source) ?? { cannot: 'not compiled' };
      return {
        ...kernel,
        code: 'cannot' in code ? code : readStatistics(code.text, code.workgroupSize),
      };
    });
    return { ...work, kernels };
  });
  if (options.assembly) {
    for (const [source, code] of codes) {
      const text = code !== undefined && 'text' in code ? code.text : '';
      process.stdout.write(`==== ${shaders.get(source)?.label}\n${text}\n`);
    }
  }
  return {
    started: new Date().toISOString(),
    chip: options.chip,
    driver: driverOf(compiled),
    versions: versions(),
    results,
  };
}

async function dispatchTable(): Promise<string[]> {
  const rows: string[][] = [
    ['step', 'batch', 'dispatches', 'of at most 16 workgroups', 'MB bound'],
  ];
  for (const model of stepModels) {
    for (const batch of [32, 128, 1024]) {
      const dispatches = await stepDispatches(model, batch);
      const few = dispatches.filter(({ workgroups }) => workgroups <= 16);
      const bytes = dispatches
        .flatMap(({ bindings }) => bindings)
        .reduce((sum, binding) => sum + binding.bytes, 0);
      const cells = [batch, dispatches.length, few.length, Math.round(bytes / 1e6)];
      rows.push([model, ...cells.map(String)]);
    }
  }
  return align(rows);
}

/** As the driver calls itself and its chip. */
function driverOf(compiled: readonly Compiled[]): string {
  const text = compiled.map((code) => ('text' in code ? code.text : '')).find(Boolean) ?? '';
  const named = (what: string) => new RegExp(`^${what}: (.*)`, 'm').exec(text)?.[1] ?? 'unknown';
  return `${named('Device')}, ${named('Driver')}`;
}

function versions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  return { webgpu: require('webgpu/package.json').version };
}

function namesIn(text: string): Library[] {
  return text.split(',').map((name) => {
    const library = libraries.find((known) => known === name);
    if (library === undefined) throw new InvalidArgumentError(`known: ${libraries.join(', ')}`);
    return library;
  });
}
