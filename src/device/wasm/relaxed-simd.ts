/**
 * A module with one function, `f32x4.relaxed_madd` of `x`, `y` and `z` in all lanes; it returns
 * lane 0.
 */
// biome-ignore format: sections and instructions are a line each
const MULTIPLY_ADD = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // "\0asm", version 1
  0x01, 0x08, 0x01, 0x60, 0x03, 0x7d, 0x7d, 0x7d, 0x01, 0x7d, // type: (f32, f32, f32) → f32
  0x03, 0x02, 0x01, 0x00, // function 0 has type 0
  0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00, // export "f"
  0x0a, 0x16, 0x01, 0x14, 0x00, // code: one body of 20 bytes, no locals
  0x20, 0x00, 0xfd, 0x13, // x in four lanes
  0x20, 0x01, 0xfd, 0x13, // y
  0x20, 0x02, 0xfd, 0x13, // z
  0xfd, 0x85, 0x02, // f32x4.relaxed_madd
  0xfd, 0x1f, 0x00, // f32x4.extract_lane 0
  0x0b,
]);

/**
 * Whether `f32x4.relaxed_madd` is there and rounds once. Node 20 has it behind a flag of its engine
 * that can still be set while running, for modules compiled from then on, in all threads.
 */
export async function hasFusedMultiplyAdd(): Promise<boolean> {
  if (!WebAssembly.validate(MULTIPLY_ADD)) await askForRelaxedSimd();
  return WebAssembly.validate(MULTIPLY_ADD) && roundsOnce();
}

async function askForRelaxedSimd(): Promise<void> {
  if (!globalThis.process?.versions?.v8) return;
  try {
    const { setFlagsFromString } = await import('node:v8');
    setFlagsFromString('--experimental-wasm-relaxed-simd');
  } catch {
    // An engine that knows no such flag does without.
  }
}

/** A machine without the instruction multiplies, rounds, adds and rounds again: no gain there. */
function roundsOnce(): boolean {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(MULTIPLY_ADD));
  const multiplyAdd = exports.f as (x: number, y: number, z: number) => number;
  // (1 + ε)² − (1 + 2ε) is ε² exactly, and 0 when the square was rounded first.
  const epsilon = 2 ** -23;
  return multiplyAdd(1 + epsilon, 1 + epsilon, -(1 + 2 * epsilon)) === epsilon * epsilon;
}

/** A module with a `v128` constant, to tell engines without any SIMD. */
// biome-ignore format: sections and instructions are a line each
const PLAIN_SIMD = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
  0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, // type: () → v128
  0x03, 0x02, 0x01, 0x00,
  0x0a, 0x08, 0x01, 0x06, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x0b, // i8x16.splat(0)
]);

/** Whether the engine has WebAssembly with SIMD at all. */
export function hasSimd(): boolean {
  return typeof WebAssembly !== 'undefined' && WebAssembly.validate(PLAIN_SIMD);
}
