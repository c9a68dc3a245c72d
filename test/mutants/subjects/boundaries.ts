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
    changes: [
      ['min(params.span, params.rows - first)', 'params.span'],
      ['(i - chunk * across) * TOGETHER', 'i - chunk * across'],
    ],
  },
  {
    file: 'src/kernels/wgsl/matmul/registers.wgsl',
    tests: ['kernels/matmul', 'kernels/convolution'],
    changes: [
      ['row < params.rows && c < params.columns', 'c < params.columns'],
      ['first_row + ROWS <= params.rows && ', ''],
      ['column + COLUMNS <= params.columns', 'true'],
      ['min(4u, params.columns - column)', '4u'],
      [
        'min((split + 1u) * params.segmentsPerSplit, params.segments)',
        '(split + 1u) * params.segmentsPerSplit',
      ],
    ],
  },
  {
    file: 'src/kernels/wgsl/matmul/blocked.wgsl',
    tests: ['kernels/matmul', 'kernels/convolution/blocks'],
    changes: [
      ['for (var half = K_GROUPS / 2u; half > 0u;', 'for (var half = K_GROUPS / 2u; half > 1u;'],
    ],
  },
  {
    file: 'src/kernels/wgsl/matmul/functions/blocked/tile.wgsl',
    tests: ['kernels/matmul', 'kernels/convolution/blocks'],
    changes: [
      ['if (row >= params.rows) { return; }', 'if (row > params.rows) { return; }'],
      ['if (to == NO_ROW) { return; }', ''],
      ['if (column >= params.columns) { return; }', ''],
      ['min(start + params.reductionPerSplit, reduction_of(walk))', 'reduction_of(walk)'],
      ['in_band / high * TILE_COLUMNS', 'in_band / BAND * TILE_COLUMNS'],
    ],
  },
  {
    file: 'src/kernels/wgsl/matmul/functions/blocked/loads.wgsl',
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
    file: 'src/kernels/wgsl/convolution/winograd/points.wgsl',
    tests: ['kernels/convolution/winograd'],
    changes: [
      ['line >= 0 && line < i32(params.height)', 'line >= 0'],
      ['pair / params.tiles * 2u', 'pair / params.tiles'],
    ],
  },
  {
    file: 'src/kernels/convolution/visited-pixels.ts',
    tests: ['kernels/convolution/conv2d'],
    changes: [
      ['stride: strideX * channels', 'stride: channels'],
      ['stride: strideY * width * channels', 'stride: width * channels'],
    ],
  },
  {
    file: 'src/kernels/wgsl/matmul/pack.wgsl',
    tests: ['kernels/convolution/conv2d'],
    changes: [['if (line == params.lineCount)', 'if (line > params.lineCount)']],
  },
  {
    file: 'src/kernels/wgsl/convolution/winograd/filter-gradient.wgsl',
    tests: ['kernels/convolution/winograd'],
    changes: [['2.0 * (third + fourth) - sum', '2.0 * (third + fourth) + sum']],
  },
  {
    file: 'src/kernels/wgsl/convolution/winograd/result.wgsl',
    tests: ['kernels/convolution/winograd'],
    changes: [['if (tile.left + x < params.width) {', 'if (true) {']],
  },
  {
    file: 'src/kernels/wgsl/convolution/winograd/filter.wgsl',
    tests: ['kernels/convolution/winograd'],
    changes: [['(8u - tap)', 'tap']],
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
        'before: Math.floor(total / 2), after: Math.ceil(total / 2)',
        'before: Math.ceil(total / 2), after: Math.floor(total / 2)',
      ],
      ['!Number.isInteger(n) || n < 1', '!Number.isInteger(n) || n < 0'],
      ['whole * stride >= size + before ?', 'false ?'],
    ],
  },
  {
    file: 'src/tensor/ops/pooling/side-by-side.ts',
    tests: ['tensor/ops/pooling'],
    changes: [['return Math.max(after, ', 'return Math.min(after, ']],
  },
  {
    file: 'src/tensor/ops/pooling/planes.ts',
    tests: ['tensor/ops/pooling'],
    changes: [['.div(inside)', '']],
  },
  {
    file: 'src/tensor/ops/rearranging/padding.ts',
    tests: ['tensor/ops/rearranging/rearranging'],
    changes: [
      ['part(size - before, size), part(0, after)', 'part(0, before), part(size - after, size)'],
      ['mirrored(1, 1 + before)', 'mirrored(0, before)'],
    ],
  },
  {
    file: 'src/tensor/ops/convolution/conv3d.ts',
    tests: ['tensor/ops/convolution/conv3d'],
    changes: [['const first = k * dilation;', 'const first = k;']],
  },
  {
    file: 'src/tensor/ops/views.ts',
    tests: ['tensor/ops/views'],
    changes: [
      ['Math.max(0, Math.ceil(', 'Math.max(0, Math.floor('],
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
    file: 'src/kernels/wgsl/matmul/functions/blocked/column-sums-partial.wgsl',
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
