import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ceilDivide } from '../../../src/kernels/launch.ts';
import { guessOf } from '../../../src/kernels/pick.ts';
import { gpuPasses, narrowPasses, reduceCost } from '../../../src/kernels/reduce/gpu-passes.ts';
import type { ReducePass } from '../../../src/kernels/reduce/pass.ts';
import { type Gpu, gpus, lanesOf } from '../gpus.ts';

type Shape = readonly [outer: number, size: number, inner: number];
const viewOf = ([outer, size, inner]: Shape) => ({ outer, size, inner });
const chosen = (gpu: Gpu, shape: Shape) => guessOf(gpuPasses(viewOf(shape), lanesOf[gpu]));

/** Losses, logits, biases of dense layers and convolutions, images, vocabularies, and odd ones. */
const shapes: readonly Shape[] = [
  [1, 1, 1],
  [1, 32, 1],
  [128, 10, 1],
  [4096, 97, 1],
  [4096, 1024, 1],
  [8, 50_257, 1],
  [1, 1_000_003, 1],
  [1, 100_000_000, 1],
  [1_000_000, 3, 1],
  [1, 16, 64],
  [1, 128, 10],
  [1, 5408, 64],
  [1, 86_528, 30],
  [1, 4096, 1024],
  [32, 49, 2048],
  [1, 1_000_000, 3],
  [1, 8, 1_000_000],
  [5, 7919, 13],
  [1, 20_000_000, 2048],
];

/** The rule there was before, in which devices of all sizes are one. */
function fixed(view: { outer: number; size: number; inner: number }): ReducePass[] {
  const { outer, size, inner } = view;
  const span = (chunks: number, least: number) =>
    ceilDivide(Math.min(Math.max(least, ceilDivide(size, Math.max(1, chunks))), size, 8192), 4) * 4;
  const pass = (): ReducePass => {
    if (inner === 1) {
      const lanes = size <= 32 ? 1 : size <= 512 ? 16 : size <= 1024 && outer >= 256 ? 64 : 256;
      return { kind: 'rows', lanes, span: span(1024 / outer, 4096) };
    }
    const width = inner % 4 === 0 ? 4 : 1;
    if (size <= 16) return { kind: 'columns', width, span: span(1, 16) };
    const columns = Math.min(16, 2 ** Math.ceil(Math.log2(inner / width)));
    const rows = 256 / columns;
    const chunks = Math.max(1, 512 / (outer * ceilDivide(inner / width, columns)));
    const most = Math.max(rows * 8, Math.min(ceilDivide(size, chunks), rows * 8192));
    return { kind: 'column-tree', width, columns, span: size <= rows * 32 ? size : most };
  };
  const first = pass();
  const chunks = ceilDivide(size, first.span);
  return chunks > 1 ? [first, ...fixed({ ...view, size: chunks })] : [first];
}

/** Invocations of a pass, and how many elements one of them takes after another. */
function extentOf({ outer, size, inner }: ReturnType<typeof viewOf>, pass: ReducePass) {
  const chunks = ceilDivide(size, pass.span);
  const span = Math.min(pass.span, size);
  if (pass.kind === 'rows') {
    return { invocations: outer * chunks * pass.lanes, steps: ceilDivide(span, 4 * pass.lanes) };
  }
  const across = inner / pass.width;
  if (pass.kind === 'columns') return { invocations: outer * chunks * across, steps: span };
  const invocations = outer * chunks * ceilDivide(across, pass.columns) * 256;
  return { invocations, steps: ceilDivide(span * pass.columns, 256) };
}

const choice = suite('choice of passes on a GPU');

choice('is never slower, by its own model, than the passes that were fixed before', () => {
  for (const gpu of gpus) {
    for (const shape of shapes) {
      const costOf = (passes: readonly ReducePass[]) =>
        reduceCost(viewOf(shape), passes, lanesOf[gpu]);
      const [now, before] = [costOf(chosen(gpu, shape)), costOf(fixed(viewOf(shape)))];
      assert.ok(now <= before, `${gpu}, ${shape}: ${now}, before ${before}`);
    }
  }
});

choice('takes one or two passes, the last of which leaves one result', () => {
  for (const gpu of gpus) {
    for (const shape of shapes) {
      const passes = chosen(gpu, shape);
      assert.ok(passes.length <= 2, `${gpu}, ${shape}`);
      const left = passes.reduce((size, { span }) => ceilDivide(size, span), shape[1]);
      assert.is(left, 1, `${gpu}, ${shape}`);
    }
  }
});

choice('never walks a long axis in few invocations', () => {
  for (const gpu of gpus) {
    for (const shape of shapes) {
      let view = viewOf(shape);
      for (const pass of chosen(gpu, shape)) {
        const { invocations, steps } = extentOf(view, pass);
        const what = `${gpu}, ${shape}: ${invocations} invocations, ${steps} steps`;
        assert.ok(steps <= 16 || invocations >= lanesOf[gpu] / 4, what);
        view = { ...view, size: ceilDivide(view.size, pass.span) };
      }
    }
  }
});

choice('finds extremes by one pass, or by two of whole workgroups', () => {
  for (const gpu of gpus) {
    for (const shape of [...shapes, [1, 65_536, 3], [3, 65_536, 17], [1, 1024, 1000]] as const) {
      const kinds = guessOf(narrowPasses(viewOf(shape), lanesOf[gpu])).map(({ kind }) => kind);
      const isByTrees = kinds.every((kind) => kind === 'column-tree');
      assert.ok(kinds.length === 1 || isByTrees, `${gpu}, ${shape}: ${kinds}`);
    }
  }
});

choice('takes columns of one element one by one only where there are many of them', () => {
  const words = (gpu: Gpu, shape: Shape) =>
    guessOf(narrowPasses(viewOf(shape), lanesOf[gpu])).map(({ kind, span }) => `${kind} ${span}`);
  for (const gpu of gpus) {
    assert.equal(words(gpu, [4096, 10, 1]), ['columns 12']);
    assert.equal(words(gpu, [128, 1000, 1]), ['column-tree 1000']);
    assert.is(words(gpu, [1, 1_000_000, 1]).length, 2);
    assert.is(words(gpu, [1, 100_000_000, 3]).length, 2);
  }
  assert.equal(words('h100', [8, 50_257, 1]), ['column-tree 1572', 'column-tree 32']);
  assert.equal(words('m2', [8, 50_257, 1]), ['column-tree 25132', 'column-tree 4']);
});

choice('adds no more numbers up in one accumulator than keep their digits', () => {
  for (const gpu of gpus) {
    for (const shape of shapes) {
      for (const pass of chosen(gpu, shape)) {
        const many = pass.kind === 'rows' ? 4 * pass.lanes : 256;
        const accumulators = pass.kind === 'column-tree' ? 256 / pass.columns : many;
        assert.ok(pass.span / accumulators <= 2048, `${gpu}, ${shape}`);
      }
    }
  }
});

choice('shares out by the size of the device', () => {
  const words = (gpu: Gpu, shape: Shape) =>
    chosen(gpu, shape)
      .map((pass) => {
        const by = pass.kind === 'rows' ? pass.lanes : 'columns' in pass ? pass.columns : 1;
        return `${pass.kind} ${by}, ${pass.span}`;
      })
      .join('; ');
  for (const gpu of gpus) {
    assert.is(words(gpu, [1, 1, 1]), 'rows 1, 4');
    assert.is(words(gpu, [4096, 1024, 1]), 'rows 16, 1024');
    assert.is(words(gpu, [4, 1024, 1]), 'rows 256, 1024');
    assert.is(words(gpu, [1, 8, 1_000_000]), 'columns 1, 8');
  }
  assert.is(words('h100', [1, 1_000_000, 1]), 'rows 256, 3908; rows 64, 256');
  assert.is(words('m2', [1, 1_000_000, 1]), 'rows 256, 62500; rows 16, 16');
  assert.is(words('h100', [1, 86_528, 32]), 'column-tree 2, 1352; column-tree 4, 64');
  assert.is(words('m2', [1, 86_528, 32]), 'column-tree 2, 21632; column-tree 8, 4');
  assert.is(words('h100', [1, 4096, 1024]), 'column-tree 2, 4096');
  assert.is(words('m2', [1, 4096, 1024]), 'column-tree 16, 4096');
});

choice.run();
