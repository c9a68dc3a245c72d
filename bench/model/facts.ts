// What is known of a dispatch: from its launch, from the text of its shader, and from what a real
// compiler made of that.

import { costOf } from '../dry-run/cost.ts';
import type { DryDispatch } from '../dry-run/dry-device.ts';
import { constantsOf, paramsOf } from '../dry-run/names.ts';
import { total } from '../isa/disassembly.ts';
import type { KernelStatistics } from '../isa/statistics.ts';
import type { DispatchFacts, ProductFacts } from './predict.ts';

export function factsOf(dispatch: DryDispatch, code: KernelStatistics): DispatchFacts {
  const { bytesRead, bytesWritten, flops } = costOf(dispatch);
  const product = productOf(dispatch, code, flops);
  return {
    label: dispatch.program.name,
    workgroups: dispatch.workgroups,
    workgroupSize: code.workgroupSize,
    registers: code.registers,
    workgroupBytes: code.workgroupBytes,
    bytesRead,
    bytesWritten,
    ...(product === undefined ? {} : { product }),
  };
}

/** Of a kernel that walks tiles along a reduction, by the names that all of those have. */
function productOf(
  dispatch: DryDispatch,
  code: KernelStatistics,
  flops: number | undefined,
): ProductFacts | undefined {
  const constant = constantsOf(dispatch.program);
  const tileRows = constant('TILE_ROWS') ?? constant('TILE');
  const tileColumns = constant('TILE_COLUMNS') ?? constant('TILE');
  const depth = constant('DEPTH');
  const perSplit = paramsOf(dispatch)('reductionPerSplit');
  if (!tileRows || !tileColumns || !depth || !perSplit || flops === undefined) return undefined;
  const counted = code.loop?.nest ?? code.instructions;
  const multiplyAdds = (tileRows * tileColumns * depth) / code.workgroupSize;
  const perMultiplyAdd = (instructions: number) => (multiplyAdds * instructions) / counted.fma;
  return {
    flops,
    steps: Math.ceil(perSplit / depth),
    instructions: perMultiplyAdd(total(counted)),
    integers: perMultiplyAdd(counted.valu),
    loadsAhead: code.loop?.loadsAhead ?? false,
  };
}
