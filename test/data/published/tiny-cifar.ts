import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CIFAR10 } from '../../../src/data/published/cifar10.ts';
import { encodeTar } from './tar-encoder.ts';

const NAMES = [...CIFAR10.train, ...CIFAR10.test];

/** A byte of file `file`, its record `record`, at a place of its image. */
export const pixel = (file: number, record: number, y: number, x: number, channel: number) =>
  (file * 31 + record * 101 + y * 7 + x * 3 + channel * 57) & 255;

/** A file of records, plane by plane. */
export function records(file: number, labels: number[]): Uint8Array {
  const bytes: number[] = [];
  labels.forEach((label, record) => {
    bytes.push(label);
    for (let channel = 0; channel < 3; channel++) {
      for (let y = 0; y < 32; y++) {
        for (let x = 0; x < 32; x++) bytes.push(pixel(file, record, y, x, channel));
      }
    }
  });
  return Uint8Array.from(bytes);
}

/** The files' contents, unpacked, each with two images. */
export const CONTENTS = new Map(NAMES.map((name, file) => [name, records(file, [file, 9 - file])]));

/** Writes small files under CIFAR-10's names; `replaced` overrides contents by name. */
export async function writeTinyCifar(folder: string, replaced: Record<string, Uint8Array> = {}) {
  await mkdir(folder, { recursive: true });
  for (const [name, bytes] of CONTENTS) {
    await writeFile(join(folder, name), gzipSync(replaced[name] ?? bytes));
  }
}

/** The same in an archive like the one that is published. */
export function tinyArchive(): Uint8Array {
  const named = [...CONTENTS].map(([name, bytes]) => [
    `cifar-10-batches-bin/${name.replace('.gz', '')}`,
    bytes,
  ]);
  const readme = { 'cifar-10-batches-bin/readme.html': Uint8Array.of(60) };
  return gzipSync(encodeTar({ ...readme, ...Object.fromEntries(named) }));
}
