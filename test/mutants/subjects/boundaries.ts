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
    tests: ['kernels/matmul', 'kernels/convolution/blocks'],
    changes: [
      ['if (row >= params.rows) { return; }', 'if (row > params.rows) { return; }'],
      ['if (to == NO_ROW) { return; }', ''],
      ['if (column >= params.columns) { return; }', ''],
      ['min(start + params.reductionPerSplit, reduction_of(walk))', 'reduction_of(walk)'],
      ['for (var half = K_GROUPS / 2u; half > 0u;', 'for (var half = K_GROUPS / 2u; half > 1u;'],
    ],
  },
  {
    file: 'src/kernels/wgsl/matmul/functions/loads.wgsl',
    tests: ['kernels/matmul', 'kernels/convolution/blocks'],
    changes: [
      ['if (PADDED == 0u) { return load.block; }', 'return load.block;'],
      ['select(none, block.y, there & vec4<bool>(source.inside.y))', 'block.y'],
      ['select(none, block.z, k.z + k_apart >= first)', 'block.z'],
    ],
  },
  {
    file: 'src/kernels/wgsl/convolution/functions/blocks.wgsl',
    tests: ['kernels/convolution/blocks'],
    changes: [['select(0u, DEPTH, k < 0)', '0u']],
  },
  {
    file: 'src/kernels/wgsl/convolution/functions/along-taps.wgsl',
    tests: ['kernels/convolution/blocks'],
    changes: [
      ['let next = channel >= run;', 'let next = channel > run;'],
      ['let below = x >= across;', 'let below = x > across;'],
    ],
  },
  {
    file: 'src/kernels/wgsl/convolution/functions/filter-gradient-blocks.wgsl',
    tests: ['kernels/convolution/blocks'],
    changes: [
      ['let beyond = found.y >= vec4<i32>(past.y_end);', 'let beyond = vec4<bool>(false);'],
      ['channel >= params.channels);', 'false);'],
    ],
  },
  {
    file: 'src/kernels/wgsl/convolution/functions/input-gradient-blocks.wgsl',
    tests: ['kernels/convolution/blocks'],
    changes: [
      ['if (y >= params.height || x >= params.width) { return NO_ROW; }', ''],
      ['(window - tap + tap_step - 1u) / tap_step', '(window - tap) / tap_step'],
    ],
  },
  {
    file: 'src/kernels/wgsl/convolution/filter-gradient-lines.wgsl',
    tests: ['kernels/convolution/lines'],
    changes: [
      ['let there = first + p < params.outWidth;', 'let there = true;'],
      ['first_row + j < WINDOW_Y', 'true'],
      ['min((split + 1u) * params.linesPerSplit, params.lines)', 'params.lines'],
    ],
  },
  {
    file: 'src/kernels/wgsl/convolution/lines.wgsl',
    tests: ['kernels/convolution/lines'],
    changes: [
      ['if (y >= params.height) { continue; }', ''],
      ['let there = x < params.width;', 'let there = true;'],
      ['min(PIXELS, params.outWidth - first)', 'PIXELS'],
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
    changes: [['(params.columns + 3u) / 4u', 'params.columns / 4u']],
  },
  {
    file: 'src/graph/schedule/alongside.ts',
    tests: ['graph/schedule/alongside'],
    changes: [
      ['!this.isInCircle(other) && ', ''],
      [' && fits(node, others)', ''],
      ['[...order].reverse()', 'order'],
    ],
  },
  {
    file: 'src/graph/execution/assignments.ts',
    tests: ['graph/execution/assignments'],
    changes: [
      ['!recording()?.given.has(at)', 'true'],
      ['holds: () => areIn([flat])', 'holds: () => true'],
      ['leaf.version === leaf.cell.version', 'true'],
      ['Object.is(a.scalars[name], b.scalars[name])', 'true'],
      ['flat.members.every((member) => left.has(member))', 'left.has(flat.members[0] as Cell)'],
      ['&& areFlat(group.map(assignedTo), group)', ''],
      ['member === cells[i]', 'true'],
    ],
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
