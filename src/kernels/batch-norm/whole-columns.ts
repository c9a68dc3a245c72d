import type { DeviceLimits } from '../../device/device.ts';
import { ceilDivide, type Launch, launch } from '../launch.ts';
import { cheapest, type Walk, walkCost } from '../walk-cost.ts';
import frame from '../wgsl/batch-norm/whole-columns.wgsl';
import { type ColumnsView, type ColumnsWork, framed } from './columns.ts';

/** How many invocations a workgroup has, and how many columns it owns. */
export type Ownership = { readonly WORKGROUP: number; readonly COLUMNS: number };

const WORKGROUP = 256;
/** Rows of a column that an invocation takes: where there are more, more workgroups share them. */
const STEPS = 32;
/** Channels of a row that lie in a line of the cache, and in the least that memory is read by. */
const LINE = 16;
const PIECE = 8;

/** Whether a workgroup can own columns whole, so that one dispatch sums them up and goes on. */
export function mayOwn({ rows }: ColumnsView, limits: DeviceLimits): boolean {
  return !limits.cpu && rows <= WORKGROUP * STEPS;
}

/** The cheapest of one column, two, four, and so on up to a line of them. */
export function chooseOwnership(view: ColumnsView, { lanes }: DeviceLimits): Ownership {
  const most = Math.min(LINE / view.width, 2 ** Math.ceil(Math.log2(view.columns)));
  const numbers = [1, 2, 4, 8, 16].filter((columns) => columns <= most);
  const COLUMNS = cheapest(numbers, (columns) => walkCost(walkOf(view, columns), lanes));
  return { WORKGROUP, COLUMNS };
}

function walkOf({ rows, channels, width, columns }: ColumnsView, together: number): Walk {
  const wasted = Math.max(1, PIECE / (width * together));
  return {
    invocations: ceilDivide(columns, together) * WORKGROUP,
    steps: 2 * ceilDivide(rows * together, WORKGROUP),
    bytes: 4 * rows * channels * wasted,
    barriers: 1 + Math.log2(WORKGROUP / together),
  };
}

/** For rows that are what chunks of columns come to. An invocation of a CPU takes a column alone. */
export function chooseMergers(view: ColumnsView, chunks: number, limits: DeviceLimits): Ownership {
  if (limits.cpu) return { WORKGROUP: 64, COLUMNS: 64 };
  return chooseOwnership({ ...view, rows: chunks }, limits);
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
