import type { Planted } from '../mutant.ts';

/** What kernels compute, and with which constants. */
export const kernels: readonly Planted[] = [
  {
    file: 'src/kernels/dispatch-facts.ts',
    tests: ['kernels/dispatch-facts', 'graph/profile'],
    changes: [
      ['Number(constant(at) ?? at) - 1', 'Number(constant(at) ?? at)'],
      ['!places.has(place) && ', ''],
    ],
  },
  {
    file: 'src/graph/tuning/fastest.ts',
    tests: ['graph/tuning'],
    changes: [
      ['b.best < a.best ? b : a', 'b.best > a.best ? b : a'],
      ['WORTH_IT * guess.best', 'guess.best'],
      ['!agree(result, expected)', 'false'],
    ],
  },
  {
    file: 'src/graph/tuning/choices.ts',
    tests: ['graph/tuning'],
    changes: [['launches.map(({ program }) => program.source)', '0']],
  },
  {
    file: 'src/graph/tuning/tuner.ts',
    tests: ['graph/tuning'],
    changes: [['isKept ? found', 'found ? found']],
  },
  {
    file: 'src/kernels/wgsl/philox.wgsl',
    tests: ['tensor/random'],
    changes: [
      ['0xcd9e8d57u * counter.z', '0xcd9e8d59u * counter.z'],
      ['round < 10u', 'round < 9u'],
      ['0xbb67ae85u', '0xbb67ae86u'],
      ['(middle >> 16u) + (low >> 16u)', '(middle >> 16u)'],
    ],
  },
  {
    file: 'src/kernels/wgsl/batch-norm/whole-columns/input-gradient.wgsl',
    tests: ['kernels/batch-norm'],
    changes: [
      ['share * inverse * inverse', 'share * inverse'],
      ['whole.product * inverse_deviation(column)', 'whole.product'],
    ],
  },
  {
    file: 'src/kernels/wgsl/batch-norm/columns/input-gradient.wgsl',
    tests: ['kernels/batch-norm'],
    changes: [['grads_at(at) - level', 'grads_at(at) + level']],
  },
  {
    file: 'src/kernels/wgsl/pooling/avg-pool-gradient.wgsl',
    tests: ['kernels/pooling', 'tensor/ops/pooling'],
    changes: [
      ['/ f32(rows * columns)', '/ f32(WINDOW_Y * WINDOW_X)'],
      ['j < COVER_Y', 'j < 1u'],
    ],
  },
  {
    file: 'src/kernels/wgsl/softmax/functions/loss.wgsl',
    tests: ['kernels/softmax'],
    changes: [['(scale.top - chosen)', 'chosen - scale.top']],
  },
  {
    file: 'src/kernels/wgsl/softmax/rows/cross-entropy-gradient.wgsl',
    tests: ['kernels/softmax'],
    changes: [['elements(-factor * scale.rest)', 'elements(factor * scale.rest)']],
  },
  {
    file: 'src/kernels/wgsl/softmax/functions/seen-merged.wgsl',
    tests: ['kernels/softmax'],
    changes: [
      ['part.z, part.x == top', 'part.z, part.x < top'],
      ['top, whole != 0.0', 'top, true'],
    ],
  },
  {
    file: 'src/kernels/wgsl/gather/scatter-merge.wgsl',
    tests: ['kernels/gather'],
    changes: [['other < own && keys', 'other > own && keys']],
  },
  {
    file: 'src/kernels/wgsl/reduce/arg-reduce-tree.wgsl',
    tests: ['kernels/reduce'],
    changes: [['b.place < a.place &&', 'b.place > a.place &&']],
  },
  {
    file: 'src/kernels/wgsl/matmul/small.wgsl',
    tests: ['kernels/matmul'],
    changes: [
      ['finished_one(at, value[i])', 'finished_one(column, value[i])'],
      ['k + 3u * K_LANES * STEP < params.depth', 'k + 2u * K_LANES * STEP < params.depth'],
    ],
  },
  {
    file: 'src/kernels/wgsl/functions/finished-one.wgsl',
    tests: ['kernels/matmul'],
    changes: [['[at % 4u]', '[0]']],
  },
  {
    file: 'src/kernels/wgsl/elementwise/functions/sigmoid.wgsl',
    tests: ['tensor/ops/unary', 'tensor/accuracy', 'special-values'],
    changes: [['* logistic(gate)', '* logistic(x)']],
  },
  {
    file: 'src/kernels/wgsl/elementwise/functions/softplus.wgsl',
    tests: ['tensor/accuracy'],
    changes: [['3.333051205e-1', '3.333151205e-1']],
  },
  {
    file: 'src/kernels/wgsl/pooling/max-pool.wgsl',
    tests: ['kernels/pooling', 'tensor/ops/pooling'],
    changes: [['best = marked(best, worst(own));', '']],
  },
  {
    file: 'src/kernels/wgsl/batch-norm/functions/merged-moments.wgsl',
    tests: ['kernels/batch-norm'],
    changes: [['(share * a.count)', 'share']],
  },
  {
    file: 'src/kernels/wgsl/batch-norm/columns/moments.wgsl',
    tests: ['kernels/batch-norm', 'tensor/ops/normalization'],
    changes: [['let origin = values_at(column);', 'let origin = elements();']],
  },
  {
    file: 'src/kernels/wgsl/batch-norm/whole-columns.wgsl',
    tests: ['kernels/batch-norm'],
    changes: [['half > 0u', 'half > 1u']],
  },
  {
    file: 'src/kernels/wgsl/batch-norm/whole-columns/merge-sums.wgsl',
    tests: ['kernels/batch-norm'],
    changes: [['chunk += ROWS', 'chunk += ROWS + 1u']],
  },
  {
    file: 'src/kernels/wgsl/gather/scatter-add.wgsl',
    tests: ['kernels/gather'],
    changes: [['updates[first + order[k] * params.inner]', 'updates[first + order[k]]']],
  },
  {
    file: 'src/kernels/wgsl/gather/gather-bytes.wgsl',
    tests: ['kernels/gather'],
    changes: [['((at & 3u) * 8u)', '((at & 1u) * 8u)']],
  },
  {
    file: 'src/kernels/wgsl/reduce/arg-reduce-merge.wgsl',
    tests: ['kernels/reduce'],
    changes: [[' || (place < index && !better(best, next))', '']],
  },
];
