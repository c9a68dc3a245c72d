// What a run found, as a record for JSON and as a table for people.
import { rename, writeFile } from 'node:fs/promises';
import type { Case } from './cases.ts';
import type { Absent } from './peers/list.ts';
import { type Spread, spread } from './statistics.ts';

export interface Measured {
  readonly case: string;
  readonly peer: string;
  readonly flops?: number;
  /** The first iteration in this process, shader compilation included. */
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

export interface Report {
  readonly started: string;
  readonly node: string;
  readonly dawn: string;
  readonly shaderCache: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly reference: string;
  readonly peers: readonly { name: string; version: string; adapter: string }[];
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

const headings = ['case', 'peer', 'median ms', 'quartiles', 'GFLOP/s', 'first ms', 'ratio'];

/** One line for each case and peer; ratio is the peer's median over the reference's. */
export function formatTable(report: Report, cases: readonly Case[]): string {
  const rows: string[][] = [];
  const notes: string[] = [];
  for (const { name } of cases) {
    const results = report.results.filter((result) => result.case === name);
    const reference = results.find((result) => result.peer === report.reference);
    const base = reference && 'samplesMs' in reference ? spread(reference.samplesMs) : undefined;
    for (const [at, result] of results.entries()) {
      const label = at === 0 ? name : '';
      if ('cannot' in result) {
        rows.push([label, result.peer, 'cannot', '', '', '', '']);
        notes.push(`${result.peer} cannot run ${name}: ${result.cannot}`);
      } else {
        rows.push([label, ...describe(result, spread(result.samplesMs), base)]);
      }
    }
  }
  return [...preamble(report), '', ...align([headings, ...rows]), '', ...notes]
    .join('\n')
    .trimEnd();
}

function preamble(report: Report): string[] {
  return [
    ...report.peers.map(({ name, version, adapter }) => `${name} ${version} on ${adapter}`),
    ...report.absent.map(({ name, reason }) => `${name} did not start: ${reason}`),
    `node ${report.node}, webgpu (Dawn) ${report.dawn}; shader cache: ${report.shaderCache}`,
    `${report.rounds} rounds of about ${report.seconds} s a peer, peers taking turns; ` +
      `ratio = peer / ${report.reference}, above 1 means ${report.reference} is faster`,
  ];
}

function describe(result: Measured, { median, lower, upper }: Spread, base?: Spread): string[] {
  return [
    result.peer,
    milliseconds(median),
    `${milliseconds(lower)}–${milliseconds(upper)}`,
    result.flops === undefined ? '' : (result.flops / median / 1e6).toFixed(2),
    milliseconds(result.firstMs),
    base === undefined ? '' : (median / base.median).toFixed(2),
  ];
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
