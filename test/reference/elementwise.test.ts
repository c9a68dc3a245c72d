import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { binary, elu, leakyRelu, unary } from './elementwise.ts';

const test = suite('reference: elementwise');

const isClose = (actual: number, expected: number, tolerance = 1e-14) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(Math.abs(expected), 1e-300),
    `${actual} is not ${expected}`,
  );

test('the error function agrees with published values', () => {
  isClose(unary.erf!(0), 0);
  isClose(unary.erf!(0.5), 0.5204998778130465);
  isClose(unary.erf!(1), 0.8427007929497149);
  isClose(unary.erf!(-2), -0.9953222650189527);
  isClose(unary.erfc!(2.5), 0.0004069520174449589, 1e-13);
  isClose(unary.erfc!(3), 0.00002209049699858544, 1e-13);
  isClose(unary.erf!(2), 1 - unary.erfc!(2), 1e-15);
  assert.is(unary.erf!(Number.POSITIVE_INFINITY), 1);
  assert.ok(Number.isNaN(unary.erf!(Number.NaN)));
});

test('the inverse error function agrees with published values', () => {
  isClose(unary.erfinv!(0.5), 0.4769362762044699);
  isClose(unary.erfinv!(-0.99), -1.8213863677184496, 1e-13);
  isClose(unary.erfinv!(1e-12), 8.862269254527581e-13);
});

test('erfc does not jump where its method changes', () => {
  isClose(unary.erfc!(2 + 1e-12), unary.erfc!(2), 1e-10);
});

test('halves round to the even number', () => {
  const halves = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4, 2.6, -2.6];
  assert.equal(
    halves.map((x) => unary.round!(x) + 0),
    [-2, -2, 0, 0, 2, 2, 2, 3, -3],
  );
});

test('the remainder has the sign of the divisor', () => {
  assert.is(binary.mod!(7, 3), 1);
  assert.is(binary.mod!(-7, 3), 2);
  assert.is(binary.mod!(7, -3), -2);
  assert.is(binary.mod!(-7, -3), -1);
  assert.is(Math.abs(binary.mod!(-6, 3)), 0);
});

test('activations neither overflow nor cancel far from 0', () => {
  assert.is(unary.sigmoid!(-1000), 0);
  assert.is(unary.sigmoid!(1000), 1);
  assert.is(unary.softplus!(1000), 1000);
  isClose(unary.softplus!(-40), Math.exp(-40));
  isClose(unary.softplus!(0), Math.LN2);
  isClose(unary.gelu!(1), 0.8413447460685429);
  isClose(unary.gelu!(-10), 10 * -7.619853024160525e-24, 1e-12);
  isClose(unary.silu!(1), 0.7310585786300049);
  isClose(unary.logSigmoid!(-1000), -1000);
  assert.is(unary.relu6!(7), 6);
  assert.is(leakyRelu(-2, 0.5), -1);
  isClose(elu(-1, 2), 2 * (Math.exp(-1) - 1));
});

test('truth values are 0 and 1', () => {
  assert.is(unary.logicalNot!(3), 0);
  assert.is(unary.isNan!(Number.NaN), 1);
  assert.is(binary.logicalXor!(2, 3), 0);
  assert.is(binary.logicalAnd!(2, 3), 1);
  assert.is(binary.equal!(Number.NaN, Number.NaN), 0);
  assert.is(binary.notEqual!(Number.NaN, Number.NaN), 1);
});

test.run();
