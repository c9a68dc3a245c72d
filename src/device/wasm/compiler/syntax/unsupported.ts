/** Names of WGSL that this compiler does not take, and what to do without them. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:f16|vec[234]h|mat[234]x[234]h)$/,
    'f16 is not supported: keep f32, or pairs of halves in a u32 with pack2x16float and unpack2x16float',
  ],
  [/^mat[234]x[234]f?$/, 'matrices are not supported: use an array of vectors'],
  [/^atomic/, 'atomics are not supported: reduce in workgroup memory, or in a second kernel'],
  [/^(?:texture|sampler)/, 'textures are not supported: use storage buffers'],
  [/^modf$/, "'modf' is not supported: use trunc and fract"],
  [/^frexp$/, "'frexp' is not supported: use log2 and exp2, or the bits of bitcast<u32>"],
  [/^workgroupUniformLoad$/, "'workgroupUniformLoad' is not supported: use workgroupBarrier"],
  [/^subgroup/, 'subgroups are not supported: use workgroup memory'],
];

/** Why a name that WGSL has cannot be used; undefined for names that mean nothing there either. */
export function whyRefused(name: string): string | undefined {
  return REFUSED.find(([names]) => names.test(name))?.[1];
}
