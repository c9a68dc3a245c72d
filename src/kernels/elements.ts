import { ceilDivide } from './launch.ts';

/** What words in memory are computed as. */
export type Scalar = 'f32' | 'i32' | 'u32';

/** What one invocation takes at a time, as WGSL aliases: one or four scalars. */
export function elements(scalar: Scalar, width: number): string {
  const vector = (of: string) => (width === 4 ? `vec4<${of}>` : of);
  return [
    `alias scalar = ${scalar};`,
    `alias elements = ${vector(scalar)};`,
    `alias words = ${vector('u32')};`,
    '',
  ].join('\n');
}

/** The bytes of so many f32, i32 or u32 in whole vec4s. */
export function wholeBlocks(scalars: number): number {
  return Math.max(16, ceilDivide(scalars, 4) * 16);
}
