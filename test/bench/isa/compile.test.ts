// What surrounds the compiler: Dawn's prints, bindings, launches of one shader.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bindingLetters, parseDump, workgroupSize } from '../../../bench/isa/compile.ts';
import { groupLaunches } from '../../../bench/isa/kernels.ts';

const test = suite('bench isa compile');

test('the SPIR-V of each shader is found by its number, and one that was refused is missing', () => {
  const spirv = (n: number) =>
    `; SPIR-V\n; Bound: ${n}\n OpExtension "SPV_KHR_maximal_reconvergence"\n`;
  const printed = [
    'info:\n// Dumped WGSL:\n// shader 0\nfn main() {}\n',
    `info:\n/* Dumped SPIRV disassembly */\n${spirv(0)}`,
    'info:\n// Dumped WGSL:\n// shader 1\nfn man() {}\nerror: no main\n',
    'info:\n// Dumped WGSL:\n// shader 2\nfn main() {}\n',
    `info:\n/* Dumped SPIRV disassembly */\n${spirv(2)}`,
  ].join('');
  const found = parseDump(printed);
  assert.equal([...found.keys()], [0, 2]);
  assert.match(found.get(2) ?? '', '; Bound: 2');
  assert.not.match(found.get(2) ?? '', 'maximal_reconvergence');
});

test('bindings are uniform or storage buffers, or none', () => {
  const source = `
    @group(0) @binding(0) var<uniform> params: Params;
    @group(0) @binding(3) var<storage, read_write> y: array<f32>;
    @group(0) @binding(1) var<storage> x: array<f32>;`;
  assert.is(bindingLetters(source), 'us-s');
});

test('the size of a workgroup is that of the SPIR-V', () => {
  assert.is(workgroupSize('  OpExecutionMode %20 LocalSize 16 8 1\n'), 128);
});

test('dispatches of one shader are one entry', () => {
  const at = (source: string, workgroups: number) => ({
    label: source,
    source,
    entryPoint: 'main',
    workgroups,
  });
  const kernels = groupLaunches([at('a', 4), at('b', 1), at('a', 2)]);
  assert.equal(
    kernels.map(({ label, dispatches, workgroups }) => [label, dispatches, workgroups]),
    [
      ['a', 2, [2, 4]],
      ['b', 1, [1, 1]],
    ],
  );
});

test.run();
