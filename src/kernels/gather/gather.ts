import { dtypes } from '../dtype.ts';
import { elements } from '../elements.ts';
import {
  ceilDivide,
  input,
  type LaunchContext,
  type Launches,
  launch,
  type Operand,
  OUTPUT,
  product,
} from '../launch.ts';
import { program } from '../program.ts';
import type { AxisView } from '../reduce/pass.ts';
import each from '../wgsl/each.wgsl';
import wordsSource from '../wgsl/gather/gather.wgsl';
import bytesSource from '../wgsl/gather/gather-bytes.wgsl';

const WORKGROUP = 64;

export interface GatherContext extends LaunchContext {
  readonly attributes: AxisView;
}

/** What one invocation moves: four words, one word, or the four bytes of a word one by one. */
export type GatherVariant = 'vector' | 'word' | 'bytes';

/** x [outer, size, inner] and indices i32 [n] → [outer, n, inner], of any dtype. */
export function gather(context: GatherContext, variant?: GatherVariant): Launches {
  const { attributes, inputs } = context;
  const { outer, size, inner } = attributes;
  const [x, indices] = inputs as readonly [Operand, Operand];
  const { bytes } = dtypes[x.dtype];
  const taken = product(indices.shape);
  const chosen = variant ?? chooseGather(inner * bytes);
  const unit = { vector: 16, word: 4, bytes: 1 }[chosen];
  const slice = (inner * bytes) / unit;
  const count = outer * taken * slice;
  const copy = launch({
    program:
      chosen === 'bytes'
        ? program('gather_bytes', bytesSource, { WORKGROUP })
        : program(`gather_${chosen}`, each, { WORKGROUP }, [
            elements('u32', unit / 4),
            wordsSource,
          ]),
    bindings: { values: input(0), indices: input(1), result: OUTPUT },
    params: { count, size, taken, inner: slice },
    workgroups: ceilDivide(chosen === 'bytes' ? ceilDivide(count, 4) : count, WORKGROUP),
  });
  return { launches: [copy] };
}

/** The widest access that divides a slice of so many bytes. */
export function chooseGather(sliceBytes: number): GatherVariant {
  if (sliceBytes % 16 === 0) return 'vector';
  return sliceBytes % 4 === 0 ? 'word' : 'bytes';
}
