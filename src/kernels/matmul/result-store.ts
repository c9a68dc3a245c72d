import type { Epilogue } from '../epilogue.ts';
import halves from '../wgsl/functions/halves.wgsl';
import resultHalves from '../wgsl/matmul/functions/result-halves.wgsl';
import resultScalar from '../wgsl/matmul/functions/result-scalar.wgsl';
import resultVec4 from '../wgsl/matmul/functions/result-vec4.wgsl';
import sumStored from '../wgsl/matmul/functions/sum-stored.wgsl';
import sumStoredHalves from '../wgsl/matmul/functions/sum-stored-halves.wgsl';

/** Whether rows of so many columns can be stored as f16: where they begin at whole words, four at a time. */
export function canStoreHalves(columns: number): boolean {
  return columns % 4 === 0;
}

/** The function files that store a tile of a result of so many columns. */
export function tileStores(columns: number, epilogue: Epilogue): string[] {
  if (!canStoreHalves(columns)) return [resultScalar];
  return epilogue.halves ? [halves, resultHalves] : [resultVec4];
}

/** The function files that store four results of a second pass. */
export function sumStores(epilogue: Epilogue): string[] {
  return epilogue.halves ? [halves, sumStoredHalves] : [sumStored];
}
