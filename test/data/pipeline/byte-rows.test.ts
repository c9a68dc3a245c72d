import '../../../src/tensor/methods.ts';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { byteRows } from '../../../src/data/pipeline/byte-rows.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';

const test = suite('rows of bytes');

test('however many tensors they lie in, rows are the same', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 100 }),
      fc.array(fc.nat(1000), { minLength: 1, maxLength: 8 }),
      async (count, width, most, drawn) => {
        const bytes = Uint8Array.from({ length: count * width }, (_, i) => (i * 89 + 13) & 255);
        const indices = Int32Array.from(drawn, (number) => number % count);
        const rows = byteRows(bytes, [count, width], most)(tensor(indices, [indices.length]));
        assert.is(rows.dtype, 'u8');
        assert.equal([...rows.shape], [indices.length, width]);
        const expected = [...indices].flatMap((row) => [
          ...bytes.subarray(row * width, (row + 1) * width),
        ]);
        assert.equal([...(await rows.data())], expected);
      },
    ),
    { numRuns: 8 },
  ));

test.run();
