import { ceilDivide } from '../launch.ts';

/** Longer chains of f32 additions into one number lose too many digits. */
const LONGEST_SPAN = 8192;

/** A tensor seen as [outer, size, inner], of which the middle axis is reduced. */
export type AxisView = {
  readonly outer: number;
  readonly size: number;
  readonly inner: number;
};

/** One dispatch of a reduction: who owns how much of the axis. */
export type ReducePass =
  /** `lanes` invocations own `span` elements of a contiguous row. */
  | { readonly kind: 'rows'; readonly lanes: number; readonly span: number }
  /** One invocation owns `span` elements of `width` neighbouring columns. */
  | { readonly kind: 'columns'; readonly width: 1 | 4 | 16; readonly span: number }
  /** A workgroup owns `span` elements of `columns` times `width` neighbouring columns. */
  | {
      readonly kind: 'column-tree';
      readonly width: 1 | 4;
      /** A power of two up to 16. */
      readonly columns: number;
      readonly span: number;
    };

export type TreePass = Extract<ReducePass, { kind: 'column-tree' }>;

/** What passes are called among others. */
export function nameOf(passes: readonly ReducePass[]): string {
  const words = passes.map(({ kind, ...pass }) => `${kind} ${Object.values(pass).join('/')}`);
  return words.join(', ');
}

/** Whether kernels read f16 along that axis: rows by fours, and columns where they come by fours. */
export function readsHalves({ inner }: AxisView): boolean {
  return inner === 1 || inner % 4 === 0;
}

/** Splits `size` into about `chunks` spans, whole vec4s, none of them shorter than `least`. */
export function spanOf(size: number, chunks: number, least: number): number {
  const span = Math.max(least, ceilDivide(size, Math.max(1, chunks)));
  return Math.max(4, ceilDivide(Math.min(span, size, LONGEST_SPAN), 4) * 4);
}
