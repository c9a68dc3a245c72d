import '../../../src/tensor/methods.ts';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { imageFolder } from '../../../src/data/files/image-folder.ts';
import { ArgumentError, DataError } from '../../../src/errors.ts';
import { rejection, withFolder } from '../tiny-images.ts';

const test = suite('image folder');

type Channels = 1 | 3 | 4;

async function write(path: string, values: number[], width: number, channels: Channels) {
  await mkdir(dirname(path), { recursive: true });
  const height = values.length / width / channels;
  const picture = sharp(Uint8Array.from(values), { raw: { width, height, channels } });
  await (channels === 1 ? picture.toColourspace('b-w') : picture).toFile(path);
}

const RED = [255, 0, 0];
const GREY = [51, 51, 51];

async function writePets(folder: string): Promise<void> {
  await write(join(folder, 'dogs', 'b.png'), [...RED, ...GREY], 2, 3);
  await write(join(folder, 'cats', 'z.PNG'), [...GREY, ...GREY], 2, 3);
  await write(join(folder, 'cats', 'a.png'), [0, 255], 2, 1);
  await writeFile(join(folder, 'cats', 'notes.txt'), 'no picture');
  await writeFile(join(folder, 'readme.md'), 'no class');
}

const values = async (batch: { inputs: { data(): Promise<ArrayLike<number>> } }) =>
  Array.from(await batch.inputs.data());
const scaled = (bytes: number[]) => bytes.map((byte) => Math.fround(byte / 255));

test('classes and pictures come sorted, decoded in any order', () =>
  withFolder(async (folder) => {
    await writePets(folder);
    const pets = await imageFolder(folder, { height: 1, width: 2 });
    assert.equal(pets.classes, ['cats', 'dogs']);
    assert.is(pets.count, 3);
    const batch = await pets.get(Int32Array.of(2, 0, 2, 1));
    assert.equal([...batch.inputs.shape], [4, 1, 2, 3]);
    const [a, z, b] = [
      [0, 0, 0, 255, 255, 255],
      [...GREY, ...GREY],
      [...RED, ...GREY],
    ] as const;
    assert.equal(await values(batch), scaled([...b, ...a, ...b, ...z]));
    assert.is(batch.targets.dtype, 'i32');
    assert.equal([...(await batch.targets.data())], [1, 0, 1, 0]);
  }));

test('pictures are resized, and made grey where asked', () =>
  withFolder(async (folder) => {
    await write(join(folder, 'x', 'flat.png'), new Array(5 * 7 * 3).fill(102), 5, 3);
    const options = { height: 4, width: 3, channels: 1 } as const;
    const { inputs } = await (await imageFolder(folder, options)).get(Int32Array.of(0));
    assert.equal([...inputs.shape], [1, 4, 3, 1]);
    assert.equal([...(await inputs.data())], scaled(new Array(12).fill(102)));
  }));

test('what is transparent is black, and a picture stands as the camera was held', () =>
  withFolder(async (folder) => {
    await write(join(folder, 'x', 'a.png'), [...RED, 255, ...RED, 0], 2, 4);
    await sharp(Uint8Array.of(...RED, ...GREY), { raw: { width: 2, height: 1, channels: 3 } })
      .withMetadata({ orientation: 6 })
      .tiff({ compression: 'none' })
      .toFile(join(folder, 'x', 'b.tiff'));
    const wide = await imageFolder(folder, { height: 1, width: 2 });
    assert.equal(await values(await wide.get(Int32Array.of(0))), scaled([...RED, 0, 0, 0]));
    const tall = await imageFolder(folder, { height: 2, width: 1 });
    assert.equal(await values(await tall.get(Int32Array.of(1))), scaled([...RED, ...GREY]));
  }));

test('a picture that is corrupt or gone is named when its turn comes', () =>
  withFolder(async (folder) => {
    await writePets(folder);
    const torn = join(folder, 'cats', 'torn.jpg');
    await writeFile(torn, 'JFIF, it says');
    const pets = await imageFolder(folder, { height: 1, width: 2 });
    const seen: number[] = [];
    const iterate = async () => {
      for await (const { targets } of pets.batch(1).prefetch(3).epoch(0)) {
        seen.push((await targets.data())[0]!);
      }
    };
    const error = await rejection(iterate());
    assert.instance(error, DataError);
    assert.ok(error.message.startsWith(`${torn} cannot be read as a picture`), error.message);
    assert.equal(seen, [0]);
  }));

test('a cached folder is read once', () =>
  withFolder(async (folder) => {
    await writePets(folder);
    const pets = (await imageFolder(folder, { height: 1, width: 2 })).cache();
    const all = Int32Array.of(0, 1, 2);
    const once = await values(await pets.get(all));
    await writeFile(join(folder, 'cats', 'a.png'), 'overwritten');
    assert.equal(await values(await pets.get(all)), once);
  }));

test('folders without classes or pictures are named', () =>
  withFolder(async (folder) => {
    const size = { height: 1, width: 1 };
    const nowhere = await rejection(imageFolder(join(folder, 'nowhere'), size));
    assert.instance(nowhere, DataError);
    assert.match((await rejection(imageFolder(folder, size))).message, /has no subfolders/);
    await mkdir(join(folder, 'empty'));
    const error = await rejection(imageFolder(folder, size));
    assert.instance(error, DataError);
    assert.ok(error.message.startsWith(`${join(folder, 'empty')} has no pictures`));
    for (const options of [
      { ...size, height: 0 },
      { ...size, width: 1.5 },
    ]) {
      assert.instance(await rejection(imageFolder(folder, options)), ArgumentError);
    }
    const four = { ...size, channels: 4 as 3 };
    assert.instance(await rejection(imageFolder(folder, four)), ArgumentError);
  }));

test.run();
