import { RandomStream } from '../../../src/tensor/random/stream.ts';

/** What damage is drawn from: the same seed, the same damage. */
export class Chance {
  private readonly stream: RandomStream;

  constructor(seed: number) {
    this.stream = new RandomStream(seed);
  }

  /** A whole number from 0, below `end`. */
  below(end: number): number {
    return Math.floor(this.stream.uniform(0, 1) * end);
  }

  /** One of them; there is at least one. */
  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }
}

/** Numbers at the rims of what fields of files can hold. */
const EXTREMES = [
  0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
];
/** What stands in texts for numbers, or in place of them. */
const WORDS = [
  ...[
    '-1',
    '0',
    '1e40',
    '1e999',
    '0x10',
    'NaN',
    'Infinity',
    '-',
    '',
    '99999999999999999999',
    '1.5',
  ],
  ...['"', '\r', '\n', '\r\n', ',', '\0', '\ufeff', '../', '__proto__', '{', '[', '\u00e9', ' '],
];

type Mutation = (bytes: Uint8Array, chance: Chance, other: Uint8Array) => Uint8Array;

const mutations: readonly Mutation[] = [
  function flip(bytes, chance) {
    const at = chance.below(bytes.length);
    return replaced(bytes, at, 1, Uint8Array.of((bytes[at] ?? 0) ^ (1 << chance.below(8))));
  },
  function overwrite(bytes, chance) {
    const value = chance.pick([0, 1, 0x20, 0x22, 0x2c, 0x7f, 0x80, 0xff, chance.below(256)]);
    return replaced(bytes, chance.below(bytes.length), 1, Uint8Array.of(value));
  },
  function field(bytes, chance) {
    const number = new DataView(new ArrayBuffer(8));
    const width = chance.pick([2, 4, 8]);
    if (width === 8) number.setBigUint64(0, BigInt(chance.pick(EXTREMES)), chance.below(2) === 0);
    else if (width === 4) number.setUint32(0, chance.pick(EXTREMES), chance.below(2) === 0);
    else number.setUint16(0, chance.pick(EXTREMES) & 0xffff, chance.below(2) === 0);
    const at = Math.min(chance.below(bytes.length), chance.below(bytes.length));
    return replaced(bytes, at - (at % 2), width, new Uint8Array(number.buffer, 0, width));
  },
  function word(bytes, chance) {
    const text = Buffer.from(bytes).toString('latin1');
    const words = [...text.matchAll(/[-+.\w]+/g)];
    const { index = 0, 0: old = '' } = words[chance.below(words.length)] ?? {};
    return replaced(bytes, index, old.length, Buffer.from(chance.pick(WORDS)));
  },
  (bytes, chance) =>
    replaced(bytes, chance.below(bytes.length), 0, Buffer.from(chance.pick(WORDS))),
  function truncate(bytes, chance) {
    return bytes.slice(0, chance.below(bytes.length));
  },
  function extend(bytes, chance) {
    const more = new Uint8Array(1 + chance.below(chance.pick([4, 64, 4096])));
    return replaced(bytes, bytes.length, 0, more.fill(chance.pick([0, 0x20, 0xff])));
  },
  function remove(bytes, chance) {
    return replaced(bytes, chance.below(bytes.length), 1 + chance.below(16), new Uint8Array(0));
  },
  function repeat(bytes, chance) {
    const [at, length] = [chance.below(bytes.length), 1 + chance.below(64)];
    return replaced(bytes, at, 0, bytes.slice(at, at + length));
  },
  function splice(bytes, chance, other) {
    return replaced(
      bytes,
      chance.below(bytes.length),
      bytes.length,
      other.slice(chance.below(other.length)),
    );
  },
];

/** Bytes with one to three kinds of damage; `other` is what a part may come from. */
export function damaged(bytes: Uint8Array, other: Uint8Array, chance: Chance): Uint8Array {
  let result = bytes;
  for (let left = 1 + chance.below(3); left > 0; left--) {
    result = chance.pick(mutations)(result, chance, other);
  }
  return result;
}

const VALUES: readonly unknown[] = [
  ...[null, true, -1, 0, -0, 0.5, 3, 2 ** 31, 2 ** 53, 2 ** 60, 1e308, '', 'NaN', '-Infinity', 'x'],
  ...[[], [[]], [0], [0, 0], [-1, 4], {}, { a: 1 }, { __proto__: null }, 'F32', 'I64', 'C64'],
];

/** JSON in which one value has become another, has gone, or has come twice. */
export function damagedJson(value: unknown, chance: Chance): unknown {
  if (typeof value !== 'object' || value === null || chance.below(5) === 0) {
    return chance.pick(VALUES);
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return chance.pick(VALUES);
  const at = chance.below(entries.length);
  const [key, inner] = entries[at] as [string, unknown];
  const kind = chance.below(8);
  if (kind === 0) entries.splice(at, 1);
  else if (kind === 1)
    entries.push([chance.pick(['x', '__proto__', '__metadata__', `${key}x`]), inner]);
  else if (kind === 2) entries[at] = [key, (chance.pick(entries) as [string, unknown])[1]];
  else entries[at] = [key, damagedJson(inner, chance)];
  if (Array.isArray(value)) return entries.map(([, item]) => item);
  return Object.fromEntries(entries);
}

function replaced(bytes: Uint8Array, at: number, length: number, by: Uint8Array): Uint8Array {
  const result = new Uint8Array(at + by.length + Math.max(0, bytes.length - at - length));
  result.set(bytes.subarray(0, at));
  result.set(by, at);
  result.set(bytes.subarray(at + length), at + by.length);
  return result;
}
