import type { Planted } from '../mutant.ts';

/** Edges: of tiles, rows, windows, ranges and files. */
export const boundaries: readonly Planted[] = [
  {
    file: 'src/kernels/wgsl/reduce/rows.wgsl',
    tests: ['kernels/reduce'],
    changes: [
      ['(at < vec4<u32>(end))', '(at <= vec4<u32>(end))'],
      ['let last = (end + 3u) / 4u;', 'let last = end / 4u;'],
    ],
  },
  {
    file: 'src/kernels/wgsl/reduce/columns.wgsl',
    tests: ['kernels/reduce'],
    changes: [['min(params.span, params.size - begin)', 'params.span']],
  },
  {
    file: 'src/kernels/wgsl/reduce/column-tree.wgsl',
    tests: ['kernels/reduce'],
    changes: [
      ['min(first + params.span, params.size)', 'first + params.span'],
      ['column < params.inner) {', 'column <= params.inner) {'],
    ],
  },
  {
    file: 'src/kernels/wgsl/batch-norm/columns.wgsl',
    tests: ['kernels/batch-norm'],
    changes: [['min(params.span, params.rows - first)', 'params.span']],
  },
  {
    file: 'src/kernels/wgsl/matmul/registers.wgsl',
    tests: ['kernels/matmul', 'kernels/convolution'],
    changes: [
      ['row < params.rows && c < params.columns', 'c < params.columns'],
      ['min(4u, params.columns - c)', '4u'],
      [
        'min((split + 1u) * params.reductionPerSplit, params.reduction)',
        '(split + 1u) * params.reductionPerSplit',
      ],
    ],
  },
  {
    file: 'src/kernels/wgsl/matmul/blocked.wgsl',
    tests: ['kernels/matmul'],
    changes: [
      ['if (row >= params.rows) { return; }', 'if (row > params.rows) { return; }'],
      ['if (column >= params.columns) { return; }', ''],
      ['min(start + params.reductionPerSplit, params.reduction)', 'params.reduction'],
      ['SEGMENTED == 1u && RAGGED == 0u', 'SEGMENTED == 1u'],
      ['if (TESTED == 0u) { ahead = zeroed(', 'if (TESTED == 2u) { ahead = zeroed('],
    ],
  },
  {
    file: 'src/kernels/wgsl/matmul/tiled.wgsl',
    tests: ['kernels/convolution'],
    changes: [
      ['if (column[j] < params.columns) {', 'if (column[j] <= params.columns) {'],
      ['if (row >= params.rows) { break; }', 'if (row > params.rows) { break; }'],
    ],
  },
  {
    file: 'src/kernels/wgsl/matmul/pack.wgsl',
    tests: ['kernels/matmul'],
    changes: [['min(first + RUN, params.depth)', 'first + RUN']],
  },
  {
    file: 'src/kernels/wgsl/gather/gather.wgsl',
    tests: ['kernels/gather'],
    changes: [['if (index < params.size) {', 'if (index <= params.size) {']],
  },
  {
    file: 'src/kernels/wgsl/pooling/avg-pool.wgsl',
    tests: ['kernels/pooling', 'tensor/ops/pooling'],
    changes: [
      ['let rows = extent(start_y, WINDOW_Y, params.top, params.height);', 'let rows = WINDOW_Y;'],
    ],
  },
  {
    file: 'src/kernels/wgsl/optimizers/update.wgsl',
    tests: ['kernels/optimizers'],
    changes: [['if (i >= params.vectors) { return; }', 'if (i > params.vectors) { return; }']],
  },
  {
    file: 'src/tensor/ops/window.ts',
    tests: ['tensor/ops/convolution', 'tensor/ops/pooling'],
    changes: [
      [
        '[Math.floor(total / 2), Math.ceil(total / 2)]',
        '[Math.ceil(total / 2), Math.floor(total / 2)]',
      ],
      ['!Number.isInteger(n) || n < 1', '!Number.isInteger(n) || n < 0'],
    ],
  },
  {
    file: 'src/tensor/ops/views.ts',
    tests: ['tensor/ops/views'],
    changes: [
      [
        'Math.max(0, Math.ceil(length / sizeOf(by, i)))',
        'Math.max(0, Math.floor(length / sizeOf(by, i)))',
      ],
      ['value < 0 ? value + size : value', 'value <= 0 ? value + size : value'],
    ],
  },
  {
    file: 'src/graph/schedule/affine.ts',
    tests: ['graph/schedule/affine', 'graph/random-graphs'],
    changes: [['step === (steps[i] ?? 0) * size', 'step === (steps[i] ?? 0)']],
  },
  {
    file: 'src/graph/schedule/fuse.ts',
    tests: ['graph/schedule/schedule', 'tensor/ops/views', 'graph/random'],
    changes: [
      ['start < 0 || last >= size', 'start < 0 || last > size'],
      [
        'kernel.loads.length + 1 <= this.limits.maxStorageBuffers',
        'kernel.loads.length <= this.limits.maxStorageBuffers',
      ],
    ],
  },
  {
    file: 'src/graph/schedule/epilogue.ts',
    tests: ['graph/schedule'],
    changes: [['value.bounds.length === 0 && isIdentity(value.at, result.shape)', 'true']],
  },
  {
    file: 'src/graph/schedule/schedule.ts',
    tests: ['graph/schedule'],
    changes: [['if (this.inMemory(user)) return false;', '']],
  },
  {
    file: 'src/kernels/wgsl/matmul/functions/column-sums-partial.wgsl',
    tests: ['graph/schedule/alongside'],
    changes: [['+ 3u) / 4u * 4u', ') / 4u * 4u']],
  },
  {
    file: 'src/graph/schedule/alongside.ts',
    tests: ['graph/schedule/alongside'],
    changes: [['if (!this.isInCircle(other)) continue;', 'continue;']],
  },
  {
    file: 'src/graph/execution/buffer-assignment.ts',
    tests: ['graph/execution/buffer-assignment'],
    changes: [['buffer.busyUntil >= first', 'buffer.busyUntil > first']],
  },
  {
    file: 'src/tensor/random/stream.ts',
    tests: ['tensor/random'],
    changes: [['this.below(last + 1)', 'this.below(last)']],
  },
];
