import { type KernelContext, type Launches, product } from '../launch.ts';
import { implicitMatMul } from '../matmul/implicit-matmul.ts';
import { packedStrides, packOperand, shouldPack } from '../matmul/packed-operand.ts';
import { packedProduct } from '../matmul/packed-product.ts';
import type { Strides } from '../matmul/problem.ts';
import { chooseVariant, type Extent, pickVariant } from '../matmul/variant.ts';
import { type Conv2dAttributes, hasPadding, layoutOf, shape4 } from './geometry.ts';

// A filter of one pixel that strides over an image sees some of its pixels: with these alone, put side by side where
// operands are packed anyway, the gradient of the filter is a plain product.

/** Whether a CPU takes the gradient of a filter for such a product. */
export function isOfVisitedPixels(context: KernelContext<Conv2dAttributes>): boolean {
  const { output, attributes, limits } = context;
  const [height, width] = shape4(output);
  if (height * width > 1 || hasPadding(attributes)) return false;
  const extent = extentOf(context);
  const { a, b } = shouldPack(extent, chooseVariant(extent, limits), gradientOf(extent), limits);
  return a && b;
}

export function filterGradientOfVisitedPixels(context: KernelContext<Conv2dAttributes>): Launches {
  const { inputs, attributes, epilogue } = context;
  const [[, height, width, channels], [, outHeight, outWidth]] = [
    shape4(inputs[0]),
    shape4(inputs[1]),
  ];
  const [strideY, strideX] = attributes.strides;
  const extent = extentOf(context);
  const { rows, columns } = extent;
  const image = { batch: 0, outer: 1, k: height * width * channels };
  const gradient = gradientOf(extent);
  const work = {
    name: 'conv2d_filter_gradient',
    ...packedProduct(
      extent,
      packedStrides(rows, extent, image),
      packedStrides(columns, extent, gradient),
    ),
    epilogue,
    before: [
      packOperand(0, 0, rows, extent, {
        ...image,
        inner: { count: outWidth, stride: strideX * channels },
        lines: { count: outHeight, stride: strideY * width * channels },
        dtype: inputs[0]?.dtype,
      }),
      packOperand(1, 1, columns, extent, { ...gradient, dtype: inputs[1]?.dtype }),
    ],
  };
  return implicitMatMul(
    work,
    pickVariant(context, 'conv2d_filter_gradient', extent, layoutOf(attributes)),
  );
}

/** Channels by filters, summed over the pixels of the output. */
function extentOf({ inputs, output }: KernelContext<Conv2dAttributes>): Extent {
  const [, , rows, columns] = shape4(output);
  return { batches: 1, rows, columns, depth: product(shape4(inputs[1]).slice(0, 3)) };
}

function gradientOf({ columns }: Extent): Strides {
  return { batch: 0, outer: 1, k: columns };
}
