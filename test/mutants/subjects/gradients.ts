import type { Planted } from '../mutant.ts';

/** Gradients' rules. */
export const gradients: readonly Planted[] = [
  {
    file: 'src/tensor/ops/elementwise/arithmetic.ts',
    tests: ['tensor/ops/unary', 'tensor/ops/binary'],
    changes: [
      ['vjp: (g, x) => g.mul(x.sign())', 'vjp: (g, x) => g.mul(x)'],
      ['vjp: (g, x) => g.mul(x).mul(2)', 'vjp: (g, x) => g.mul(x)'],
      ['g.mul(y.square()).neg()', 'g.mul(y).neg()'],
      ['vjp: (g) => [g, g.neg()]', 'vjp: (g) => [g, g]'],
      ['[g.mul(b), g.mul(a)]', '[g.mul(a), g.mul(b)]'],
      ['g.mul(y).div(b).neg()', 'g.mul(y).neg()'],
      ['slope, slope.neg()', 'slope, slope'],
      ['where(first, none, g)', 'where(first, g, g)'],
    ],
  },
  {
    file: 'src/tensor/ops/elementwise/powers.ts',
    tests: ['tensor/ops/unary', 'tensor/ops/binary'],
    changes: [
      ['g.mul(-0.5).mul(y).div(x)', 'g.mul(0.5).mul(y).div(x)'],
      ['g.mul(b.sub(a).sigmoid())', 'g.mul(a.sub(b).sigmoid())'],
    ],
  },
  {
    file: 'src/tensor/ops/elementwise/trigonometry.ts',
    tests: ['tensor/ops/unary'],
    changes: [
      ['g.mul(x.sin()).neg()', 'g.mul(x.sin())'],
      ['g.mul(y.square().add(1))', 'g.mul(y.square().sub(1))'],
    ],
  },
  {
    file: 'src/tensor/ops/elementwise/activations.ts',
    tests: ['tensor/ops/unary'],
    changes: [
      ['g.mul(y).mul(ones(y.shape).sub(y))', 'g.mul(y).mul(ones(y.shape).add(y))'],
      ['where(y.greater(0), g, zeros(g.shape))', 'where(y.greaterEqual(0), g, zeros(g.shape))'],
    ],
  },
  {
    file: 'src/tensor/ops/norms.ts',
    tests: ['ops/norms'],
    changes: [
      ['where(isZero, 1, x).sqrt()', 'x.sqrt()'],
      ['where(isZero, 1, size).pow(ord)', 'size.pow(ord)'],
      ['expandTo(vectors, product.shape)', 'vectors'],
      ['size === 1 ? [rows', 'ord === 1 ? [rows'],
    ],
  },
  {
    file: 'src/tensor/ops/rearranging/diagonals.ts',
    tests: ['ops/rearranging'],
    changes: [
      ['sizeOf(shape, -2) - row - size', 'sizeOf(shape, -1) - column - size'],
      ["x, offset, 'greaterEqual'", "x, offset, 'lessEqual'"],
    ],
  },
  {
    file: 'src/tensor/ops/products/einsum.ts',
    tests: ['ops/products'],
    changes: [['shared.filter((label) => kept.has(label))', 'shared']],
  },
  {
    file: 'src/tensor/ops/reductions.ts',
    tests: ['tensor/ops/reductions'],
    changes: [
      ["if (name === 'sum') return [spread(g)];", "if (name === 'sum') return [spread(g).mul(2)];"],
      ['.equal(positions([size, 1]', '.lessEqual(positions([size, 1]'],
      ['correction = 0 } = options', 'correction = 1 } = options'],
      ['axis > first && axis < last', 'axis > first && axis < first'],
    ],
  },
  {
    file: 'src/tensor/ops/softmax.ts',
    tests: ['tensor/ops/softmax'],
    changes: [
      ['y.exp().mul(sum(g))', 'y.mul(sum(g))'],
      ['g.sub(sum(g.mul(y)))', 'g.sub(sum(g))'],
    ],
  },
  {
    file: 'src/tensor/ops/linear.ts',
    tests: ['tensor/ops/linear'],
    changes: [
      ['multiply(g, b, false, !transposeB)', 'multiply(g, b, false, transposeB)'],
      ['multiply(g, a, true, transposeA)', 'multiply(g, a, true, !transposeA)'],
      ['sumTo(db, b.shape)', 'db'],
      ['if (!untransposed(x.node)) return', 'if (x.rank > 1) return'],
    ],
  },
  {
    file: 'src/tensor/ops/cast.ts',
    tests: ['nn/precision'],
    changes: [["cast(cast(g, 'f16'), 'f32')", 'g']],
  },
  {
    file: 'src/tensor/ops/normalization.ts',
    tests: ['graph/schedule/halves'],
    changes: [
      ['input === 0 && areInFours', 'areInFours'],
      ['input <= 1 && areInFours', 'areInFours'],
    ],
  },
  {
    file: 'src/nn/precision.ts',
    tests: ['nn/precision'],
    changes: [['!isReadFromHalves(x.node)', 'false']],
  },
  {
    file: 'src/graph/view.ts',
    tests: ['graph/view', 'autograd/views'],
    changes: [
      ['transposed: before !== undefined', 'transposed: false'],
      ['once && untransposed(once)', 'once'],
    ],
  },
  {
    file: 'src/tensor/ops/views.ts',
    tests: ['tensor/ops/views'],
    changes: [
      ['transpose(g, inverse(permutation))', 'transpose(g, permutation)'],
      ['[sumTo(g, x.shape)]', '[reshape(g.max(), [])]'],
      ['unslice(g, x.shape, starts, steps)', 'unslice(g, x.shape, starts.map(() => 0), steps)'],
      ['[flip(g, axes)]', '[g]'],
      [
        '[low, size - low - sizeOf(spread.shape, axis)]',
        '[size - low - sizeOf(spread.shape, axis), low]',
      ],
    ],
  },
  {
    file: 'src/tensor/ops/where.ts',
    tests: ['tensor/ops/where'],
    changes: [['where(test, none, g)', 'where(test, g, none)']],
  },
  {
    file: 'src/tensor/ops/sorting/cumulative.ts',
    tests: ['tensor/ops/sorting/cumulative'],
    changes: [
      ['reverse: !attributes.reverse', 'reverse: attributes.reverse'],
      ['exclusive ? delayed(y, 1) : y', 'y'],
    ],
  },
  {
    file: 'src/tensor/ops/indexing/gather.ts',
    tests: ['tensor/ops/indexing/gather'],
    changes: [
      [
        "apply(gatherOp, [g, indices], { shape: updates.shape, dtype: 'f32' }, attributes)",
        'updates',
      ],
    ],
  },
  {
    file: 'src/tensor/ops/convolution/directions.ts',
    tests: ['tensor/ops/convolution'],
    changes: [
      ['apply(filterGradient, [x, g], filter, attributes)', 'filter'],
      [
        'apply(filterGradient, [h, g], filter, attributes)',
        'apply(filterGradient, [h, h], filter, attributes)',
      ],
    ],
  },
  {
    file: 'src/tensor/ops/normalization.ts',
    tests: ['tensor/ops/normalization', 'tensor/decompositions'],
    changes: [
      ['undefined, scale, shift]', 'undefined, shift, scale]'],
      ['.sub(mean(g, axes))', ''],
    ],
  },
  {
    file: 'src/tensor/ops/attention/fused-attention.ts',
    tests: ['tensor/ops/attention'],
    changes: [
      [
        'matMul(g, matrixTranspose(value)).sub(unsqueeze(mean, -1))',
        'matMul(g, matrixTranspose(value))',
      ],
      ['product(batch.slice(end))', '1'],
    ],
  },
  {
    file: 'src/tensor/ops/linear-algebra/cholesky.ts',
    tests: ['tensor/ops/linear-algebra'],
    changes: [['both.add(matrixTranspose(both)).mul(0.5)', 'both']],
  },
  {
    file: 'src/tensor/ops/linear-algebra/lu.ts',
    tests: ['tensor/ops/linear-algebra'],
    changes: [
      ['solveBy({ factors, order }, a, g, !transposed)', 'solveBy({ factors, order }, a, g, true)'],
    ],
  },
];
