import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, DataError, ShapeError } from '../../../src/errors.ts';
import { eventEncoder } from '../../../src/io/tensorboard/messages.ts';
import { type Events, openEvents } from '../../../src/io/tensorboard/open-events.ts';
import { recordFramer } from '../../../src/io/tensorboard/record.ts';
import { rejection, withFolder } from '../../data/tiny-images.ts';
import { thrown } from '../safetensors-bytes.ts';
import { crc32c, eventsOf, type Message, recordsOf, summaryOf } from './decode.ts';

const test = suite('TensorBoard events');

/** What a run that does `write` leaves behind the first record. */
async function written(write: (events: Events) => void): Promise<Message[]> {
  let read: Message[] = [];
  await withFolder(async (folder) => {
    const events = await openEvents(folder);
    write(events);
    await events.close();
    read = (await eventsOf(events.path)).slice(1);
  });
  return read;
}

test('a scalar event, byte by byte', async () => {
  const encode = await eventEncoder();
  const bytes = encode({
    wallTime: 1.5,
    step: 300,
    summary: { value: [{ tag: 'a/b', simpleValue: -2 }] },
  });
  const expected = [
    ...[0x09, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f], // wall_time = 1: 64 bits
    ...[0x10, 0xac, 0x02], // step = 2: varint 300
    ...[0x2a, 12], // summary = 5: 12 bytes
    ...[0x0a, 10], // value = 1: 10 bytes
    ...[0x0a, 3, 0x61, 0x2f, 0x62], // tag = 1
    ...[0x15, 0, 0, 0, 0xc0], // simple_value = 2: 32 bits
  ];
  assert.equal([...bytes], expected);
});

test('checksums are those of the published vectors', async () => {
  // RFC 3720, B.4
  assert.is(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.is(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
  const frame = await recordFramer();
  const [back] = recordsOf(Buffer.from(frame(Uint8Array.of(1, 2, 3))));
  assert.equal([...back!], [1, 2, 3]);
  // The header of every file that begins with a record of 24 bytes, as TensorFlow writes it.
  const header = [0x18, 0, 0, 0, 0, 0, 0, 0, 0xa3, 0x7f, 0x4b, 0x22];
  assert.equal([...frame(new Uint8Array(24)).subarray(0, 12)], header);
});

test('a file is named and begins as TensorBoard expects', async () => {
  await withFolder(async (folder) => {
    const before = Date.now() / 1000;
    const events = await openEvents(join(folder, 'runs', 'one'));
    await events.close();
    const [, , , seconds, ...rest] = basename(events.path).split('.');
    assert.match(basename(events.path), /^events\.out\.tfevents\.\d{10}\./);
    assert.ok(Math.abs(Number(seconds) - before) < 10);
    assert.is(rest.join('.'), `${hostname()}.${process.pid}`);
    const [first, ...others] = await eventsOf(events.path);
    assert.is(others.length, 0);
    assert.equal(first!.numbers, [1, 3]);
    assert.is(first!.text(3), 'brain.Event:2');
    assert.ok(Math.abs(first!.double(1) - before) < 10);
  });
});

test('scalars keep value, step and time, whatever they are', async () => {
  const values = [0, -0, 1.5, -3e38, 1e300, Number.NaN, -Infinity, 1e-45];
  const steps = [0, 1, 2 ** 31, 2 ** 53 - 1, -1, 5, 6, 7];
  const events = await written((run) => {
    values.forEach((value, i) => {
      run.scalar('train/loss', value, steps[i]!);
    });
  });
  assert.equal(
    events.map((event) => event.integer(2)),
    steps,
  );
  events.forEach((event, i) => {
    assert.equal(summaryOf(event).numbers, [1, 2]);
    assert.is(summaryOf(event).text(1), 'train/loss');
    assert.ok(Object.is(summaryOf(event).float(2), Math.fround(values[i]!)));
  });
});

test('a histogram has its sums and buckets, without NaN and infinities', async () => {
  const values = [3, Number.NaN, -1, 0.5, Infinity, 29, -Infinity, 0.5];
  const [event] = await written((run) => run.histogram('weights', values, 4));
  assert.equal(summaryOf(event!).numbers, [1, 5]);
  const histogram = summaryOf(event!).message(5);
  const heads = [1, 2, 3, 4, 5].map((field) => histogram.double(field));
  assert.equal(heads, [-1, 29, 5, 32, 9 + 1 + 0.25 + 841 + 0.25]);
  const [limits, counts] = [histogram.doubles(6), histogram.doubles(7)];
  assert.is(limits.length, 30);
  limits.forEach((limit, i) => {
    assert.ok(Math.abs(limit - i) < 1e-12);
  });
  assert.is(limits[29], 29);
  // -1 → (-∞, 0]; 0.5 twice → (0, 1]; 3 → (2, 3]; 29 → (28, 29]
  assert.equal(counts, [1, 2, 0, 1, ...Array(25).fill(0), 1]);
});

test('images are PNGs of the same pixels', async () => {
  const [height, width] = [3, 5];
  const images = [1, 2, 3, 4].map((channels) => ({
    pixels: Uint8Array.from({ length: height * width * channels }, (_, i) => (i * 37) % 256),
    height,
    width,
    channels,
  }));
  const events = await written((run) => {
    images.forEach((image, step) => {
      run.image('digits', image, step);
    });
  });
  assert.is(events.length, 4);
  for (const [i, { pixels, channels }] of images.entries()) {
    const image = summaryOf(events[i]!).message(4);
    assert.equal([image.integer(1), image.integer(2), image.integer(3)], [height, width, channels]);
    const png = image.bytes(4);
    assert.is(png.subarray(1, 4).toString(), 'PNG');
    // IHDR: width, height, bits, and the colour type: grey, grey with alpha, RGB, RGBA
    assert.equal([png.readUInt32BE(16), png.readUInt32BE(20), png[24]], [width, height, 8]);
    assert.is(png[25], [0, 4, 2, 6][channels - 1]);
    // What decodes it makes RGB of grey.
    const from = [
      [0, 0, 0],
      [0, 0, 0, 1],
      [0, 1, 2],
      [0, 1, 2, 3],
    ][channels - 1]!;
    const expected = Array.from({ length: height * width }, (_, at) =>
      from.map((channel) => pixels[at * channels + channel]),
    );
    assert.equal([...(await sharp(png).raw().toBuffer())], expected.flat());
  }
});

test('text is a string tensor of the text plugin', async () => {
  const [event] = await written((run) => run.text('notes', '# Größe\n\n🙂', 2));
  const value = summaryOf(event!);
  assert.equal(value.numbers, [1, 8, 9]);
  const tensor = value.message(8);
  assert.equal(tensor.numbers, [1, 2, 8]);
  assert.is(tensor.integer(1), 7); // DT_STRING
  assert.is(tensor.bytes(2).length, 0); // a scalar
  assert.is(tensor.text(8), '# Größe\n\n🙂');
  assert.is(value.message(9).message(1).text(1), 'text');
  assert.is(value.message(9).integer(4), 2); // DATA_CLASS_TENSOR
});

test('events stay in the order of the calls, slow ones among them', async () => {
  const pixels = new Uint8Array(300 * 300 * 3).fill(99);
  const events = await written((run) => {
    run.scalar('s', 1, 0);
    run.image('i', { pixels, height: 300, width: 300, channels: 3 }, 1);
    run.text('t', 'x', 2);
    run.scalar('s', 2, 3);
  });
  assert.equal(
    events.map((event) => event.integer(2)),
    [0, 1, 2, 3],
  );
});

test('what flush has waited for is in the file, and more can follow', async () => {
  await withFolder(async (folder) => {
    const events = await openEvents(folder);
    for (let step = 0; step < 5; step++) {
      events.scalar('loss', step, step);
      await events.flush();
      assert.is((await eventsOf(events.path)).length, step + 2);
      await Promise.resolve(); // appended while the writer is about to stop
    }
    events.scalar('loss', 5, 5);
    await events.close();
    assert.is((await eventsOf(events.path)).length, 7);
    assert.instance(
      thrown(() => events.scalar('loss', 6, 6)),
      ArgumentError,
    );
    await events.close();
  });
});

test('nothing is lost between bursts', async () => {
  const count = 300;
  await withFolder(async (folder) => {
    const events = await openEvents(folder);
    for (let step = 0; step < count; step++) {
      events.scalar('loss', step, step);
      for (let i = 0; i < step % 7; i++) await Promise.resolve();
    }
    await events.close();
    const steps = (await eventsOf(events.path)).slice(1).map((event) => event.integer(2));
    assert.equal(
      steps,
      Array.from({ length: count }, (_, i) => i),
    );
  });
});

test('ten thousand scalars are all there', async () => {
  const events = await written((run) => {
    for (let step = 0; step < 10_000; step++) run.scalar('loss', Math.sqrt(step), step);
  });
  assert.is(events.length, 10_000);
  events.forEach((event, step) => {
    if (event.integer(2) !== step) assert.unreachable(`${step}`);
    if (summaryOf(event).float(2) !== Math.fround(Math.sqrt(step))) assert.unreachable(`${step}`);
  });
});

test('a resumed run has a file of its own, behind the first, that starts at its step', async () => {
  await withFolder(async (folder) => {
    const first = await openEvents(folder);
    first.scalar('loss', 1, 0);
    await first.close();
    const before = await readFile(first.path);
    const second = await openEvents(folder, { resumeAt: 120 });
    await second.close();
    assert.equal(await readFile(first.path), before);
    assert.equal((await readdir(folder)).sort(), [basename(first.path), basename(second.path)]);
    const [version, start] = await eventsOf(second.path);
    assert.is(version!.text(3), 'brain.Event:2');
    assert.equal(start!.numbers, [1, 2, 7]);
    assert.is(start!.integer(2), 120);
    assert.is(start!.message(7).integer(1), 1); // SessionLog.START
  });
});

test('what cannot be written is refused where it is asked for', async () => {
  await withFolder(async (folder) => {
    const events = await openEvents(folder);
    assert.instance(
      thrown(() => events.scalar('', 1, 0)),
      ArgumentError,
    );
    assert.instance(
      thrown(() => events.scalar('loss', 1, 0.5)),
      ArgumentError,
    );
    const image = { pixels: new Uint8Array(11), height: 2, width: 2, channels: 3 };
    assert.instance(
      thrown(() => events.image('i', image, 0)),
      ShapeError,
    );
    assert.instance(
      thrown(() => events.image('i', { ...image, channels: 5 }, 0)),
      ShapeError,
    );
    await events.close();
    assert.is((await eventsOf(events.path)).length, 1);
    await writeFile(join(folder, 'file'), '');
    assert.instance(await rejection(openEvents(join(folder, 'file', 'runs'))), DataError);
    assert.instance(await rejection(openEvents(folder, { resumeAt: Number.NaN })), ArgumentError);
  });
});

test.run();
