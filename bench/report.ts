// What a run found, as a record for JSON and as a table for people.
import { rename, writeFile } from 'node:fs/promises';
import { type Case, isProduct } from './cases.ts';
import { bestRate, describePeak, type Peak } from './peak.ts';
import { isReference, isWasm } from './peers/list.ts';
import type { Description } from './peers/messages.ts';
import { spread } from './statistics.ts';

export interface Measured {
  readonly case: string;
  readonly peer: string;
  readonly flops?: number;
  /** The first iteration of the case, its kernels' compilation included. */
  readonly firstMs: number;
  /** Of the first iteration, in the cases that train a model. */
  readonly firstLoss?: number;
  readonly samplesMs: readonly number[];
}

export interface Cannot {
  readonly case: string;
  readonly peer: string;
  readonly cannot: string;
}

export type Result = Measured | Cannot;

/** A peer that did not start. */
export interface Absent {
  readonly name: string;
  readonly reason: string;
}

export interface Report {
  readonly started: string;
  readonly node: string;
  readonly dawn: string;
  readonly shaderCache: string;
  readonly rounds: number;
  readonly seconds: number;
  /** Of the machine, where a peer computes through WebAssembly. */
  readonly peak?: Peak;
  readonly peers: readonly (Description & { readonly name: string })[];
  readonly absent: readonly Absent[];
  readonly results: readonly Result[];
}

/** The driver's cache decides what "first ms" means, so each report says how it was set. */
export function describeShaderCache(environment: NodeJS.ProcessEnv): string {
  const value = environment.MESA_SHADER_CACHE_DISABLE;
  return value === 'true' || value === '1'
    ? `off (MESA_SHADER_CACHE_DISABLE=${value})`
    : "the driver's default (MESA_SHADER_CACHE_DISABLE not set): first ms may be warm";
}

const headings = ['case', 'peer', 'median ms', 'quartiles', 'GFLOP/s', '% of peak', 'first ms'];

/**
 * One line for each case and peer; a last column for each wgrad peer has the line's median over
 * that peer's.
 */
export function formatTable(report: Report, cases: readonly Case[]): string {
  const references = report.peers.map(({ name }) => name).filter(isReference);
  const rows = [[...headings, ...references.map((name) => `/ ${name}`)]];
  const notes: string[] = [];
  for (const item of cases) {
    const results = report.results.filter((result) => result.case === item.name);
    const medians = new Map(
      results.flatMap((result) =>
        'cannot' in result ? [] : [[result.peer, spread(result.samplesMs).median] as const],
      ),
    );
    for (const [at, result] of results.entries()) {
      const label = at === 0 ? item.name : '';
      if ('cannot' in result) {
        rows.push([label, result.peer, 'cannot', '', '', '', '', ...references.map(() => '')]);
        notes.push(`${result.peer} cannot run ${item.name}: ${result.cannot}`);
        continue;
      }
      const cells = describe(result, isProduct(item) ? report.peak : undefined);
      const ratios = references.map((name) => {
        const base = medians.get(name);
        return base === undefined ? '' : ratio((medians.get(result.peer) ?? 0) / base);
      });
      rows.push([label, ...cells, ...ratios]);
    }
  }
  return [...preamble(report), '', ...align(rows), '', ...notes].join('\n').trimEnd();
}

function preamble(report: Report): string[] {
  return [
    ...report.peers.map(({ name, version, adapter }) => `${name} ${version} on ${adapter}`),
    ...report.absent.map(({ name, reason }) => `${name} did not start: ${reason}`),
    ...(report.peak === undefined ? [] : [describePeak(report.peak)]),
    `node ${report.node}, webgpu (Dawn) ${report.dawn}; shader cache: ${report.shaderCache}`,
    `${report.rounds} rounds of about ${report.seconds} s a peer, one process each, taking turns; ` +
      `the last columns are the line's median over wgrad's: above 1, wgrad is faster`,
  ];
}

function describe(result: Measured, peak: Peak | undefined): string[] {
  const { median, lower, upper } = spread(result.samplesMs);
  const rate = result.flops === undefined ? undefined : result.flops / median / 1e6;
  const share =
    rate === undefined || peak === undefined || !isWasm(result.peer)
      ? ''
      : ((100 * rate) / bestRate(peak)).toFixed(0);
  return [
    result.peer,
    milliseconds(median),
    `${milliseconds(lower)}–${milliseconds(upper)}`,
    rate === undefined ? '' : rate.toFixed(2),
    share,
    milliseconds(result.firstMs),
  ];
}

function ratio(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export function milliseconds(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** Columns padded to their widest cell: words to the left, numbers to the right. */
export function align(rows: readonly (readonly string[])[], words = 2): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column < words ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

/** Whole or not at all: a run that is cut short must not leave half a file in its place. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  const partial = `${file}.${process.pid}.tmp`;
  await writeFile(partial, `${JSON.stringify(value, null, 2)}\n`);
  await rename(partial, file);
}
