import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Affine,
  collapse,
  identity,
  type Placement,
  placement,
  scaled,
  throughReshape,
} from '../../../src/graph/schedule/affine.ts';
import { eachIndex, sizeOf } from '../../reference/shape.ts';

const at = (f: Affine, index: readonly number[]): number =>
  f.offset + f.coefficients.reduce((sum, c, i) => sum + c * (index[i] as number), 0);

const dimension = fc.integer({ min: 1, max: 4 });
const shapes = fc.array(dimension, { minLength: 1, maxLength: 4 });

/** A placement that walks through `shape` backwards along some axes and with gaps along others. */
function wander(shape: readonly number[], choices: readonly number[]): Placement {
  const { axes } = identity(shape);
  const moved = (axes as readonly Affine[]).map((axis, i) => {
    const choice = choices[i % choices.length] as number;
    const size = shape[i] as number;
    if (choice === 0) return { size, at: scaled(axis, -1, size - 1) };
    return { size: size * choice, at: scaled(axis, choice, choice - 1) };
  });
  return placement(moved, shape.length);
}

test('the identity of a shape is its row-major position', () => {
  const { flat, axes } = identity([2, 3, 4]);
  eachIndex([2, 3, 4], (index, position) => {
    assert.is(at(flat, index), position);
    assert.equal(
      (axes as readonly Affine[]).map((axis) => at(axis, index)),
      [...index],
    );
  });
});

test('collapsed functions have the same values at the same positions', () => {
  fc.assert(
    fc.property(
      shapes,
      fc.array(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1 }), { maxLength: 3 }),
      (shape, walks) => {
        const functions = walks.map((choices) => wander(shape, choices).flat);
        const collapsed = collapse(shape, functions);
        assert.is(sizeOf(collapsed.shape), sizeOf(shape));
        const before: number[][] = [];
        const after: number[][] = [];
        eachIndex(shape, (index) => before.push(functions.map((f) => at(f, index))));
        eachIndex(collapsed.shape, (index) =>
          after.push(collapsed.functions.map((f) => at(f, index))),
        );
        assert.equal(after, before);
      },
    ),
  );
});

test('a function that walks through memory in order collapses to one axis', () => {
  const { flat } = identity([3, 1, 4, 5]);
  assert.equal(collapse([3, 1, 4, 5], [flat, flat]).shape, [60]);
});

test('a transposition keeps its axes apart, and what is expanded merges among itself', () => {
  const transposed = { offset: 0, coefficients: [1, 3] };
  assert.equal(collapse([3, 4], [transposed]).shape, [3, 4]);
  const vector = { offset: 0, coefficients: [0, 0, 1] };
  assert.equal(collapse([2, 3, 4], [vector]).shape, [6, 4]);
  assert.equal(collapse([2, 3, 4], [{ offset: 5, coefficients: [0, 0, 0] }]).shape, [24]);
  assert.equal(collapse([1, 1], [{ offset: 5, coefficients: [7, 7] }]), {
    shape: [1],
    functions: [{ offset: 5, coefficients: [0] }],
  });
});

test('axes that a reshape cuts through have no function of their own', () => {
  assert.is(throughReshape(identity([4, 6]), [4, 6], [3, 8]).axes, undefined);
  assert.is(throughReshape(identity([6]), [6], [2, 3]).axes, undefined);
});

/** Two factorisations of one size, as the sides of a reshape. */
const reshapes = fc
  .tuple(
    fc.array(dimension, { minLength: 1, maxLength: 4 }),
    fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  )
  .map(([factors, cutHere, cutThere]) => {
    const group = (cuts: readonly boolean[]) => {
      const sizes: number[] = [];
      factors.forEach((factor, i) => {
        if (i > 0 && !cuts[i]) sizes.push((sizes.pop() as number) * factor);
        else sizes.push(factor);
      });
      return sizes;
    };
    return { output: group(cutHere), input: group(cutThere) };
  });

test('through a reshape the flat position stays, and axes that are known are right', () => {
  fc.assert(
    fc.property(
      reshapes,
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1 }),
      ({ output, input }, choices) => {
        // Axes within the shape: only reversals, since gaps would lead out of it.
        const reversed = choices.map((choice) => (choice > 0 ? 1 : 0));
        const from = wander(output, reversed);
        const through = throughReshape(from, output, input);
        assert.is(through.flat, from.flat);
        const { axes } = through;
        if (!axes) return;
        eachIndex(output, (index) => {
          const place = axes.map((axis) => at(axis, index));
          assert.ok(place.every((value, i) => value >= 0 && value < (input[i] as number)));
          const position = place.reduce((sum, value, i) => sum * (input[i] as number) + value, 0);
          assert.is(position, at(from.flat, index));
        });
      },
    ),
  );
});

test('axes survive merging, adding and dropping size 1, and keeping; not splitting', () => {
  const known = (output: number[], input: number[]) =>
    throughReshape(identity(output), output, input).axes !== undefined;
  // The kernel's output is [2, 3, 4]; its input had these axes before the reshape.
  assert.ok(known([2, 3, 4], [6, 4]));
  assert.ok(known([2, 3, 4], [2, 12]));
  assert.ok(known([2, 3, 4], [24]));
  assert.ok(known([2, 3, 4], [2, 1, 3, 4, 1]));
  assert.ok(known([2, 1, 3], [2, 3]));
  assert.not.ok(known([6, 4], [2, 3, 4]));
  assert.not.ok(known([4, 6], [6, 4]));
});

test.run();
