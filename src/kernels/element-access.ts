import type { DType } from './dtype.ts';
import { type Epilogue, ended } from './epilogue.ts';
import halves from './wgsl/functions/halves.wgsl';

// How kernels that take one or four `elements` at a time (elements.ts) read and store them: f32 as they
// are, and f16 four at a time, as two words.

/** Declares an input at a binding, and `<name>_at(i)`, its i-th elements. */
export function readsOf(name: string, binding: number, dtype: DType | undefined): string[] {
  const isHalves = dtype === 'f16';
  const [type, value] = isHalves ? ['vec2<u32>', `halves(${name}[i])`] : ['elements', `${name}[i]`];
  const reads = [
    `@group(0) @binding(${binding}) var<storage, read> ${name}: array<${type}>;`,
    `fn ${name}_at(i: u32) -> elements { return ${value}; }`,
    '',
  ];
  return [...(isHalves ? [halves] : []), reads.join('\n')];
}

/** Declares the result at a binding, and `store(i, value)`, which stores what the epilogue makes of the i-th. */
export function storesOf(binding: number, width: 1 | 4, epilogue: Epilogue): string[] {
  const isHalves = epilogue.halves && width === 4;
  const [type, value] = isHalves
    ? ['vec2<u32>', 'packed_halves(ended(i, value))']
    : ['elements', 'ended(i, value)'];
  const stores = [
    `@group(0) @binding(${binding}) var<storage, read_write> result: array<${type}>;`,
    `fn store(i: u32, value: elements) { result[i] = ${value}; }`,
    '',
  ];
  return [...(isHalves ? [halves] : []), ended(width), stores.join('\n')];
}
