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
