import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, CheckpointError, DTypeError, ShapeError } from '../../src/errors.ts';
import * as io from '../../src/io/index.ts';
import { emptyContents, readTensor } from '../../src/io/safetensors.ts';
import { parseHeader } from '../../src/io/safetensors-header.ts';
import type { DType } from '../../src/kernels/dtype.ts';
import { bytesOf, fileOf, tensorMaps, thrown } from './safetensors-bytes.ts';

const test = suite('safetensors');

const BITS: [dtype: string, bits: ArrayBufferView & { length: number }, values: number[]][] = [
  [
    'F16',
    Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x03ff, 0x0400, 0x7bff, 0xfc00, 0x8000),
    [1, -2, 2 ** -24, 1023 * 2 ** -24, 2 ** -14, 65504, Number.NEGATIVE_INFINITY, -0],
  ],
  [
    'BF16',
    Uint16Array.of(0x3f80, 0xc000, 0x4049, 0x7f80, 0x8000),
    [1, -2, 3.140625, Number.POSITIVE_INFINITY, -0],
  ],
  [
    'F64',
    new BigUint64Array(Float64Array.of(0.1, -3, Infinity, 2 ** -149).buffer),
    [Math.fround(0.1), -3, Number.POSITIVE_INFINITY, 2 ** -149],
  ],
  ['I64', BigInt64Array.of(-1n, 0n, 2147483647n, -2147483648n), [-1, 0, 2147483647, -2147483648]],
  ['U64', BigUint64Array.of(0n, 2147483648n, 4294967295n), [0, 2147483648, 4294967295]],
  ['I8', Int8Array.of(-128, -1, 0, 127), [-128, -1, 0, 127]],
  ['I16', Int16Array.of(-32768, -300, 7), [-32768, -300, 7]],
  ['U16', Uint16Array.of(1, 65535), [1, 65535]],
];

/** What they become; all else is f32. */
const READ_AS: Record<string, DType> = {
  F16: 'f16',
  U64: 'u32',
  I64: 'i32',
  I8: 'i32',
  I16: 'i32',
  U16: 'i32',
};

test('what is decoded is what was encoded, bit for bit', () => {
  const metadata = fc.dictionary(fc.string(), fc.string());
  fc.assert(
    fc.property(tensorMaps, metadata, fc.nat(9), (tensors, metadata, offset) => {
      const encoded = io.encodeSafetensors(tensors, metadata);
      const buffer = new Uint8Array(offset + encoded.length);
      buffer.set(encoded, offset);
      const decoded = io.decodeSafetensors(buffer.subarray(offset));
      assert.equal(Object.entries(decoded.metadata).sort(), Object.entries(metadata).sort());
      assert.equal([...decoded.tensors.keys()].sort(), [...tensors.keys()].sort());
      for (const [name, { shape, dtype, data }] of tensors) {
        const back = decoded.tensors.get(name)!;
        assert.equal([...back.shape], [...shape]);
        assert.is(back.dtype, dtype);
        assert.is(back.data.constructor, data.constructor);
        assert.equal(bytesOf(back.data), bytesOf(data));
      }
    }),
  );
});

test('the layout is that of the published format', () => {
  fc.assert(
    fc.property(tensorMaps, (tensors) => {
      const bytes = io.encodeSafetensors(tensors, { made: 'here' });
      const length = Number(Buffer.from(bytes).readBigUInt64LE(0));
      assert.is(length % 8, 0);
      const json = Buffer.from(bytes.subarray(8, 8 + length)).toString('utf8');
      assert.match(json, /^\{.*\} *$/s);
      const header = JSON.parse(json);
      assert.equal(header.__metadata__, { made: 'here' });
      let covered = 0;
      for (const [name, { shape, data }] of tensors) {
        const [start, end] = header[name].data_offsets;
        assert.equal(header[name].shape, shape);
        assert.is(start % data.BYTES_PER_ELEMENT, 0);
        const stored = bytes.subarray(8 + length + start, 8 + length + end);
        assert.equal([...stored], bytesOf(data));
        covered += end - start;
      }
      assert.is(covered, bytes.length - 8 - length);
    }),
  );
});

test('one file by hand', () => {
  const json = '{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
  const data = Float32Array.of(1, -2);
  const expected = [
    ...[56, 0, 0, 0, 0, 0, 0, 0],
    ...Buffer.from(json.padEnd(56)),
    ...[0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0],
  ];
  assert.equal(
    [...io.encodeSafetensors(new Map([['w', { shape: [2], dtype: 'f32', data }]]))],
    expected,
  );
});

for (const [dtype, bits, values] of BITS) {
  test(`${dtype} is converted`, () => {
    const tensor = { dtype, shape: [bits.length], data_offsets: [0, bits.byteLength] };
    // Behind a byte, where no wide element is aligned.
    const first = { dtype: 'U8', shape: [1], data_offsets: [0, 1] };
    const moved = { ...tensor, data_offsets: [1, bits.byteLength + 1] };
    const { tensors } = io.decodeSafetensors(
      fileOf({ first, tensor: moved }, [7, ...bytesOf(bits)]),
    );
    const { data, dtype: read } = tensors.get('tensor')!;
    assert.is(read, READ_AS[dtype] ?? 'f32');
    assert.equal([...data], values);
  });
}

for (const [dtype, bits, values] of BITS) {
  test(`${dtype} of more bytes than are held at a time is converted whole`, () => {
    const repeated = 300_001;
    const bytes = Buffer.alloc(repeated * bits.byteLength, new Uint8Array(bits.buffer));
    const entry = { dtype, shape: [bits.length * repeated], data_offsets: [0, bytes.length] };
    const { contents, held } = readInPieces(entry, bytes);
    const { data } = contents.tensors.get('tensor')!;
    assert.is(data.length, values.length * repeated);
    const wrong = data.findIndex((value, i) => !Object.is(value, values[i % values.length]));
    assert.is(wrong, -1);
    assert.ok(held <= 2 ** 20, `${held} bytes besides the values`);
  });
}

/** Reads a tensor as a file is read; `held` is what it took beside the values. */
function readInPieces(entry: object, bytes: Uint8Array) {
  const json = Buffer.from(JSON.stringify({ tensor: entry }));
  const { tensors } = parseHeader(json, bytes.length, 'a-file');
  const contents = emptyContents({});
  const buffers = new Set<ArrayBufferLike>();
  for (const piece of readTensor(contents, tensors[0]!, 'a-file')) {
    buffers.add(piece.bytes.buffer);
    piece.bytes.set(bytes.subarray(piece.start, piece.start + piece.bytes.length));
  }
  buffers.delete(contents.tensors.get('tensor')!.data.buffer);
  const held = [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
  return { contents, held };
}

const word = { shape: [1], dtype: 'f32', data: Float32Array.of(1) } as const;
const byte = { shape: [1], dtype: 'u8', data: Uint8Array.of(1) } as const;

test('every finite half and its NaNs are what an independent table says', () => {
  const halves = Uint16Array.from({ length: 65536 }, (_, i) => i);
  const header = { h: { dtype: 'F16', shape: [256, 256], data_offsets: [0, 131072] } };
  const { data } = io.decodeSafetensors(fileOf(header, bytesOf(halves))).tensors.get('h')!;
  for (let i = 0; i < 65536; i++) {
    // From the digits of its fields, without arithmetic on the bits.
    const digits = i.toString(2).padStart(16, '0');
    const exponent = Number.parseInt(digits.slice(1, 6), 2);
    const fraction = Number.parseInt(digits.slice(6), 2) / 1024;
    const size =
      exponent === 31
        ? fraction > 0
          ? Number.NaN
          : Number.POSITIVE_INFINITY
        : exponent === 0
          ? fraction / 16384
          : (1 + fraction) * 2 ** (exponent - 15);
    if (!Object.is(data[i], digits[0] === '1' ? -size : size)) assert.unreachable(digits);
  }
});

test('halves are written as they were read', () => {
  // But for NaNs, which are all one.
  const halves = Uint16Array.from({ length: 65536 }, (_, i) =>
    (i & 0x7fff) > 0x7c00 ? 0x7e00 : i,
  );
  const header = { h: { dtype: 'F16', shape: [256, 256], data_offsets: [0, 131072] } };
  const { tensors } = io.decodeSafetensors(fileOf(header, bytesOf(halves)));
  const bytes = io.encodeSafetensors(new Map([['w', word], ...tensors, ['b', byte]]));
  const length = Number(Buffer.from(bytes).readBigUInt64LE(0));
  const written = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString('utf8'));
  assert.equal(
    Object.values(written).map((one) => (one as { data_offsets: number[] }).data_offsets),
    [
      [0, 4],
      [4, 131076],
      [131076, 131077],
    ],
  );
  assert.is(written.h.dtype, 'F16');
  assert.equal([...bytes.subarray(8 + length + 4, 8 + length + 131076)], bytesOf(halves));
});

test('what is no half is not written as one', () => {
  const data = Float32Array.of(1, 0.1);
  const error = thrown(() =>
    io.encodeSafetensors(new Map([['w', { shape: [2], dtype: 'f16', data }]])),
  );
  assert.instance(error, ArgumentError);
  assert.match(error.message, /^Tensor 'w' is f16 and holds 0\.1/);
});

/** The values of floats of 8 bits, from their digits. */
const BYTE_FLOATS: [dtype: string, value: (digits: string) => number][] = [
  ['F8_E4M3', (digits) => (/^.1{7}$/.test(digits) ? Number.NaN : fromDigits(digits, 4, 7))],
  ['F8_E4M3FNUZ', (digits) => (digits === '10000000' ? Number.NaN : fromDigits(digits, 4, 8))],
  ['F8_E5M2FNUZ', (digits) => (digits === '10000000' ? Number.NaN : fromDigits(digits, 5, 16))],
  [
    'F8_E5M2',
    (digits) => {
      if (!/^.1{5}/.test(digits)) return fromDigits(digits, 5, 15);
      return digits.endsWith('00') ? (digits[0] === '1' ? -1 : 1) / 0 : Number.NaN;
    },
  ],
  ['F8_E8M0', (digits) => (digits === '11111111' ? NaN : 2 ** (Number.parseInt(digits, 2) - 127))],
];

function fromDigits(digits: string, exponentBits: number, bias: number): number {
  const exponent = Number.parseInt(digits.slice(1, 1 + exponentBits), 2);
  const fraction = `0b${digits.slice(1 + exponentBits)}`;
  const mantissa = Number(fraction) / 2 ** (7 - exponentBits) + (exponent === 0 ? 0 : 1);
  return (digits[0] === '1' ? -1 : 1) * mantissa * 2 ** (Math.max(exponent, 1) - bias);
}

for (const [dtype, value] of BYTE_FLOATS) {
  test(`all values of ${dtype} are what an independent table says`, () => {
    const codes = Array.from({ length: 256 }, (_, code) => code);
    const header = { a: { dtype, shape: [256], data_offsets: [0, 256] } };
    const { data, dtype: read } = io.decodeSafetensors(fileOf(header, codes)).tensors.get('a')!;
    assert.is(read, 'f32');
    const expected = codes.map((code) => value(code.toString(2).padStart(8, '0')));
    assert.equal([...data], expected);
    assert.equal(expected, expected.map(Math.fround));
  });
}

for (const [dtype] of BITS) {
  test(`${dtype} of no elements`, () => {
    const header = { a: { dtype, shape: [3, 0], data_offsets: [0, 0] } };
    const { tensors } = io.decodeSafetensors(fileOf(header, []));
    assert.is(tensors.get('a')!.data.length, 0);
  });
}

const good = { dtype: 'F32', shape: [], data_offsets: [0, 4] };
for (const [dtype, elements, expected] of [
  ['F64', bytesOf(Float64Array.of(1e300)), /is F64 and holds 1e\+300, which an f32 cannot/],
  ['I64', bytesOf(BigInt64Array.of(2n ** 31n)), /is I64 and holds 2147483648, which an i32 cannot/],
  ['I64', bytesOf(BigInt64Array.of(-(2n ** 31n) - 1n)), /holds -2147483649/],
  ['I64', bytesOf(BigInt64Array.of(2n ** 63n - 1n)), /holds 9223372036854775807/],
  ['I64', bytesOf(BigInt64Array.of(-(2n ** 32n))), /holds -4294967296/],
  ['U64', bytesOf(BigUint64Array.of(2n ** 32n)), /is U64 and holds 4294967296, which a u32 cannot/],
  ['BOOL', [2], /is BOOL and holds the byte 2/],
  ['C64', [0, 0, 0, 0, 0, 0, 0, 0], /has dtype C64, which cannot be read; F32, .* can/],
  ['F4', [], /has dtype F4/],
  ['__proto__', [1], /has dtype __proto__/],
] as const) {
  test(`a tensor of ${dtype} that has no place is an error by itself (${elements})`, () => {
    const odd = { dtype, shape: [], data_offsets: [4, 4 + elements.length] };
    const { tensors, unreadable } = io.decodeSafetensors(
      fileOf({ good, odd }, [0, 0, 0x80, 0x3f, ...elements]),
      'a-file',
    );
    assert.equal([...tensors.keys()], ['good']);
    assert.equal([...tensors.get('good')!.data], [1]);
    assert.equal([...unreadable.keys()], ['odd']);
    const error = unreadable.get('odd')!;
    assert.instance(error, CheckpointError);
    assert.match(error.message, /^a-file: tensor 'odd' /);
    assert.match(error.message, expected);
  });
}

const four = { dtype: 'U8', shape: [4], data_offsets: [0, 4] };
const defects: [string, Uint8Array, RegExp][] = [
  ['nothing', new Uint8Array(0), /truncated.*8 bytes are the least, it has 0/],
  ['a cut length', new Uint8Array(7), /truncated.*it has 7/],
  ['a cut header', fileOf({ a: four }, [1, 2, 3, 4]).subarray(0, 20), /truncated.*header ends/],
  ['cut elements', fileOf({ a: four }, [1, 2, 3]), /truncated, its tensors take 4 bytes/],
  ['more elements', fileOf({ a: four }, [1, 2, 3, 4, 5]), /bytes after its end/],
  ['a huge header', new Uint8Array(16).fill(0xff), /header would take 18446744073709551615 bytes/],
  ['another format', new Uint8Array(64), /does not start with '\{'/],
  ['bad JSON', fileOf('{"a":', []), /is no JSON/],
  ['bad UTF-8', fileOf(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), []), /is no JSON/],
  ['no object', fileOf('[]', []), /does not start/],
  ['an entry that is none', fileOf({ a: 3 }, []), /tensor 'a' has no proper dtype/],
  ['a negative size', fileOf({ a: { ...four, shape: [-4] } }, [1, 2, 3, 4]), /no proper/],
  ['a fractional size', fileOf({ a: { ...four, shape: [0.5] } }, [1]), /no proper/],
  ['three offsets', fileOf({ a: { ...four, data_offsets: [0, 2, 4] } }, [1]), /no proper/],
  [
    'an unknown dtype upside down',
    fileOf({ a: { ...four, dtype: 'X', data_offsets: [4, 0] } }, []),
    /say -4/,
  ],
  [
    'an unknown dtype behind a hole',
    fileOf({ a: { ...four, dtype: 'X', data_offsets: [1, 2] } }, [1, 2]),
    /hole/,
  ],
  [
    'a name twice',
    fileOf(`{"a":${JSON.stringify(four)},"a":${JSON.stringify(four)}}`, [1, 2, 3, 4]),
    /one name twice/,
  ],
  [
    'a field twice',
    fileOf('{"a":{"dtype":"U8","dtype":"U8","shape":[],"data_offsets":[0,1]}}', [1]),
    /one name twice/,
  ],
  ['metadata twice', fileOf('{"__metadata__":{"a":"1","a":"2"}}', []), /one name twice/],
  ['depth', fileOf(`{"a":${'['.repeat(1e6)}`, []), /nests 1000001 deep/],
  ['many parts', fileOf(`{"a":[${'[],'.repeat(3e6)}0]}`, []), /has 6000002 parts/],
  [
    'an offset beyond integers',
    fileOf({ a: { ...four, data_offsets: [0, 2 ** 60] } }, []),
    /no proper/,
  ],
  [
    'no dtype but a prototype',
    fileOf('{"a":{"__proto__":{"dtype":"U8"},"shape":[],"data_offsets":[0,1]}}', [1]),
    /no proper/,
  ],
  ['a wrong size', fileOf({ a: { ...four, shape: [5] } }, [1, 2, 3, 4]), /takes 5 bytes.*say 4/],
  ['reversed offsets', fileOf({ a: { ...four, data_offsets: [4, 0] } }, [1, 2, 3, 4]), /say -4/],
  [
    'sizes beyond any memory',
    fileOf({ a: { ...four, shape: Array(40).fill(2 ** 40) } }, [1]),
    /takes Infinity bytes/,
  ],
  [
    'an overlap',
    fileOf({ a: four, b: { ...four, data_offsets: [2, 6] } }, [1, 2, 3, 4, 5, 6]),
    /tensor 'b' overlaps the one before, it starts at byte 2, not 4/,
  ],
  [
    'a hole',
    fileOf({ a: four, b: { ...four, data_offsets: [5, 9] } }, Array(9).fill(0)),
    /tensor 'b' leaves a hole/,
  ],
  ['metadata of numbers', fileOf({ __metadata__: { epoch: 3 } }, []), /not a map of strings/],
  ['metadata that is null', fileOf('{"__metadata__":null}', []), /not a map of strings/],
];

for (const [what, bytes, expected] of defects) {
  test(`${what} is named`, () => {
    const error = thrown(() => io.decodeSafetensors(bytes, 'the-file'));
    assert.instance(error, CheckpointError);
    assert.match(error.message, expected);
    assert.ok(error.message.startsWith('the-file'), error.message);
  });
}

test('names may hold what JSON writes otherwise', () => {
  const names = [
    'a"b',
    'a:b',
    '{',
    '\\',
    '[,',
    '__proto__',
    'constructor',
    '\ud800',
    '\u{1f600}',
    '',
  ];
  const entries = names.map((name) => [name, { ...four, shape: [0], data_offsets: [0, 0] }]);
  const { tensors } = io.decodeSafetensors(fileOf(Object.fromEntries(entries), []));
  assert.equal([...tensors.keys()].sort(), [...names].sort());
});

test('damage is a CheckpointError or goes into values, nothing else', () => {
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(tensorMaps, edits, fc.option(fc.nat()), (tensors, edits, cut) => {
      const bytes = io.encodeSafetensors(tensors, { a: 'b' });
      // Mostly in the header, where damage is of more kinds.
      for (const [at, value] of edits) bytes[at % Math.min(bytes.length, 150)] = value;
      const file = cut === null ? bytes : bytes.subarray(0, cut % bytes.length);
      try {
        for (const { shape, data } of io.decodeSafetensors(file).tensors.values()) {
          assert.is(
            shape.reduce((a, b) => a * b, 1),
            data.length,
          );
        }
      } catch (error) {
        assert.instance(error, CheckpointError);
      }
    }),
    { numRuns: 1000 },
  );
});

test('what cannot be written is refused', () => {
  const write = (tensor: io.HostTensor, name = 'w', metadata = {}) =>
    thrown(() => io.encodeSafetensors(new Map([[name, tensor]]), metadata));
  const data = Float32Array.of(1, 2);
  assert.instance(write({ shape: [3], dtype: 'f32', data }), ShapeError);
  assert.instance(write({ shape: [-1, -2], dtype: 'f32', data }), ShapeError);
  assert.instance(write({ shape: [2], dtype: 'i32', data }), DTypeError);
  assert.instance(write({ shape: [2], dtype: 'bf16' as DType, data }), DTypeError);
  assert.instance(write({ shape: [1], dtype: 'bool', data: Uint8Array.of(2) }), ArgumentError);
  const good = { shape: [2], dtype: 'f32' as const, data };
  assert.instance(write(good, '__metadata__'), ArgumentError);
  assert.match(write(good, 'w', { epoch: 3 }).message, /Metadata 'epoch' is no string/);
});

test.run();
