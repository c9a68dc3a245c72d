import '../../../src/tensor/methods.ts';
import { execFileSync } from 'node:child_process';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
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

const SIZE = { height: 1, width: 1 } as const;

/** The classes of a folder, and the label of each picture. */
async function labelsOf(folder: string) {
  const set = await imageFolder(folder, SIZE);
  const all = Int32Array.from({ length: set.count }, (_, i) => i);
  const labels = [...(await (await set.get(all)).targets.data())];
  return { classes: set.classes, labels };
}

for (const system of [
  '.ipynb_checkpoints',
  '.git',
  '.Trash-1000',
  '__MACOSX',
  '@eaDir',
  '#recycle',
  '$RECYCLE.BIN',
  'System Volume Information',
  'lost+found',
  'LOST.DIR',
  'found.000',
  '~snapshot',
]) {
  test(`${system} is no class, and none of a class's folders`, () =>
    withFolder(async (folder) => {
      await writePets(folder);
      for (const place of [folder, join(folder, 'cats')]) {
        await write(join(place, system, 'a.png'), GREY, 1, 3);
        await mkdir(join(place, system, 'empty'));
      }
      assert.equal(await labelsOf(folder), { classes: ['cats', 'dogs'], labels: [0, 0, 1] });
    }));
}

test('hidden files, and those of desktops, are no pictures', () =>
  withFolder(async (folder) => {
    await writePets(folder);
    for (const place of [folder, join(folder, 'cats')]) {
      for (const name of ['.DS_Store', '._a.png', 'Thumbs.db', 'desktop.ini', 'Icon\r']) {
        await writeFile(join(place, name), 'x');
      }
    }
    assert.equal(await labelsOf(folder), { classes: ['cats', 'dogs'], labels: [0, 0, 1] });
  }));

test('links to folders and files are followed', () =>
  withFolder(async (folder) => {
    await writePets(folder);
    const linked = join(folder, 'linked');
    await mkdir(join(linked, 'cats', 'more'), { recursive: true });
    await symlink(join(folder, 'dogs'), join(linked, 'dogs'));
    await symlink(join(folder, 'cats', 'a.png'), join(linked, 'cats', 'more', 'b.png'));
    await symlink(linked, join(folder, 'all'));
    const set = { classes: ['cats', 'dogs'], labels: [0, 1] };
    assert.equal(await labelsOf(linked), set);
    assert.equal(await labelsOf(join(folder, 'all')), set);
  }));

test('links that lead nowhere or in a circle are named', () =>
  withFolder(async (folder) => {
    await writePets(folder);
    for (const [target, name, expected] of [
      ['gone', 'more', / is a link that leads nowhere: /],
      ['gone.png', 'c.png', / is a link that leads nowhere: /],
      ['self', 'self', / is a link that leads nowhere: /],
      ['.', 'again', / is a link to .*cats, a folder around it/],
      ['..', 'all', / is a link to .*, a folder around it/],
    ] as const) {
      const link = join(folder, 'cats', name);
      await symlink(target, link);
      const error = await rejection(imageFolder(folder, SIZE));
      assert.instance(error, DataError);
      assert.ok(error.message.startsWith(link), error.message);
      assert.match(error.message, expected);
      await rm(link);
    }
  }));

test('pictures in folders of a class are its own, in the order of the names', () =>
  withFolder(async (folder) => {
    for (const [path, grey] of [
      ['cats/tabby/young/a.png', 2],
      ['cats/Tabby/z.png', 1],
      ['cats/z.png', 3],
      ['dogs/b.png', 4],
    ] as const) {
      await write(join(folder, path), [grey, grey, grey], 1, 3);
    }
    const set = await imageFolder(folder, { ...SIZE, channels: 1 });
    const { inputs } = await set.get(Int32Array.of(0, 1, 2, 3));
    assert.equal(await values({ inputs }), scaled([1, 2, 3, 4]));
  }));

test('pictures of other kinds are named rather than passed over', () =>
  withFolder(async (folder) => {
    await writePets(folder);
    await rename(join(folder, 'cats', 'a.png'), join(folder, 'cats', 'a.JFIF'));
    assert.equal(await labelsOf(folder), { classes: ['cats', 'dogs'], labels: [0, 0, 1] });
    for (const name of ['x.bmp', 'x.HEIC', 'x.ppm']) {
      await writeFile(join(folder, 'cats', name), 'x');
      const error = await rejection(imageFolder(folder, SIZE));
      assert.instance(error, DataError);
      assert.match(error.message, `${join(folder, 'cats', name)} is a picture of a kind`);
      await rm(join(folder, 'cats', name));
    }
  }));

const unlessWindows = process.platform === 'win32' ? test.skip : test;

unlessWindows('a pipe among the pictures is named, and never waited for', () =>
  withFolder(async (folder) => {
    await writePets(folder);
    execFileSync('mkfifo', [join(folder, 'cats', 'pipe'), join(folder, 'cats', 'pipe.png')]);
    const error = await rejection(imageFolder(folder, SIZE));
    assert.instance(error, DataError);
    assert.ok(error.message.startsWith(`${join(folder, 'cats', 'pipe.png')} is no file`));
  }),
);

unlessWindows('a pipe that has taken the place of a picture is named, and never waited for', () =>
  withFolder(async (folder) => {
    await writePets(folder);
    const pets = await imageFolder(folder, SIZE);
    const picture = join(folder, 'cats', 'a.png');
    await rm(picture);
    execFileSync('mkfifo', [picture]);
    const error = await rejection(
      Promise.resolve(pets.get(Int32Array.from({ length: pets.count }, (_, i) => i))),
    );
    assert.instance(error, DataError);
    assert.match(error.message, `${picture} cannot be read as a picture: it is a pipe`);
  }),
);

test("classes are in the order of their names' code units, accents in one piece", () =>
  withFolder(async (folder) => {
    for (const name of ['z', 'Z', 'e\u0301', 'a', '\u00e4', 'e', '10', '9']) {
      await write(join(folder, name, 'a.png'), GREY, 1, 3);
    }
    const { classes } = await imageFolder(folder, SIZE);
    assert.equal(classes, ['10', '9', 'Z', 'a', 'e', 'z', '\u00e4', '\u00e9']);
    await mkdir(join(folder, '\u00e9'));
    const error = await rejection(imageFolder(folder, SIZE));
    assert.instance(error, DataError);
    assert.match(error.message, /encoded/);
  }));

const RAMP = [0, 60, 120, 180, 240, 255];

for (const [name, encoded, within] of [
  ['8 bits', (grey: Sharp) => grey.png(), 0],
  ['16 bits', (grey: Sharp) => grey.toColourspace('grey16').png(), 1],
  ['interlaced', (grey: Sharp) => grey.png({ progressive: true }), 0],
  ['with a palette', (grey: Sharp) => grey.png({ palette: true }), 0],
  ['with alpha', (grey: Sharp) => grey.ensureAlpha().png(), 0],
  ['JPEG, progressive', (grey: Sharp) => grey.jpeg({ progressive: true, quality: 100 }), 2],
  ['JPEG in CMYK', (grey: Sharp) => grey.toColourspace('cmyk').jpeg({ quality: 100 }), 30], // inks have other greys,
  ['TIFF', (grey: Sharp) => grey.tiff({ compression: 'lzw' }), 0],
] as const) {
  test(`greys come out as they are: ${name}`, () =>
    withFolder(async (folder) => {
      const pixels = Uint8Array.from(RAMP.flatMap((grey) => [grey, grey, grey]));
      const picture = sharp(pixels, { raw: { width: RAMP.length, height: 1, channels: 3 } });
      const file = join(folder, 'x', name.includes('JPEG') ? 'a.jpg' : 'a.png');
      await mkdir(dirname(file));
      const colours = name === 'with a palette' || name.includes('CMYK');
      await writeFile(
        file,
        await encoded(colours ? picture : picture.toColourspace('b-w')).toBuffer(),
      );
      for (const channels of [1, 3] as const) {
        const set = await imageFolder(folder, { height: 1, width: RAMP.length, channels });
        const { inputs } = await set.get(Int32Array.of(0));
        const got = await inputs.data();
        RAMP.flatMap((grey) => new Array(channels).fill(grey / 255)).forEach((grey, i) => {
          assert.ok(Math.abs((got[i] as number) - grey) <= (within + 0.01) / 255, `${got}`);
        });
      }
    }));
}

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
