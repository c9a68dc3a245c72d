/** An idx file of unsigned bytes: the inverse of readIdx, for tests that need files. */
export function encodeIdx(shape: readonly number[], values: Uint8Array): Uint8Array {
  const file = new Uint8Array(4 + 4 * shape.length + values.length);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0x0800 | shape.length);
  for (const [axis, size] of shape.entries()) view.setUint32(4 + 4 * axis, size);
  file.set(values, 4 + 4 * shape.length);
  return file;
}
