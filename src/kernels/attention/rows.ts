import { elements } from '../elements.ts';
import {
  type Binding,
  ceilDivide,
  type KernelContext,
  type Launch,
  launch,
  type Operand,
} from '../launch.ts';
import { program } from '../program.ts';
import maskAdded from '../wgsl/attention/functions/mask-added.wgsl';
import maskNone from '../wgsl/attention/functions/mask-none.wgsl';
import ownInMemory from '../wgsl/attention/functions/own-in-memory.wgsl';
import ownInRegisters from '../wgsl/attention/functions/own-in-registers.wgsl';
import frame from '../wgsl/attention/rows.wgsl';
import across from '../wgsl/softmax/functions/across-4.wgsl';
import powerBuiltin from '../wgsl/softmax/functions/power-builtin.wgsl';
import powerPolynomial from '../wgsl/softmax/functions/power-polynomial.wgsl';
import type { AttentionVariant } from './variant.ts';

export type AttentionAttributes = Readonly<{
  /** Whether a query sees no keys behind its own place. */
  causal: boolean;
  /** Batch n has the mask n / divide % modulo. */
  mask?: Readonly<{ divide: number; modulo: number }>;
}>;

export type AttentionContext = KernelContext<AttentionAttributes>;

const WORKGROUP = 64;

/** What a kernel that completes rows.wgsl is made of. */
export interface RowWork {
  readonly name: string;
  readonly functions: readonly string[];
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly constants?: Readonly<Record<string, number>>;
  /** Operands [batches, rows, width]: own rows, those walked along, and what is summed up. */
  readonly own: Operand;
  readonly walked: Operand;
  readonly sums: Operand;
  /** What belongs to the own rows besides, if anything. */
  readonly other?: Operand;
  readonly mask?: { readonly operand: Operand; readonly binding: Binding } | undefined;
  /** Whether own rows are keys, and queries walked along. */
  readonly turned: boolean;
}

const widthOf = ({ shape }: Operand) => (shape[2] as number) / 4;

/** The dispatch that sums up rows by weights of rows by rows. */
export function overRows(
  { attributes, limits }: AttentionContext,
  work: RowWork,
  { rows: ROWS, kept }: AttentionVariant,
): Launch {
  const { own, walked, sums, other, mask, turned } = work;
  const [batches, rows] = own.shape as [number, number, number];
  const [width, otherWidth, sumWidth] = [widthOf(own), other ? widthOf(other) : 0, widthOf(sums)];
  const groupsPerBatch = ceilDivide(rows, WORKGROUP * ROWS);
  const inMemory = kept === 'memory';
  const [queries, keys] = mask ? (mask.operand.shape.slice(1) as [number, number]) : [1, 1];
  const maskQuery = queries === 1 ? 0 : keys;
  const constants = {
    WORKGROUP,
    ROWS,
    CAUSAL: attributes.causal ? (turned ? 2 : 1) : 0,
    ...(inMemory ? {} : { WIDTH: width, OTHER_WIDTH: otherWidth, SUM_WIDTH: sumWidth }),
    ...(mask && { MASK: Object.keys(work.bindings).length + 1 }),
    ...work.constants,
  };
  const functions = [
    elements('f32', 4),
    across,
    limits.cpu ? powerPolynomial : powerBuiltin,
    inMemory ? ownInMemory : ownInRegisters,
    mask ? maskAdded : maskNone,
    ...work.functions,
  ];
  return launch({
    program: program(work.name, frame, constants, functions),
    bindings: { ...work.bindings, ...(mask && { mask: mask.binding }) },
    params: {
      groups: batches * groupsPerBatch,
      groupsPerBatch,
      rows,
      walked: walked.shape[1] as number,
      width,
      otherWidth,
      sumWidth,
      maskDivide: attributes.mask?.divide ?? 1,
      maskModulo: attributes.mask?.modulo ?? 1,
      maskBatch: queries * keys,
      maskOwn: turned ? 1 : maskQuery,
      maskWalked: turned ? maskQuery : 1,
    },
    scalars: ['scale'],
    workgroups: batches * groupsPerBatch,
  });
}
