import type { DeviceLimits } from '../../device/device.ts';
import { dtypes } from '../dtype.ts';
import { elements, type Scalar, wholeBlocks } from '../elements.ts';
import {
  type Binding,
  ceilDivide,
  input,
  type KernelContext,
  type Launch,
  type Launches,
  launch,
  type Operand,
  OUTPUT,
  temporary,
} from '../launch.ts';
import { program } from '../program.ts';
import type { AxisView } from '../reduce/pass.ts';
import { identityOf, type Reduction, reductions } from '../reduce/reductions.ts';
import exponential from '../wgsl/elementwise/functions/exponential.wgsl';
import softplus from '../wgsl/elementwise/functions/softplus.wgsl';
import combine from '../wgsl/reduce/functions/combine.wgsl';
import marked from '../wgsl/reduce/functions/marked.wgsl';
import alone from '../wgsl/scan/functions/alone.wgsl';
import among from '../wgsl/scan/functions/among.wgsl';
import carryListed from '../wgsl/scan/functions/carry-listed.wgsl';
import carryNone from '../wgsl/scan/functions/carry-none.wgsl';
import joined from '../wgsl/scan/functions/joined.wgsl';
import joinedLogSumExp from '../wgsl/scan/functions/joined-log-sum-exp.wgsl';
import keepSums from '../wgsl/scan/functions/keep-sums.wgsl';
import keepTotal from '../wgsl/scan/functions/keep-total.wgsl';
import source from '../wgsl/scan/scan.wgsl';

/** Longer chains of f32 additions into one number lose too many digits. */
const LONGEST_SPAN = 4096;

export type ScanAttributes = AxisView & {
  readonly scan: Reduction | 'logSumExp';
  /** Whether an element is left out of its own sum. */
  readonly exclusive: boolean;
  /** Whether sums begin at the end of the axis. */
  readonly reverse: boolean;
};

/** How lines are shared out: `lanes` neighbouring invocations own `span` elements of one. */
export interface ScanVariant {
  /** A power of two up to 256. */
  readonly lanes: number;
  readonly span: number;
}

/** [outer, size, inner] → the sums (products, extremes, …) up to each element along the middle axis. */
export function scan(
  context: KernelContext<ScanAttributes>,
  choose: (view: AxisView, limits: DeviceLimits) => ScanVariant = chooseScan,
): Launches {
  const { attributes, inputs, limits } = context;
  const scalar = dtypes[(inputs[0] as Operand).dtype].stored;
  const { constants: joining, joins, identity } = joiningOf(attributes.scan, scalar);
  const temporaries: number[] = [];

  const passes = (work: ScanAttributes, values: Binding, result: Binding): Launch[] => {
    const { outer, size, inner } = work;
    const { lanes: LANES, span } = choose(work, limits);
    const blocks = ceilDivide(size, span);
    const count = outer * blocks * inner;
    const WORKGROUP = LANES === 1 ? 64 : 256;
    const constants = {
      LANES,
      WORKGROUP,
      REVERSE: Number(work.reverse),
      EXCLUSIVE: Number(work.exclusive),
      ...joining,
    };
    const pass = (name: string, files: readonly string[], bindings: Record<string, Binding>) =>
      launch({
        program: program(name, source, constants, [
          elements(scalar, 1),
          ...joins,
          LANES === 1 ? alone : among,
          ...files,
        ]),
        bindings: { values, ...bindings },
        params: { count, blocks, size, inner, span, identity },
        workgroups: ceilDivide(count * LANES, WORKGROUP),
      });
    if (blocks === 1) return [pass('scan', [carryNone, keepSums], { result })];
    const totals = temporary(temporaries.push(wholeBlocks(count)) - 1);
    const carries = temporary(temporaries.push(wholeBlocks(count)) - 1);
    const ofBlocks = { ...work, size: blocks, exclusive: true, reverse: false };
    return [
      pass('scan_totals', [keepTotal], { result: totals }),
      ...passes(ofBlocks, totals, carries),
      pass('scan', [carryListed, keepSums], { result, carries }),
    ];
  };
  return { launches: passes(attributes, input(0), OUTPUT), temporaries };
}

/** How neighbouring sums are joined: as partial results of a reduction are, or by a text of their own. */
function joiningOf(name: ScanAttributes['scan'], scalar: Scalar) {
  if (name === 'logSumExp') {
    const joins = [exponential, softplus, joinedLogSumExp];
    return { constants: {}, joins, identity: identityOf('max', scalar) };
  }
  const MARK = Number(scalar === 'f32' && (name === 'max' || name === 'min'));
  const constants = { OP: reductions.indexOf(name), MARK };
  return { constants, joins: [marked, combine, joined], identity: identityOf(name, scalar) };
}

/** Lanes for few lines of neighbouring elements, blocks for few columns, and for long ones in any case. */
export function chooseScan(
  { outer, size, inner }: AxisView,
  { cpu, lanes: atOnce }: Pick<DeviceLimits, 'cpu' | 'lanes'>,
): ScanVariant {
  const lines = outer * inner;
  if (cpu || inner > 1) {
    const wanted = ceilDivide(size * lines, cpu ? 64 : atOnce);
    const span = Math.max(wanted, cpu ? 1024 : 16);
    return { lanes: 1, span: Math.min(size, span, LONGEST_SPAN) };
  }
  const most = Math.min(256, size / 4, atOnce / lines);
  const lanes = 2 ** Math.max(0, Math.floor(Math.log2(most)));
  return { lanes, span: Math.min(size, LONGEST_SPAN) };
}
