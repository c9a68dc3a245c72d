import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { requireChoice, requireNumber, requireOptions, requireWhole } from '../src/arguments.ts';
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
  requireWhole('f', { n: 1, sizes: [1, 3] }, { from: 1, to: 3 });
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
    [() => requireWhole('f', { a: undefined as never }), 'a undefined must be a whole number'],
    [() => requireWhole('f', { a: 3n as never }), 'a 3n (a BigInt) must be a whole number'],
    [
      () => requireWhole('f', { a: '3' as never }, { from: 1 }),
      "a '3' must be a whole number of 1 or more",
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

interface Options {
  readonly lr?: number;
  readonly epsilon?: number;
  readonly keepDims?: boolean;
}

const NAMES = ['lr', 'epsilon', 'keepDims'] as const;

test('known options pass, and none at all', () => {
  requireOptions<Options, typeof NAMES>('f', { lr: 1, keepDims: true }, NAMES);
  requireOptions<Options, typeof NAMES>('f', {}, NAMES);
});

test('a list of names that lacks one, or has one too many, does not compile', () => {
  const options: Options = {};
  // @ts-expect-error
  requireOptions('f', options, ['lr', 'epsilon']);
  // @ts-expect-error
  requireOptions('f', options, [...NAMES, 'momentum']);
});

test('an unknown option is refused with those there are and the nearest', () => {
  const known = 'Known: lr, epsilon, keepDims.';
  for (const [name, guess] of [
    ['learningRate', " Did you mean 'lr'?"],
    ['learning_rate', " Did you mean 'lr'?"],
    ['eps', " Did you mean 'epsilon'?"],
    ['keepdim', " Did you mean 'keepDims'?"],
    ['keep_dims', " Did you mean 'keepDims'?"],
    ['toString', ''],
    ['colour', ''],
  ] as const) {
    const options: Options = { [name]: 1 };
    assert.is(
      said(() => requireOptions('f', options, NAMES)),
      `f: there is no option '${name}'.${guess} ${known}`,
    );
  }
});

test('what is no object of options is told as what it is', () => {
  const given: [unknown, string][] = [
    [null, 'null'],
    [undefined, 'undefined'],
    [true, 'true'],
    [0.1, '0.1'],
    ['adam', "'adam'"],
    [[1], 'an array'],
    [new Date(0), 'a Date'],
    [new Map(), 'a Map'],
    [Promise.resolve(), 'a Promise (is an await missing?)'],
    [Float32Array.of(1), 'a Float32Array'],
    [Math.max, 'the function max'],
    [() => {}, 'a function'],
  ];
  for (const [options, words] of given) {
    assert.is(
      said(() => requireOptions<Options, typeof NAMES>('f', options as Options, NAMES)),
      `f: options must be an object of lr, epsilon, keepDims; got ${words}.`,
    );
  }
});

test('a text that is one of the choices passes', () => {
  assert.is(
    said(() => requireChoice('f', { a: 'z' }, ['y', 'z'])),
    undefined,
  );
});

test.run();
