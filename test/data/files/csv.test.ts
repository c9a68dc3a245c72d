import '../../../src/tensor/methods.ts';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CsvOptions, csv } from '../../../src/data/files/csv.ts';
import { ArgumentError, DataError } from '../../../src/errors.ts';
import { rejection, withFolder } from '../tiny-images.ts';

const test = suite('csv');

const FLOWERS = `length, width ,"the kind",note
5.1,3.5,setosa,
-7e0,3.2,versicolor,"two
lines, one cell"

6.3,0,setosa,x
`;

const OPTIONS: CsvOptions = { inputs: ['width', 'length'], target: 'the kind' };

async function reading(text: string | Uint8Array, options: CsvOptions) {
  let read: Awaited<ReturnType<typeof csv>> | undefined;
  await withFolder(async (folder) => {
    const file = join(folder, 'table.csv');
    await writeFile(file, text);
    read = await csv(file, options);
  });
  const all = Int32Array.from({ length: read!.count }, (_, i) => i);
  const { inputs, targets } = await read!.get(all);
  return { classes: read!.classes, inputs, targets };
}

test('columns are found by name, classes numbered by theirs', async () => {
  const { classes, inputs, targets } = await reading(`\ufeff${FLOWERS}`, OPTIONS);
  assert.equal(classes, ['setosa', 'versicolor']);
  assert.equal([...inputs.shape], [3, 2]);
  assert.equal([...(await inputs.data())], [3.5, 5.1, 3.2, -7, 0, 6.3].map(Math.fround));
  assert.is(targets.dtype, 'i32');
  assert.equal([...(await targets.data())], [0, 1, 0]);
});

test('classes that are given keep their numbers', async () => {
  const classes = ['virginica', 'versicolor', 'setosa'];
  const { targets } = await reading(FLOWERS, { ...OPTIONS, classes });
  assert.equal([...(await targets.data())], [2, 1, 2]);
});

test('numbers as names of classes go by their size', async () => {
  const { classes, targets } = await reading('a;b\n1;10\n1;9\n1;10\n', {
    inputs: ['a'],
    target: 'b',
    delimiter: ';',
  });
  assert.equal(classes, ['9', '10']);
  assert.equal([...(await targets.data())], [1, 0, 1]);
});

test('a number to predict is a column of its own', async () => {
  const options = { inputs: ['length'], target: 'width', targetType: 'number' } as const;
  const { classes, targets } = await reading(FLOWERS, options);
  assert.equal(classes, []);
  assert.is(targets.dtype, 'f32');
  assert.equal([...targets.shape], [3, 1]);
  assert.equal([...(await targets.data())], [3.5, 3.2, 0].map(Math.fround));
});

test('numbers come out as they were written', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.integer()), {
        minLength: 1,
        maxLength: 20,
      }),
      async (rows) => {
        const text = ['x,y', ...rows.map((row) => row.join(','))].join('\r\n');
        const options = { inputs: ['x'], target: 'y', targetType: 'number' } as const;
        const { inputs, targets } = await reading(text, options);
        // A zero loses its sign where JavaScript writes it down.
        assert.equal(
          [...(await inputs.data())],
          rows.map(([x]) => x + 0),
        );
        assert.equal(
          [...(await targets.data())],
          rows.map(([, y]) => Math.fround(y)),
        );
      },
    ),
    { numRuns: 30 },
  ));

for (const [name, text] of Object.entries({
  'CRLF, then LF': 'x,y\r\n1,a\n2,b\n',
  'LF, then CRLF': 'x,y\n1,a\r\n2,b\r\n',
  'CRLF, then none': 'x,y\r\n1,a\r\n2,b',
  'CR alone': 'x,y\r1,a\r2,b\r',
  'all three, and blank lines': '\ufeffx,y\r\n\r1,a\n\n\r\n2,b\r',
})) {
  test(`lines may end as on any system: ${name}`, async () => {
    const { classes, inputs } = await reading(text, { inputs: ['x'], target: 'y' });
    assert.equal(classes, ['a', 'b']);
    assert.equal([...(await inputs.data())], [1, 2]);
  });
}

test('numbers are decimal, written in any of its ways', async () => {
  const written = ['+1', '-.5', '5.', '1e3', '2.5E-2', '007', '-0', '3.4028235e38', '1e-60'];
  const rows = written.map((number) => `${number},a\n`).join('');
  const { inputs } = await reading(`x,y\n${rows}`, { inputs: ['x'], target: 'y' });
  const expected = [1, -0.5, 5, 1000, 0.025, 7, -0, 3.4028234663852886e38, 0];
  assert.equal([...(await inputs.data())], expected.map(Math.fround));
});

test('classes have the same numbers whatever the order of the rows', async () => {
  for (const rows of ['1,1\n1,1.0\n1,01\n', '1,01\n1,1.0\n1,1\n']) {
    const { classes } = await reading(`x,y\n${rows}`, { inputs: ['x'], target: 'y' });
    assert.equal(classes, ['01', '1', '1.0']);
  }
});

test('a text that is not UTF-8 is told with its line', async () => {
  for (const [bytes, line] of [
    [Buffer.from('x,y\n1,a\n2,caf\xe9\n', 'latin1'), 3],
    [Buffer.from('\ufeffx,y\n1,a\n', 'utf16le'), 1],
  ] as const) {
    const error = await rejection(reading(bytes, { inputs: ['x'], target: 'y' }));
    assert.instance(error, DataError);
    assert.match(error.message, `table.csv cannot be read as CSV: line ${line} is not UTF-8`);
  }
});

for (const [name, text, options, expected] of [
  ['is missing', 'x,y\n1,a\n,b\n', {}, /table\.csv, line 3: column 'x' is empty/],
  ['is only blanks', 'x,y\n1,  \n', {}, /line 2: column 'y' is empty/],
  ['is no number', 'x,y\n1,a\n2,b\n1.5mm,b\n', {}, /line 4: column 'x' is '1\.5mm', not a number/],
  ['is not finite', 'x,y\nInfinity,a\n', {}, /line 2: column 'x' is 'Infinity', not a number/],
  ['is negative and not finite', 'x,y\n1,a\n-inf,a\n', {}, /line 3: column 'x' is '-inf'/],
  ['is NaN', 'x,y\nNaN,a\n', {}, /line 2: column 'x' is 'NaN', not a number/],
  ['is hexadecimal', 'x,y\n0x10,a\n', {}, /line 2: column 'x' is '0x10', not a number/],
  ['is binary', 'x,y\n0b1,a\n', {}, /line 2: column 'x' is '0b1', not a number/],
  ['has underscores', 'x,y\n1_000,a\n', {}, /line 2: column 'x' is '1_000', not a number/],
  ['has separators', 'x,y\n"1,000",a\n', {}, /line 2: column 'x' is '1,000', not a number/],
  ['has blanks', 'x,y\n1 000,a\n', {}, /line 2: column 'x' is '1 000', not a number/],
  ['is beyond f32', 'x,y\n1,"a\r\nb"\n-1e40,a\n', {}, /line 4: column 'x' is -1e40, beyond .*f32/],
  ['has a comma at its end', 'x,y\n1,a,\n', {}, /cannot be read as CSV: .*line 2/],
  ['is of no given class', 'x,y\n1,a\n', { classes: ['b'] }, /'y' is 'a', none of the classes b/],
  ['is one too few', 'x,y\n1,a\n2\n', {}, /cannot be read as CSV: .*line 3/],
  ['has an open quote', 'x,y\n1,"a\n', {}, /cannot be read as CSV: .*line/i],
  ['is nowhere', 'x,z\n1,a\n', {}, /no column 'y'; its columns are x, z/],
  ['is there twice', 'x,y,y\n1,a,b\n', {}, /several columns 'y'/],
  ['is all there is', 'x,y\n', {}, /no rows below a line with the names/],
  ['is not even that', '', {}, /no rows below a line with the names/],
] as const) {
  test(`what ${name} is told with its place`, async () => {
    const error = await rejection(reading(text, { inputs: ['x'], target: 'y', ...options }));
    assert.instance(error, DataError);
    assert.match(error.message, expected);
  });
}

test('a file that is not there, and no inputs', async () => {
  const options = { inputs: ['x'], target: 'y' };
  assert.instance(await rejection(csv('/nowhere/at all.csv', options)), DataError);
  assert.instance(
    await rejection(reading('x,y\n1,a\n', { ...options, inputs: [] })),
    ArgumentError,
  );
});

test.run();
