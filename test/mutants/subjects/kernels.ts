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
    file: 'src/kernels/pick.ts',
    tests: ['graph/tuning'],
    changes: [["every((dtype) => dtype === 'f32')", 'every(() => true)']],
  },
  {
    file: 'src/kernels/matmul/packed-operand.ts',
    tests: ['kernels/matmul'],
    changes: [['a: a && most.a', 'a: most.a']],
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
    file: 'src/kernels/wgsl/scan/functions/among.wgsl',
    tests: ['kernels/scan'],
    changes: [['own >= step) { mine', 'own > step) { mine']],
  },
  {
    file: 'src/kernels/wgsl/scan/scan.wgsl',
    tests: ['kernels/scan'],
    changes: [['min(first + each, end)', 'first + each']],
  },
  {
    file: 'src/kernels/wgsl/elementwise/functions/between.wgsl',
    tests: ['ops/lerp'],
    changes: [
      ['select(b - way * (one - w), a + way * w, w < vec4<f32>(0.5))', 'a + way * w'],
      ['select(b * w, none, w == none)', 'b * w'],
    ],
  },
  {
    file: 'src/kernels/wgsl/elementwise/functions/gamma/gamma.wgsl',
    tests: ['ops/gamma-functions'],
    changes: [
      ['select(beside, -beside, tiny)', 'beside'],
      ['- i * i * 0.002777777778', ''],
    ],
  },
  {
    file: 'src/kernels/wgsl/elementwise/functions/gamma/digamma.wgsl',
    tests: ['tensor/accuracy'],
    changes: [
      [' - 1.2438150e-8', ''],
      ['select(size, -size, r < vec4<f32>())', 'size'],
    ],
  },
  {
    file: 'src/kernels/wgsl/elementwise/functions/gamma/zeta.wgsl',
    tests: ['ops/gamma-functions'],
    changes: [
      ['sign * below', 'below'],
      ['third * (1.388888889e-3', 'third * (1.388888889e-2'],
    ],
  },
  {
    file: 'src/kernels/wgsl/elementwise/functions/inverse-error-function.wgsl',
    tests: ['ops/erfinv'],
    changes: [
      ['w < vec4<f32>(5.0)', 'w < vec4<f32>(9.0)'],
      ['near = near * a - 1.25372503e-3', 'near = near * a + 1.25372503e-3'],
    ],
  },
  {
    file: 'src/kernels/wgsl/distances/distances.wgsl',
    tests: ['kernels/distances'],
    changes: [
      ['row / params.rows * params.size * params.columns + i', 'i'],
      ['sum += abs(step)', 'sum += step'],
    ],
  },
  {
    file: 'src/tensor/ops/fourier/transform.ts',
    tests: ['ops/fourier'],
    changes: [
      ['const turns = wavesOf(n, a, b);', 'const turns = wavesOf(b, a, b);'],
      ['while (m < 2 * n - 1) m *= 2;', 'while (m < n) m *= 2;'],
    ],
  },
  {
    file: 'src/tensor/ops/images/sampling.ts',
    tests: ['images/grid-sample'],
    changes: [
      [
        'place.greaterEqual(0).logicalAnd(place.less(sizeOf(sizes, axis)))',
        'place.greaterEqual(0)',
      ],
      ['d.sub(5).mul(d).add(8)', 'd.sub(5).mul(d).add(7)'],
    ],
  },
  {
    file: 'src/tensor/ops/pooling/fold.ts',
    tests: ['pooling/fold'],
    changes: [['at(k * dilation, 0), at(stride, 1)', 'at(k, 0), at(stride, 1)']],
  },
  {
    file: 'src/tensor/ops/indexing/nd.ts',
    tests: ['ops/indexing/nd'],
    changes: [['where(sorted.notEqual(next), sorted, -1)', 'sorted']],
  },
  {
    file: 'src/kernels/scan/scan.ts',
    tests: ['kernels/scan', 'ops/sorting/cumulative'],
    changes: [
      ["identityOf('max', scalar)", "identityOf('sum', scalar)"],
      ["Number(scalar === 'f32' && (name === 'max' || name === 'min'))", '0'],
    ],
  },
  {
    file: 'src/tensor/ops/sorting/cumulative.ts',
    tests: ['ops/sorting/cumulative'],
    changes: [
      ['reverse ? size : -1', 'reverse ? 0 : 0'],
      ['.logicalOr(x.isNan())', ''],
      ['x.maximum(-MAX_F32)', 'x'],
    ],
  },
  {
    file: 'src/kernels/wgsl/sorting/search-sorted.wgsl',
    tests: ['kernels/sorting/search-sorted'],
    changes: [
      ['RIGHT == 1u && key', 'key'],
      ['i / params.wanted * params.size', '0u'],
    ],
  },
  {
    file: 'src/kernels/wgsl/sorting/merge-runs.wgsl',
    tests: ['kernels/sorting'],
    changes: [
      ['keys[left + half] <= keys', 'keys[left + half] < keys'],
      ['keys[a] <= keys[b]', 'keys[a] < keys[b]'],
      ['min(params.kept, end - left)', 'end - left'],
    ],
  },
  {
    file: 'src/kernels/wgsl/sorting/sort-blocks.wgsl',
    tests: ['kernels/sorting'],
    changes: [
      ['is_less | (is_equal & is_first)', 'is_less'],
      ['if (rank < params.kept)', 'if (true)'],
    ],
  },
  {
    file: 'src/kernels/wgsl/sorting/functions/key.wgsl',
    tests: ['kernels/sorting'],
    changes: [
      ['> words(0x7f800000u)', '> words(0xff800000u)'],
      ['bits > words(0x80000000u)', 'bits >= words(0x80000000u)'],
    ],
  },
  {
    file: 'src/kernels/wgsl/random/gamma.wgsl',
    tests: ['random/gamma-and-poisson'],
    changes: [
      ['- 1.0 / 3.0', '- 1.0 / 4.0'],
      ['abs(t) < 0.1', 'abs(t) < 10.0'],
      ['select(1.0, below_one, is_small)', '1.0'],
      ['log(u.z) <= bound(d, t, x)', 'true'],
    ],
  },
  {
    file: 'src/kernels/wgsl/random/poisson.wgsl',
    tests: ['random/gamma-and-poisson'],
    changes: [
      ['+ rate + 0.43', '+ rate'],
      ['product <= enough', 'product < 1.1 * enough'],
      ['return -stirling - deviance(k, rate)', 'return -deviance(k, rate)'],
      ['us >= 0.07 && v <= squeeze', 'v <= squeeze'],
    ],
  },
  {
    file: 'src/kernels/random/draws.ts',
    tests: ['random/gamma-and-poisson'],
    changes: [['params: { count, first,', 'params: { count, first: 0,']],
  },
  {
    file: 'src/kernels/wgsl/sorting/select-first.wgsl',
    tests: ['kernels/sorting/select-first'],
    changes: [
      ['max(before, vec4<u32>(key))', 'before'],
      ['was > vec4<u32>(key)', 'was >= vec4<u32>(key)'],
      ['index < vec4<u32>(end)', 'index <= vec4<u32>(end)'],
      ['neighbour_place = was_at.w', 'neighbour_place = was_at.z'],
      ['found < KEPT; k++', 'false; k++'],
    ],
  },
  {
    file: 'src/kernels/wgsl/reduce/arg-reduce-tree.wgsl',
    tests: ['kernels/reduce'],
    changes: [['b.place < a.place &&', 'b.place > a.place &&']],
  },
  {
    file: 'src/kernels/wgsl/matmul/direct.wgsl',
    tests: ['kernels/matmul/blocked'],
    changes: [
      ['column + 32u, sums1', 'column, sums1'],
      ['turned(zeroed(b1), B_ALONG_K));', 'turned(zeroed(b1), A_ALONG_K));'],
    ],
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
    file: 'src/kernels/wgsl/elementwise/functions/tangent.wgsl',
    tests: ['tensor/accuracy'],
    changes: [
      ['0xdb629599u', '0xdb629598u'],
      ['odd != over', 'odd'],
    ],
  },
  {
    file: 'src/kernels/wgsl/elementwise/functions/hypotenuse.wgsl',
    tests: ['tensor/accuracy', 'special-values'],
    changes: [['vec4<f32>(1.2676506002282294e30)', 'vec4<f32>(1.0)']],
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
    changes: [['origins[c] = values_at(column + c);', 'origins[c] = elements();']],
  },
  {
    file: 'src/kernels/wgsl/batch-norm/functions/moments.wgsl',
    tests: ['kernels/batch-norm'],
    changes: [['(share * part.count)', 'share']],
  },
  {
    file: 'src/kernels/wgsl/pooling/max-pool-gradient.wgsl',
    tests: ['kernels/pooling', 'tensor/ops/pooling'],
    changes: [
      ['let out_x = own.x - k;', 'let out_x = own.x + k;'],
      ['left + x, own.channel));', 'left, own.channel));'],
    ],
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
  {
    file: 'src/kernels/wgsl/attention/rows.wgsl',
    tests: ['kernels/attention'],
    changes: [
      ['other <= vec4<u32>(row)', 'other < vec4<u32>(row)'],
      ['return tile.first + r < params.rows;', 'return true;'],
    ],
  },
  {
    file: 'src/kernels/wgsl/attention/rows/output.wgsl',
    tests: ['kernels/attention'],
    changes: [
      ['wholes[r] *= shrunk;', ''],
      ['scale_sums(tile, r, shrunk);', ''],
    ],
  },
  {
    file: 'src/kernels/wgsl/attention/rows/score-gradient.wgsl',
    tests: ['kernels/attention'],
    changes: [['by_weight - mean', 'by_weight']],
  },
  {
    file: 'src/kernels/wgsl/linear-algebra/lu.wgsl',
    tests: ['kernels/linear-algebra'],
    changes: [
      ['k <= size; k += WORKGROUP', 'k < size; k += WORKGROUP'],
      ['select(-1.0, 1.0, largest == j)', '1.0'],
    ],
  },
  {
    file: 'src/kernels/wgsl/linear-algebra/triangular-solve.wgsl',
    tests: ['kernels/linear-algebra'],
    changes: [['if (UNIT == 0u) { rest', 'if (true) { rest']],
  },
  {
    file: 'src/kernels/linear-algebra/triangular-solve.ts',
    tests: ['kernels/linear-algebra'],
    changes: [['/ size / together', '/ size']],
  },
];
