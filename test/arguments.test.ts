import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { requireChoice, requireNumber, requireWhole } from '../src/arguments.ts';
import { ArgumentError } from '../src/errors.ts';

const test = suite('arguments');

function said(check: () => void): string | undefined {
  try {
    check();
  } catch (error) {
    assert.instance(error, ArgumentError);
    return (error as Error).message;
  }
  return undefined;
}

test('numbers within a range pass, its ends too if they belong to it', () => {
  requireWhole('f', { n: 1, sizes: [1, 3], left: undefined }, { from: 1, to: 3 });
  requireNumber('f', { rate: 0, momentum: 0.999 }, { from: 0, below: 1 });
  requireNumber('f', { gain: -2.5 });
});

test('others are named with what they must be', () => {
  const cases: [() => void, string][] = [
    [
      () => requireWhole('f', { a: 1, b: 1.5 }, { from: 1 }),
      'b 1.5 must be a whole number of 1 or more',
    ],
    [
      () => requireWhole('f', { a: [3, 0] }, { above: 0 }),
      'a [3, 0] must be whole numbers above 0',
    ],
    [() => requireWhole('f', { a: Number.NaN }), 'a NaN must be a whole number'],
    [
      () => requireWhole('f', { a: '3' as never }, { from: 1 }),
      'a 3 must be a whole number of 1 or more',
    ],
    [() => requireNumber('f', { a: 2 }, { from: 0, to: 1 }), 'a 2 must be a number from 0 to 1'],
    [
      () => requireNumber('f', { a: 1 }, { from: 0, below: 1 }),
      'a 1 must be a number of 0 or more and below 1',
    ],
    [
      () => requireNumber('f', { a: 0 }, { above: 0, to: 2 }),
      'a 0 must be a number above 0 and of at most 2',
    ],
    [() => requireNumber('f', { a: 1 / 0 }), 'a Infinity must be a number'],
    [() => requireChoice('f', { a: 'x' }, ['y', 'z']), "a 'x' must be one of 'y', 'z'"],
  ];
  for (const [check, message] of cases) assert.is(said(check), `f: ${message}.`);
});

test('a text that is one of the choices passes', () => {
  assert.is(
    said(() => requireChoice('f', { a: 'z' }, ['y', 'z'])),
    undefined,
  );
});

test.run();
