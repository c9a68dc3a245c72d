import { loadPackage } from '../../optional-package.ts';

/**
 * Loads crc-32 and gives the function that frames a record as TFRecord files have it: its length
 * (u64), the length's checksum, the bytes, their checksum, all little-endian.
 *
 * Source: https://www.tensorflow.org/tutorials/load_data/tfrecord, "TFRecords format details".
 */
export async function recordFramer(): Promise<(data: Uint8Array) => Uint8Array> {
  const { default: crc32c } = await loadPackage(
    'crc-32',
    'to write TensorBoard files',
    () => import('crc-32/crc32c.js'),
  );
  /** CRC-32C, rotated and moved: a checksum of data that contains checksums is else a weak one. */
  const masked = (bytes: Uint8Array): number => {
    const crc = crc32c.buf(bytes);
    return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  };
  return (data) => {
    const record = new Uint8Array(data.length + 16);
    const view = new DataView(record.buffer);
    view.setBigUint64(0, BigInt(data.length), true);
    view.setUint32(8, masked(record.subarray(0, 8)), true);
    record.set(data, 12);
    view.setUint32(12 + data.length, masked(data), true);
    return record;
  };
}
