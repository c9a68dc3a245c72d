import type { DeviceLimits } from '../../device/device.ts';
import type { DType } from '../dtype.ts';
import { readsOf, storesOf } from '../element-access.ts';
import { elements } from '../elements.ts';
import {
  ceilDivide,
  type Launch,
  launch,
  type NamedLaunch,
  type Operand,
  product,
} from '../launch.ts';
import { type NamedProgram, program } from '../program.ts';
import { spanOf } from '../reduce/pass.ts';
import frame from '../wgsl/batch-norm/columns.wgsl';

const WORKGROUP = 64;

/** A tensor seen as rows of channels, and those as columns of one or four each. */
export interface ColumnsView {
  readonly rows: number;
  readonly channels: number;
  readonly width: 1 | 4;
  readonly columns: number;
}

export function columnsOf(inputs: readonly Pick<Operand, 'shape'>[]): ColumnsView {
  const { shape } = inputs[0] as Operand;
  const channels = shape[shape.length - 1] ?? 1;
  const width = channels % 4 === 0 ? 4 : 1;
  return { rows: product(shape) / channels, channels, width, columns: channels / width };
}

/** Rows an invocation sums up: few enough that all of the device has work. */
export function chooseSumSpan({ rows, columns }: ColumnsView, limits: DeviceLimits): number {
  const wanted = limits.cpu ? 4096 : 16384;
  return spanOf(rows, wanted / columns, limits.cpu ? 64 : 16);
}

/**
 * Columns that an invocation of a CPU sums up at once: whole rows of up to 256 channels, so that it reads memory
 * from end to end. Rows that are walked down in strips are each a page from the next.
 */
export function togetherOf({ columns }: ColumnsView, { cpu, slowLoads }: DeviceLimits): number {
  const numbers = slowLoads ? [4, 2] : [64, 32, 16, 8, 4, 2];
  return cpu ? (numbers.find((together) => columns % together === 0) ?? 1) : 1;
}

/** Rows an invocation maps: enough that what it loads for its column counts little. */
export function chooseMapSpan({ rows }: ColumnsView, limits: DeviceLimits): number {
  return Math.min(rows, limits.cpu ? 16 : 4);
}

/** How what there is an element of for each is stored: as f32 where nothing is said. */
export interface ElementDTypes {
  readonly values?: DType | undefined;
  readonly grads?: DType | undefined;
}

/** What is done with columns: all of a launch that does not follow from their sizes. */
export interface ColumnsWork extends Pick<NamedLaunch, 'bindings' | 'scalars' | 'epilogue'> {
  readonly name: string;
  /** The texts that complete the frame. */
  readonly sources: readonly string[];
  readonly dtypes?: ElementDTypes;
  /** Neighbouring columns that an invocation walks down at once; one if unsaid. */
  readonly together?: number;
}

/** Walks down columns, an invocation for each chunk of `span` rows: wgsl/batch-norm/columns. */
export function overColumns(view: ColumnsView, span: number, work: ColumnsWork): Launch {
  const { rows, columns } = view;
  const { together = 1 } = work;
  const count = (ceilDivide(rows, span) * columns) / together;
  const invocations = WORKGROUP / together;
  return launch({
    ...work,
    program: framed(frame, { WORKGROUP: invocations, TOGETHER: together }, view, work),
    params: { count, columns, rows, span },
    workgroups: ceilDivide(count, invocations),
  });
}

export function framed(
  frame: string,
  constants: Readonly<Record<string, number>>,
  { width }: ColumnsView,
  { name, sources, bindings, epilogue, dtypes }: ColumnsWork,
): NamedProgram {
  return program(name, frame, constants, [
    elements('f32', width),
    ...readsOf('values', 1, dtypes?.values),
    ...('grads' in bindings ? readsOf('grads', 2, dtypes?.grads) : []),
    ...(epilogue ? storesOf(Object.keys(bindings).length, width, epilogue) : []),
    ...sources,
  ]);
}
