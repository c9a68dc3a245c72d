// What is known of a dispatch: from its launch, from the text of its shader, and from what a real
// compiler made of that.
import type { DryDispatch } from '../dry-run/dry-device.ts';
import { constantsOf, paramsOf } from '../dry-run/names.ts';
import { total } from '../isa/disassembly.ts';
import type { KernelStatistics } from '../isa/statistics.ts';
import type { DispatchFacts, ProductFacts } from './predict.ts';

export function factsOf(dispatch: DryDispatch, code: KernelStatistics): DispatchFacts {
  const product = productOf(dispatch, code);
  return {
    label: dispatch.program.name,
    workgroups: dispatch.workgroups,
    workgroupSize: code.workgroupSize,
    registers: code.registers,
    workgroupBytes: code.workgroupBytes,
    ...bytesOf(dispatch),
    ...(product === undefined ? {} : { product }),
  };
}

/** Bound bytes; what is bound twice, as where there is no bias, counts once. */
function bytesOf({ program, bindings }: DryDispatch) {
  const seen = new Set<string>();
  let [bytesRead, bytesWritten] = [0, 0];
  const access = [...program.source.matchAll(/@binding\((\w+)\)\s*var<storage(, *read_write)?/g)];
  for (const [i, { buffer, offset, bytes }] of bindings.entries()) {
    const place = `${buffer.id} ${offset}`;
    if (seen.has(place)) continue;
    seen.add(place);
    if (access[i]?.[2] === undefined) bytesRead += bytes;
    else bytesWritten += bytes;
  }
  return { bytesRead, bytesWritten };
}

/** Of a kernel that walks tiles along a reduction, by the names that all of those have. */
function productOf(
  { program, params }: DryDispatch,
  code: KernelStatistics,
): ProductFacts | undefined {
  const param = paramsOf({ program, params });
  const constant = constantsOf(program);
  const tileRows = constant('TILE_ROWS') ?? constant('TILE');
  const tileColumns = constant('TILE_COLUMNS') ?? constant('TILE');
  const depth = constant('DEPTH');
  const [rows, columns, reduction, perSplit] = [
    'rows',
    'columns',
    'reduction',
    'reductionPerSplit',
  ].map(param);
  if (!tileRows || !tileColumns || !depth || !rows || !columns || !reduction || !perSplit)
    return undefined;
  const counted = code.loop?.nest ?? code.instructions;
  const multiplyAdds = (tileRows * tileColumns * depth) / code.workgroupSize;
  const perMultiplyAdd = (instructions: number) => (multiplyAdds * instructions) / counted.fma;
  return {
    flops: 2 * (param('batches') ?? 1) * rows * columns * reduction,
    steps: Math.ceil(perSplit / depth),
    instructions: perMultiplyAdd(total(counted)),
    integers: perMultiplyAdd(counted.valu),
    loadsAhead: code.loop?.loadsAhead ?? false,
  };
}
