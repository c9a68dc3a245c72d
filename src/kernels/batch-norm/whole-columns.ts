import type { DeviceLimits } from '../../device/device.ts';
import { ceilDivide, type Launch, launch } from '../launch.ts';
import frame from '../wgsl/batch-norm/whole-columns.wgsl';
import { type ColumnsView, type ColumnsWork, framed } from './columns.ts';

/** How many invocations a workgroup has, and how many columns it owns. */
export type Ownership = { readonly WORKGROUP: number; readonly COLUMNS: number };

const WORKGROUP = 256;
/** Rows of a column that an invocation takes: where there are more, more workgroups share them. */
const STEPS = 32;
/** Neighbouring channels of a row that a workgroup reads: a line of the cache. */
const LINE = 16;

/** Whether a workgroup can own columns whole, so that one dispatch sums them up and goes on. */
export function mayOwn({ rows }: ColumnsView, limits: DeviceLimits): boolean {
  return !limits.cpu && rows <= WORKGROUP * STEPS;
}

/** A line of columns, or fewer where there are many rows. */
export function chooseOwnership({ rows, width, columns }: ColumnsView): Ownership {
  const most = 2 ** Math.floor(Math.log2((WORKGROUP * STEPS) / rows));
  const whole = 2 ** Math.ceil(Math.log2(columns));
  return { WORKGROUP, COLUMNS: Math.max(1, Math.min(LINE / width, most, whole)) };
}

/** For rows that are what chunks of columns come to. An invocation of a CPU takes a column alone. */
export function chooseMergers(view: ColumnsView, chunks: number, limits: DeviceLimits): Ownership {
  return limits.cpu ? { WORKGROUP: 64, COLUMNS: 64 } : chooseOwnership({ ...view, rows: chunks });
}

/** Has workgroups take columns whole: wgsl/batch-norm/whole-columns. */
export function overWholeColumns(
  view: ColumnsView,
  ownership: Ownership,
  params: Readonly<Record<string, number>>,
  work: ColumnsWork,
): Launch {
  const { columns } = view;
  return launch({
    ...work,
    program: framed(frame, ownership, view, work),
    params: { columns, ...params },
    workgroups: ceilDivide(columns, ownership.COLUMNS),
  });
}
