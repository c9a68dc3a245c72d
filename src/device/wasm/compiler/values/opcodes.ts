/** The WebAssembly types that values have here. */
export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

interface Opcode {
  readonly bytes: readonly number[];
  readonly type: ValueType | undefined;
}

function plain<Name extends string>(
  type: ValueType | undefined,
  entries: Record<Name, number>,
): Record<Name, Opcode> {
  return encoded(type, entries, (code) => [code]);
}

function prefixed<Name extends string>(
  prefix: number,
  type: ValueType | undefined,
  entries: Record<Name, number>,
): Record<Name, Opcode> {
  return encoded(type, entries, (code) => {
    const bytes = [prefix];
    let rest = code;
    while (rest >= 0x80) {
      bytes.push((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes.push(rest);
    return bytes;
  });
}

function encoded<Name extends string>(
  type: ValueType | undefined,
  entries: Record<Name, number>,
  encode: (code: number) => number[],
): Record<Name, Opcode> {
  const opcodes: Partial<Record<Name, Opcode>> = {};
  for (const name in entries) opcodes[name] = { bytes: encode(entries[name]), type };
  return opcodes as Record<Name, Opcode>;
}

const table = {
  ...plain('i32', {
    'i32.load': 0x28,
    'i32.eqz': 0x45,
    'i32.eq': 0x46,
    'i32.ne': 0x47,
    'i32.lt_s': 0x48,
    'i32.lt_u': 0x49,
    'i32.gt_s': 0x4a,
    'i32.gt_u': 0x4b,
    'i32.le_s': 0x4c,
    'i32.le_u': 0x4d,
    'i32.ge_s': 0x4e,
    'i32.ge_u': 0x4f,
    'f32.eq': 0x5b,
    'f32.ne': 0x5c,
    'f32.lt': 0x5d,
    'f32.gt': 0x5e,
    'f32.le': 0x5f,
    'f32.ge': 0x60,
    'i32.clz': 0x67,
    'i32.ctz': 0x68,
    'i32.popcnt': 0x69,
    'i32.add': 0x6a,
    'i32.sub': 0x6b,
    'i32.mul': 0x6c,
    'i32.div_s': 0x6d,
    'i32.div_u': 0x6e,
    'i32.rem_s': 0x6f,
    'i32.rem_u': 0x70,
    'i32.and': 0x71,
    'i32.or': 0x72,
    'i32.xor': 0x73,
    'i32.shl': 0x74,
    'i32.shr_s': 0x75,
    'i32.shr_u': 0x76,
    'i32.reinterpret_f32': 0xbc,
    'i64.le_u': 0x58,
    'i32.wrap_i64': 0xa7,
    'i32.select': 0x1b,
  }),
  ...plain('i64', {
    'i64.load': 0x29,
    'i64.add': 0x7c,
    'i64.sub': 0x7d,
    'i64.mul': 0x7e,
    'i64.div_u': 0x80,
    'i64.shl': 0x86,
    'i64.shr_u': 0x88,
    'i64.extend_i32_u': 0xad,
    'i64.select': 0x1b,
  }),
  ...plain('f32', {
    'f32.load': 0x2a,
    'f32.abs': 0x8b,
    'f32.neg': 0x8c,
    'f32.ceil': 0x8d,
    'f32.floor': 0x8e,
    'f32.trunc': 0x8f,
    'f32.nearest': 0x90,
    'f32.sqrt': 0x91,
    'f32.add': 0x92,
    'f32.sub': 0x93,
    'f32.mul': 0x94,
    'f32.div': 0x95,
    'f32.min': 0x96,
    'f32.max': 0x97,
    'f32.convert_i32_s': 0xb2,
    'f32.convert_i32_u': 0xb3,
    'f32.reinterpret_i32': 0xbe,
    'f32.select': 0x1b,
  }),
  ...plain('v128', { 'v128.select': 0x1b }),
  ...plain(undefined, { 'i32.store': 0x36, 'i64.store': 0x37, 'f32.store': 0x38 }),
  ...prefixed(0xfc, 'i32', { 'i32.trunc_sat_f32_s': 0, 'i32.trunc_sat_f32_u': 1 }),
  ...prefixed(0xfd, undefined, {
    'v128.store': 11,
    'v128.store32_lane': 90,
    'v128.store64_lane': 91,
  }),
  ...prefixed(0xfd, 'i32', {
    'i32x4.extract_lane': 27,
    'v128.any_true': 83,
    'i32x4.all_true': 163,
    'i32x4.bitmask': 164,
  }),
  ...prefixed(0xfd, 'f32', { 'f32x4.extract_lane': 31 }),
  ...prefixed(0xfd, 'v128', {
    'v128.load': 0,
    'v128.load32_splat': 9,
    'v128.load32_zero': 92,
    'v128.load64_zero': 93,
    'i8x16.shuffle': 13,
    'i8x16.swizzle': 14,
    'i32x4.splat': 17,
    'f32x4.splat': 19,
    'i32x4.replace_lane': 28,
    'f32x4.replace_lane': 32,
    'i32x4.eq': 55,
    'i32x4.ne': 56,
    'i32x4.lt_s': 57,
    'i32x4.lt_u': 58,
    'i32x4.gt_s': 59,
    'i32x4.gt_u': 60,
    'i32x4.le_s': 61,
    'i32x4.le_u': 62,
    'i32x4.ge_s': 63,
    'i32x4.ge_u': 64,
    'f32x4.eq': 65,
    'f32x4.ne': 66,
    'f32x4.lt': 67,
    'f32x4.gt': 68,
    'f32x4.le': 69,
    'f32x4.ge': 70,
    'v128.not': 77,
    'v128.and': 78,
    'v128.andnot': 79,
    'v128.or': 80,
    'v128.xor': 81,
    'v128.bitselect': 82,
    'i8x16.popcnt': 98,
    'f32x4.ceil': 103,
    'f32x4.floor': 104,
    'f32x4.trunc': 105,
    'f32x4.nearest': 106,
    'i16x8.extadd_pairwise_i8x16_u': 125,
    'i32x4.extadd_pairwise_i16x8_u': 127,
    'i32x4.abs': 160,
    'i32x4.neg': 161,
    'i32x4.shl': 171,
    'i32x4.shr_s': 172,
    'i32x4.shr_u': 173,
    'i32x4.add': 174,
    'i32x4.sub': 177,
    'i32x4.mul': 181,
    'i32x4.min_s': 182,
    'i32x4.min_u': 183,
    'i32x4.max_s': 184,
    'i32x4.max_u': 185,
    'f32x4.abs': 224,
    'f32x4.neg': 225,
    'f32x4.sqrt': 227,
    'f32x4.add': 228,
    'f32x4.sub': 229,
    'f32x4.mul': 230,
    'f32x4.div': 231,
    'f32x4.pmin': 234,
    'f32x4.pmax': 235,
    'f64x2.div': 243,
    'i32x4.trunc_sat_f32x4_s': 248,
    'i32x4.trunc_sat_f32x4_u': 249,
    'f32x4.convert_i32x4_s': 250,
    'f32x4.convert_i32x4_u': 251,
    'i32x4.trunc_sat_f64x2_s_zero': 252,
    'i32x4.trunc_sat_f64x2_u_zero': 253,
    'f64x2.convert_low_i32x4_s': 254,
    'f64x2.convert_low_i32x4_u': 255,
    'f32x4.relaxed_madd': 0x105,
    'f32x4.relaxed_nmadd': 0x106,
  }),
};

/** An instruction of WebAssembly. */
export type Instruction = keyof typeof table;

const others = {
  parameter: 'i32',
  later: 'i32',
  'i32.const': 'i32',
  'f32.const': 'f32',
  'v128.const': 'v128',
  /** All ones of a true bool, and zeros of a false one. */
  'i32.mask': 'i32',
  'memory.fill': undefined,
  'phi.i32': 'i32',
  'phi.i64': 'i64',
  'phi.f32': 'f32',
  'phi.f64': 'f64',
  'phi.v128': 'v128',
  'pick.i32': 'i32',
  'pick.i64': 'i64',
  'pick.f32': 'f32',
  'pick.f64': 'f64',
  'pick.v128': 'v128',
} as const;

/** What a node computes: an instruction, or what takes several of them or none. */
export type Op = Instruction | keyof typeof others;

function isInstruction(op: string): op is Instruction {
  return Object.hasOwn(table, op);
}

/** The instruction of a name that is put together of a shape and an operation. */
export function instructionOf(name: string): Instruction {
  if (!isInstruction(name)) throw new Error(`no instruction is called ${name}`);
  return name;
}

/** The encoding of an instruction. */
export function opcode(name: Op): Opcode {
  return table[instructionOf(name)];
}

/** The type of what an operation gives; undefined for stores. */
export function typeOf(op: Op): ValueType | undefined {
  return isInstruction(op) ? table[op].type : others[op];
}
