// What was found, as a record for JSON and as tables.
import { align } from '../report.ts';
import { fmaShare } from './disassembly.ts';
import type { LaunchedKernel } from './kernels.ts';
import { type KernelStatistics, nestShare } from './statistics.ts';

export interface FoundKernel extends Omit<LaunchedKernel, 'source' | 'entryPoint' | 'innerTurns'> {
  /** Its code on the chip, or why there is none. */
  readonly code: KernelStatistics | { readonly cannot: string };
}

export type Result = { readonly work: string; readonly library: string } & (
  | { readonly kernels: readonly FoundKernel[] }
  | { readonly cannot: string }
);

export interface Report {
  readonly started: string;
  readonly chip: string;
  readonly driver: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly results: readonly Result[];
}

const COLUMNS = [
  'dispatches',
  'workgroups',
  'registers',
  'spills',
  'waves',
  'LDS bytes',
  'FMA innermost',
  'FMA nest',
];

/** Every kernel of every work, and below it what could not be had. */
export function kernelTable({ results }: Report): string[] {
  const rows: string[][] = [];
  const notes: string[] = [];
  for (const result of results) {
    const { work, library } = result;
    if ('cannot' in result) {
      rows.push([work, library, 'cannot', ...COLUMNS.map(() => '')]);
      notes.push(`${library} cannot run ${work}: ${result.cannot}`);
      continue;
    }
    for (const kernel of result.kernels) {
      rows.push([work, library, shortLabel(kernel), ...cells(kernel)]);
      if ('cannot' in kernel.code) {
        notes.push(`${work}, ${library}, ${kernel.label}: ${kernel.code.cannot}`);
      }
    }
  }
  return [...align([['work', 'library', 'kernel', ...COLUMNS], ...rows], 3), '', ...notes];
}

/** For a document: of each operation the kernel that multiplies most, and each step in a line. */
export function markdown(report: Report): string {
  const operations = report.results.filter(({ work }) => !work.startsWith('train step'));
  const steps = report.results.filter(({ work }) => work.startsWith('train step'));
  const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Compiled for ${report.driver}; ${versions.join(', ')}; ${report.started.slice(0, 10)}.`,
    '',
    row(['operation', 'library', ...COLUMNS]),
    row(['---', '---', ...COLUMNS.map(() => '---:')]),
    ...operations.map((result) => {
      const main = 'cannot' in result ? undefined : mainKernel(result.kernels);
      const [, ...found] = main ? cells(main) : COLUMNS.map(() => '');
      return row([result.work, result.library, dispatchesOf(result), ...found]);
    }),
    '',
    row([
      'step',
      'library',
      'dispatches',
      'shaders',
      'most registers',
      'kernels that spill',
      'fewest waves',
    ]),
    row(['---', '---', ...Array.from({ length: 5 }, () => '---:')]),
    ...steps.map((result) =>
      row([result.work, result.library, dispatchesOf(result), ...stepCells(result)]),
    ),
  ].join('\n');
}

/** The kernel with the most multiply-adds in a turn of its loops, or in all. */
export function mainKernel(kernels: readonly FoundKernel[]): FoundKernel | undefined {
  const work = ({ code }: FoundKernel) =>
    'cannot' in code ? -1 : (code.loop?.nest.fma ?? 0) * 1e6 + code.instructions.fma;
  return kernels.reduce<FoundKernel | undefined>(
    (most, kernel) => (most === undefined || work(kernel) > work(most) ? kernel : most),
    undefined,
  );
}

function cells({ dispatches, workgroups: [fewest, most], code }: FoundKernel): string[] {
  const launched = [String(dispatches), fewest === most ? String(most) : `${fewest}–${most}`];
  if ('cannot' in code) return [...launched, 'cannot', '', '', '', '', ''];
  const { registers, spills, scratchBytes, waves, workgroupBytes, loop, instructions } = code;
  const isLess = loop?.hasUnknownTurns === true && loop.nest.fma > 0;
  return [
    ...launched,
    String(registers),
    scratchBytes > 0 ? `${spills} (${scratchBytes} bytes)` : String(spills),
    String(waves),
    String(workgroupBytes),
    loop === undefined ? '' : percent(fmaShare(loop.innermost)),
    instructions.fma === 0 ? '' : `${isLess ? '≥ ' : ''}${percent(nestShare(code))}`,
  ];
}

function dispatchesOf(result: Result): string {
  if ('cannot' in result) return 'cannot';
  return String(result.kernels.reduce((sum, { dispatches }) => sum + dispatches, 0));
}

function stepCells(result: Result): string[] {
  if ('cannot' in result) return ['', '', '', ''];
  const codes = result.kernels.flatMap(({ code }) => ('cannot' in code ? [] : [code]));
  return [
    result.kernels.length,
    Math.max(...codes.map(({ registers }) => registers)),
    codes.filter(({ spills, scratchBytes }) => spills + scratchBytes > 0).length,
    Math.min(...codes.map(({ waves }) => waves)),
  ].map(String);
}

function shortLabel({ label }: FoundKernel): string {
  return label.length > 32 ? `${label.slice(0, 31)}…` : label || '(no name)';
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
