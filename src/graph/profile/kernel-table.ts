import type { DispatchFacts } from '../../kernels/dispatch-facts.ts';
import type { TimedDispatch } from './span-recorder.ts';

/** All dispatches of one kernel on the same shapes. */
export interface KernelRow extends DispatchFacts {
  /** How many dispatches there are; the numbers of {@link DispatchFacts} are of one of them. */
  readonly calls: number;
  /** Microseconds of all of them together; undefined where nothing was timed. */
  readonly us: number | undefined;
  /** Its part of the time of all dispatches, from 0 to 1. */
  readonly share: number | undefined;
  /** Bytes bound, by time, in 10⁹ a second: caches may make it more than memory gives. */
  readonly gbPerSecond: number | undefined;
  /** 10¹² operations a second, for kernels whose operations are known. */
  readonly tflopPerSecond: number | undefined;
}

/** Dispatches by kernel and shapes; printed, it is a table. */
export class KernelTable {
  /** The longest first; without times in the order of their first dispatches. */
  readonly rows: readonly KernelRow[];

  /** @internal */
  constructor(dispatches: readonly TimedDispatch[]) {
    this.rows = rowsOf(dispatches);
  }

  /** How many dispatches there are in all. */
  get dispatches(): number {
    return this.rows.reduce((sum, { calls }) => sum + calls, 0);
  }

  /** The table as text, a line for each kernel. */
  toString(): string {
    return formatRows(this.rows);
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

function rowsOf(dispatches: readonly TimedDispatch[]): KernelRow[] {
  const groups = new Map<string, TimedDispatch[]>();
  for (const dispatch of dispatches) {
    const key = Object.values(dispatch.facts).join('|');
    const group = groups.get(key);
    if (group) group.push(dispatch);
    else groups.set(key, [dispatch]);
  }
  const all = usOf(dispatches);
  const rows = [...groups.values()].map((group): KernelRow => {
    const [{ facts }] = group as [TimedDispatch];
    const calls = group.length;
    const us = usOf(group);
    const each = (amount: number | undefined) =>
      us && amount !== undefined ? (amount * calls) / us : undefined;
    const bytesPerUs = each(facts.bytesRead + facts.bytesWritten);
    const flopsPerUs = each(facts.flops);
    return {
      ...facts,
      calls,
      us,
      share: all && us !== undefined ? us / all : undefined,
      gbPerSecond: bytesPerUs === undefined ? undefined : bytesPerUs / 1e3,
      tflopPerSecond: flopsPerUs === undefined ? undefined : flopsPerUs / 1e6,
    };
  });
  return rows.sort((a, b) => (b.us ?? 0) - (a.us ?? 0));
}

function usOf(dispatches: readonly TimedDispatch[]): number | undefined {
  let ms = 0;
  for (const dispatch of dispatches) {
    if (dispatch.ms === undefined) return undefined;
    ms += dispatch.ms;
  }
  return ms * 1e3;
}

type Column = readonly [head: string, cell: (row: KernelRow) => string];

const TIMED: readonly Column[] = [
  ['µs', ({ us }) => rounded(us)],
  ['%', ({ share }) => (share === undefined ? '' : (100 * share).toFixed(1))],
  ['GB/s', ({ gbPerSecond }) => rounded(gbPerSecond)],
  ['TFLOP/s', ({ tflopPerSecond }) => rounded(tflopPerSecond)],
];

function formatRows(rows: readonly KernelRow[]): string {
  const columns: readonly Column[] = [
    ['kernel', ({ kernel }) => kernel],
    ['shapes', ({ shapes }) => shapes],
    ['calls', ({ calls }) => String(calls)],
    ['workgroups', ({ workgroups }) => String(workgroups)],
    ['MB', ({ bytesRead, bytesWritten }) => rounded((bytesRead + bytesWritten) / 1e6)],
    ['MFLOP', ({ flops }) => rounded(flops === undefined ? undefined : flops / 1e6)],
    ...(rows.some(({ us }) => us !== undefined) ? TIMED : []),
  ];
  const cells = columns.map(([head, cell]) => [head, ...rows.map(cell)]);
  const widths = cells.map((column) => Math.max(...column.map(({ length }) => length)));
  return Array.from({ length: rows.length + 1 }, (_, line) =>
    cells
      .map((column, i) => {
        const [text, width] = [column[line] ?? '', widths[i] ?? 0];
        return i < 2 ? text.padEnd(width) : text.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  ).join('\n');
}

/** Three digits, or all of those before the point. */
function rounded(value: number | undefined): string {
  if (value === undefined) return '';
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
