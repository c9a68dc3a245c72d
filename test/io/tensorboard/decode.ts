// Reads event files again, with nothing of what wrote them: framing, checksum and wire format.
import { readFile } from 'node:fs/promises';

/** CRC-32C bit by bit: the reflected polynomial 0x1EDC6F41. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function unmasked(masked: number): number {
  const rotated = (masked - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}

/** The records of a file; throws where a length or checksum is wrong. */
export function recordsOf(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    const data = file.subarray(at + 12, at + 12 + length);
    if (data.length !== length) throw new Error(`record at ${at} is cut`);
    if (unmasked(file.readUInt32LE(at + 8)) !== crc32c(file.subarray(at, at + 8))) {
      throw new Error(`record at ${at}: the length's checksum is wrong`);
    }
    if (unmasked(file.readUInt32LE(at + 12 + length)) !== crc32c(data)) {
      throw new Error(`record at ${at}: the checksum is wrong`);
    }
    records.push(data);
    at += length + 16;
  }
  return records;
}

/** The fields of a message by number: varints as bigint, 32 and 64 bits and lengths as bytes. */
export class Message {
  private readonly fields = new Map<number, (bigint | Buffer)[]>();

  constructor(bytes: Buffer) {
    let at = 0;
    const varint = () => {
      let value = 0n;
      for (let shift = 0n; ; shift += 7n) {
        const byte = bytes.readUInt8(at++);
        value |= BigInt(byte & 0x7f) << shift;
        if (byte < 0x80) return BigInt.asIntN(64, value);
      }
    };
    const take = (length: number) => {
      at += length;
      return bytes.subarray(at - length, at);
    };
    while (at < bytes.length) {
      const key = Number(varint());
      const wire = {
        0: varint,
        1: () => take(8),
        2: () => take(Number(varint())),
        5: () => take(4),
      };
      const read = wire[(key & 7) as keyof typeof wire];
      this.fields.set(key >> 3, [...(this.fields.get(key >> 3) ?? []), read()]);
    }
  }

  get numbers(): number[] {
    return [...this.fields.keys()].sort((a, b) => a - b);
  }

  /** A field that must be there once. */
  only(field: number): bigint | Buffer {
    const all = this.fields.get(field) ?? [];
    if (all.length !== 1) throw new Error(`field ${field} is there ${all.length} times`);
    return all[0]!;
  }

  /** 0 where it is absent, as proto3 has it for fields outside a oneof. */
  integer = (field: number) => (this.fields.has(field) ? Number(this.only(field)) : 0);
  bytes = (field: number) => this.only(field) as Buffer;
  text = (field: number) => this.bytes(field).toString('utf8');
  double = (field: number) => this.bytes(field).readDoubleLE();
  float = (field: number) => this.bytes(field).readFloatLE();
  message = (field: number) => new Message(this.bytes(field));
  doubles = (field: number) => {
    const packed = this.bytes(field);
    return Array.from({ length: packed.length / 8 }, (_, i) => packed.readDoubleLE(8 * i));
  };
}

export async function eventsOf(path: string): Promise<Message[]> {
  return recordsOf(await readFile(path)).map((record) => new Message(record));
}

/** The value of a summary event. */
export function summaryOf(event: Message): Message {
  return event.message(5).message(1);
}
