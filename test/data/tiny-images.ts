import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { PublishedFile } from '../../src/data/published/download.ts';
import { MNIST } from '../../src/data/published/mnist.ts';
import type { PublishedImages } from '../../src/data/published/published-files.ts';
import { encodeIdx } from './files/idx-encoder.ts';

/** The contents of four files, under MNIST's names: 3 images to train on, 2 to test on. */
export const TINY_CONTENTS: Record<keyof PublishedImages['files'], Uint8Array> = {
  trainImages: gzipSync(encodeIdx([3, 28, 28], pixels(3))),
  trainLabels: gzipSync(encodeIdx([3], Uint8Array.of(7, 0, 9))),
  testImages: gzipSync(encodeIdx([2, 28, 28], pixels(2))),
  testLabels: gzipSync(encodeIdx([2], Uint8Array.of(1, 2))),
};

/** A set of MNIST's structure whose files are small enough to serve in a test. */
export const TINY: PublishedImages = {
  ...MNIST,
  files: {
    trainImages: published('trainImages'),
    trainLabels: published('trainLabels'),
    testImages: published('testImages'),
    testLabels: published('testLabels'),
  },
  mirrors: [],
};

/** The names and contents of TINY's files. */
export const TINY_FILES = new Map(
  Object.entries(TINY.files).map(([part, { name }]) => [
    name,
    TINY_CONTENTS[part as keyof typeof TINY_CONTENTS],
  ]),
);

function published(part: keyof typeof TINY_CONTENTS): PublishedFile {
  const contents = TINY_CONTENTS[part];
  const md5 = createHash('md5').update(contents).digest('hex');
  return { name: MNIST.files[part].name, bytes: contents.length, md5 };
}

function pixels(count: number): Uint8Array {
  // Irregular, so that the gzip files are of some length.
  return Uint8Array.from({ length: count * 784 }, (_, at) => (at * at * 31 + (at >> 3)) & 255);
}

/** Writes TINY's files, unpacked where asked; `replaced` overrides contents by name. */
export async function writeTiny(
  folder: string,
  { unpacked = false, replaced = {} as Record<string, Uint8Array> } = {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, contents] of TINY_FILES) {
    const bytes = replaced[name] ?? contents;
    if (unpacked) await writeFile(join(folder, name.replace('.gz', '')), gunzipSync(bytes));
    else await writeFile(join(folder, name), bytes);
  }
}

/**
 * Runs `check` with an empty folder and without WGRAD_DATA and XDG_CACHE_HOME, which it may set:
 * both are put back, and the folder is removed.
 */
export async function withFolder(check: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'wgrad-data-'));
  const kept = { data: process.env.WGRAD_DATA, cache: process.env.XDG_CACHE_HOME };
  delete process.env.WGRAD_DATA;
  delete process.env.XDG_CACHE_HOME;
  try {
    await check(folder);
  } finally {
    restore('WGRAD_DATA', kept.data);
    restore('XDG_CACHE_HOME', kept.cache);
    await rm(folder, { recursive: true });
  }
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

/** Runs `check` with the address of a server on this machine, and stops the server. */
export async function withServer(
  answer: RequestListener,
  check: (address: string) => Promise<void>,
): Promise<void> {
  const server = createServer(answer);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  try {
    await check(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}

/** Serves TINY's files as a good mirror does. */
export const goodMirror: RequestListener = (request, response) => {
  const contents = TINY_FILES.get(request.url!.slice(1));
  if (contents === undefined) response.writeHead(404).end('no such file');
  else response.writeHead(200, { 'content-length': contents.length }).end(contents);
};

/** Every path below a folder, or nothing where it does not exist. */
export async function everythingIn(folder: string): Promise<string[]> {
  return readdir(folder, { recursive: true }).catch(() => []);
}

/** What a promise rejects with; throws where it does not. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('expected a rejection');
}
