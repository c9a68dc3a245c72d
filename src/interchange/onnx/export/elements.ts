import { elementTypeOf } from '../tensor-proto.ts';
import { expanded } from './elementwise.ts';
import { notExported, type Written } from './graph-writer.ts';
import { isEqual, isFixed, type Size } from './open-sizes.ts';
import { type Application, type Attributes, cast, input, plain, type Rule, type } from './rule.ts';

/** The axis of `whole` that an op sees as the middle one of three, and that has another size, or several, in `part`. */
function axisOf(
  { size, inner }: Attributes,
  whole: readonly Size[],
  part: readonly Size[],
): number {
  return whole.findIndex(({ at }, axis) => {
    const behind = whole.slice(axis + 1);
    const isSameAround =
      whole.slice(0, axis).every((before, i) => isEqual(before, part[i])) &&
      behind.every((after, i) => isEqual(after, part[part.length - behind.length + i]));
    return (
      at === size &&
      behind.reduce((product, next) => product * next.at, 1) === inner &&
      isSameAround
    );
  });
}

function gather(application: Application): Written {
  const { writer, node, shape } = application;
  const [x, indices] = [input(application, 0), input(application, 1)];
  const axis = axisOf(node.attributes, x.shape, shape);
  return writer.node('Gather', [x, indices], type(application), { axis });
}

/** Zeros, to which each update is added at the index of its slice. */
function scatterAdd(application: Application): Written {
  const { writer, node, shape } = application;
  const [indices, updates] = [input(application, 0), input(application, 1)];
  const axis = axisOf(node.attributes, shape, updates.shape);
  const one = { at: 1, and: 1 };
  const ofSlices = writer.reshape(
    indices,
    updates.shape.map((size, i) => (i === axis ? size : one)),
  );
  const ofEach = expanded(writer, ofSlices, updates.shape);
  const zeros = expanded(writer, writer.scalar(0, node.dtype), shape);
  const attributes = { axis, reduction: 'add' };
  return writer.node('ScatterElements', [zeros, ofEach, updates], type(application), attributes);
}

/** Where the first elements in order are; of equal ones the first comes first in ONNX, too. */
function argSort(application: Application): Written {
  const { writer, node, shape } = application;
  const { descending }: Attributes = node.attributes;
  const x = input(application);
  const axis = axisOf(node.attributes, x.shape, shape);
  const attributes = { axis, largest: Number(descending), sorted: 1 };
  const outputs = [writer.uniqueName('sorted'), writer.uniqueName('places')];
  const inputs = [plain(writer, x), writer.sizes(shape.slice(axis, axis + 1))];
  const places = writer.node('TopK', inputs, type(application), attributes, outputs);
  return cast(writer, places, node.dtype);
}

function cumSum(application: Application): Written {
  const { writer, node, shape } = application;
  const { exclusive, reverse }: Attributes = node.attributes;
  const x = input(application);
  const axis = writer.integers([axisOf(node.attributes, x.shape, shape)], 0);
  const attributes = { exclusive: Number(exclusive), reverse: Number(reverse) };
  const sums = writer.node('CumSum', [plain(writer, x), axis], type(application), attributes);
  return cast(writer, sums, node.dtype);
}

/** How many of a sorted row go before each value: all are compared with all. NaN is above all numbers. */
function searchSorted(application: Application): Written {
  const { writer, node, shape } = application;
  const { right }: Attributes = node.attributes;
  const [row, wanted] = [0, 1].map((i) => plain(writer, input(application, i)));
  const isAlone = row?.shape.length === 1;
  const each = (name: string, axis: number) =>
    writer.node('Unsqueeze', [name, writer.integers([axis])], { shape, dtype: node.dtype }).name;
  const of = (opType: string, names: readonly string[]) =>
    writer.node(opType, names, { shape, dtype: 'bool' }).name;
  const value = each(wanted?.name ?? '', -1);
  const sorted = isAlone ? row.name : each(row?.name ?? '', -2);
  const isBefore = of(right ? 'LessOrEqual' : 'Less', [sorted, value]);
  const isNumber = () => of('Not', [of('IsNaN', [sorted])]);
  const isAfterAll = () => of('IsNaN', [value]);
  const counted =
    row?.dtype !== 'f32'
      ? isBefore
      : of('Or', [isBefore, right ? isAfterAll() : of('And', [isAfterAll(), isNumber()])]);
  const type = { shape, dtype: 'i32' } as const;
  const ones = writer.node('Cast', [counted], type, { to: elementTypeOf.i32 });
  return writer.node('ReduceSum', [ones, writer.integers([-1])], type, { keepdims: 0 });
}

/** The places on a diagonal of the last two axes, of these as one. */
function diagonal(application: Application): Written {
  const { writer, node, shape } = application;
  const { row, column }: Attributes = node.attributes;
  const x = input(application);
  const [rows, columns] = x.shape.slice(-2);
  const length = shape.at(-1);
  if (!rows || !columns || !length || ![rows, columns].every(isFixed)) {
    throw notExported('a diagonal', 'it is of an open size. Give numbers for these.');
  }
  const places = Array.from({ length: length.at }, (_, i) => (row + i) * columns.at + column + i);
  const cells = { at: rows.at * columns.at, and: rows.at * columns.at };
  const flat = writer.reshape(x, [...x.shape.slice(0, -2), cells]);
  const indices = writer.integers(places);
  return writer.node('Gather', [flat, indices], type(application), { axis: shape.length - 1 });
}

/** The ops that look up, send, order and add up single elements. */
export const elementRules: Readonly<Record<string, Rule>> = {
  argSort,
  cumSum,
  diagonal,
  gather,
  scatterAdd,
  searchSorted,
};
