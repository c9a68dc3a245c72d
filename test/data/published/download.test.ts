import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type DownloadOptions, downloadFiles } from '../../../src/data/published/download.ts';
import { DownloadError } from '../../../src/data/published/partial-file.ts';
import { DataError } from '../../../src/errors.ts';
import { ownMark } from '../../../src/files/process-mark.ts';
import {
  everythingIn,
  goodMirror,
  rejection,
  TINY,
  TINY_FILES,
  withFolder,
  withServer,
} from '../tiny-images.ts';

const test = suite('download');

const files = Object.values(TINY.files);

const download = (folder: string, mirrors: string[], options: DownloadOptions = {}) =>
  downloadFiles(files, folder, mirrors, options);

test('brings every file, byte for byte, and nothing else', () =>
  withFolder((folder) =>
    withServer(goodMirror, async (mirror) => {
      const cache = join(folder, 'a', 'b');
      await download(cache, [mirror]);
      assert.equal((await everythingIn(cache)).sort(), [...TINY_FILES.keys()].sort());
      for (const [name, contents] of TINY_FILES) {
        assert.equal([...(await readFile(join(cache, name)))], [...contents]);
      }
    }),
  ));

test('an address works with and without its last slash', () =>
  withFolder((folder) =>
    withServer(goodMirror, (mirror) => download(folder, [mirror.replace(/\/$/, '')])),
  ));

test('progress grows to the sum of all files', () =>
  withFolder((folder) =>
    withServer(goodMirror, async (mirror) => {
      const calls: [number, number][] = [];
      await download(folder, [mirror], { onProgress: (...call) => calls.push(call) });
      const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
      assert.ok(
        calls.every(([bytes, of], at) => of === total && bytes >= (calls[at - 1]?.[0] ?? 0)),
      );
      assert.equal(calls.at(-1), [total, total]);
    }),
  ));

test('the second mirror helps where the first fails, and is then asked first', () =>
  withFolder((folder) => {
    const asked: string[] = [];
    return withServer(
      (request, response) => {
        asked.push(request.url!);
        response.writeHead(500).end();
      },
      (broken) =>
        withServer(goodMirror, async (good) => {
          await download(folder, [broken, good]);
          assert.is((await everythingIn(folder)).length, 4);
          assert.equal(asked, [`/${TINY.files.testLabels.name}`]);
        }),
    );
  }));

/** Serves the first half of each file and hangs up. */
const cutOff: Parameters<typeof withServer>[0] = (request, response) => {
  const contents = TINY_FILES.get(request.url!.slice(1))!;
  response.writeHead(200, { 'content-length': contents.length });
  // Later, so that the half is read before the end of the connection is noticed.
  response.write(contents.subarray(0, contents.length / 2), () =>
    setTimeout(() => response.destroy(), 50),
  );
};

/** Ways in which a mirror can be of no use, and what is to be said of it. */
const failures: [string, Parameters<typeof withServer>[0], RegExp][] = [
  ['a file it does not have', (_, response) => response.writeHead(404).end(), /HTTP 404 Not Found/],
  [
    'other contents',
    (_, response) => response.end('<html>log in</html>'),
    /wrong contents: expected \d+ bytes with MD5 [0-9a-f]{32}, got 19 with [0-9a-f]{32}/,
  ],
  [
    'more contents',
    (_, response) => response.end('<html>log in to the hotel network</html>'),
    /wrong contents: expected \d+ bytes, it sends more/,
  ],
  [
    'no end',
    (_, response) => {
      const more = setInterval(() => response.write(new Uint8Array(1 << 16)), 1);
      response.on('close', () => clearInterval(more));
    },
    /wrong contents: expected \d+ bytes, it sends more/,
  ],
  [
    'a little now and then',
    (_, response) => {
      const more = setInterval(() => response.write(Uint8Array.of(1)), 40);
      response.on('close', () => clearInterval(more));
    },
    /less than 16384 bytes within 0\.3 s/,
  ],
  [
    'contents that it packs unasked',
    (request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync(gzipSync(new Uint8Array(1e6 + request.url!.length))));
    },
    /wrong contents: expected \d+ bytes/,
  ],
  [
    'an address that leads in a circle',
    (request, response) => response.writeHead(302, { location: request.url! }).end(),
    /redirect count exceeded/,
  ],
  ['silence', () => {}, /no answer within 0\.2 s/],
];

for (const [name, answer, expected] of failures) {
  test(`a mirror with ${name} is named, and nothing wrong is left behind`, () =>
    withFolder((folder) =>
      withServer(answer, async (mirror) => {
        const cache = join(folder, 'cache');
        const error = await rejection(
          download(cache, [mirror], { connectTimeout: 200, stallTimeout: 300 }),
        );
        assert.instance(error, DownloadError);
        assert.instance(error, DataError);
        assert.match(error.message, expected);
        assert.ok(error.message.includes(`${mirror}${TINY.files.testLabels.name}`));
        assert.ok(error.message.includes(`put it into ${cache}`));
        const left = name === 'a little now and then' ? [`${TINY.files.testLabels.name}.part`] : [];
        assert.equal(await everythingIn(cache), left);
      }),
    ));
}

/** Serves files and the rest of them, and takes down what it was asked for. */
function resuming(ranges: (string | undefined)[]): Parameters<typeof withServer>[0] {
  return (request, response) => {
    const contents = TINY_FILES.get(request.url!.slice(1))!;
    const { range } = request.headers;
    ranges.push(range);
    const first = Number(/^bytes=(\d+)-$/.exec(range ?? 'bytes=0-')![1]);
    if (first >= contents.length) {
      response.writeHead(416, { 'content-range': `bytes */${contents.length}` }).end();
    } else if (range === undefined) response.end(contents);
    else {
      const covered = `bytes ${first}-${contents.length - 1}/${contents.length}`;
      response.writeHead(206, { 'content-range': covered }).end(contents.subarray(first));
    }
  };
}

const LABELS = TINY.files.testLabels;
const half = Math.floor(LABELS.bytes / 2);

async function requireWhole(folder: string): Promise<void> {
  assert.equal(await everythingIn(folder), [LABELS.name]);
  assert.equal([...(await readFile(join(folder, LABELS.name)))], [...TINY_FILES.get(LABELS.name)!]);
}

test('what a mirror that hangs up has sent is kept, and the next goes on there', () =>
  withFolder((folder) =>
    withServer(cutOff, async (broken) => {
      const error = await rejection(downloadFiles([LABELS], folder, [broken]));
      assert.instance(error, DownloadError);
      assert.match(error.message, /terminated|other side closed|UND_ERR_SOCKET|ECONNRESET/);
      assert.equal(await everythingIn(folder), [`${LABELS.name}.part`]);
      assert.is((await readFile(join(folder, `${LABELS.name}.part`))).length, half);
      const ranges: (string | undefined)[] = [];
      const seen: number[] = [];
      await withServer(resuming(ranges), (good) =>
        downloadFiles([LABELS], folder, [good], { onProgress: (bytes) => seen.push(bytes) }),
      );
      assert.equal(ranges, [`bytes=${half}-`]);
      assert.is(seen.at(-1), LABELS.bytes);
      assert.ok(seen.every((bytes) => bytes > half));
      await requireWhole(folder);
    }),
  ));

test('a server that ignores where to go on is read from the start', () =>
  withFolder(async (folder) => {
    await writeFile(join(folder, `${LABELS.name}.part`), new Uint8Array(LABELS.bytes + 5));
    await withServer(goodMirror, (good) => downloadFiles([LABELS], folder, [good]));
    await requireWhole(folder);
  }));

for (const [name, contents, asked] of [
  ['of other contents', new Uint8Array(5), ['bytes=5-', undefined]],
  ['that is too long', new Uint8Array(999), ['bytes=999-', undefined]],
  ['that is whole', TINY_FILES.get(LABELS.name)!, [`bytes=${LABELS.bytes}-`]],
] as const) {
  test(`a part ${name} is found out by its checksum`, () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, `${LABELS.name}.part`), contents);
      const ranges: (string | undefined)[] = [];
      await withServer(resuming(ranges), (good) => downloadFiles([LABELS], folder, [good]));
      assert.equal(ranges, asked);
      await requireWhole(folder);
    }));
}

test('downloads at a time do not disturb each other', () =>
  withFolder((folder) =>
    withServer(goodMirror, async (mirror) => {
      await Promise.all(Array.from({ length: 8 }, () => download(folder, [mirror])));
      assert.equal((await everythingIn(folder)).sort(), [...TINY_FILES.keys()].sort());
      for (const [name, contents] of TINY_FILES) {
        assert.equal([...(await readFile(join(folder, name)))], [...contents]);
      }
    }),
  ));

test('the part of a killed program is gone on with, and that of a running one is left alone', () =>
  withFolder(async (folder) => {
    const contents = TINY_FILES.get(LABELS.name)!;
    const gone = spawnSync(process.execPath, ['--version']).pid;
    const mark = await ownMark();
    const running = `${LABELS.name}.${mark}-00000000.part`;
    const left = `${LABELS.name}.${mark.replace(/-\d+-/, `-${gone}-`)}-00000000.part`;
    await writeFile(join(folder, left), contents.subarray(0, 7));
    await writeFile(join(folder, `${LABELS.name}.part`), contents.subarray(0, 5));
    await writeFile(join(folder, running), contents.subarray(0, 9));
    const ranges: (string | undefined)[] = [];
    await withServer(resuming(ranges), (good) => downloadFiles([LABELS], folder, [good]));
    assert.equal(ranges, ['bytes=7-']);
    assert.is((await readFile(join(folder, running))).length, 9);
    await rm(join(folder, running));
    await requireWhole(folder);
  }));

test('a refused connection is told in the words of the system', () =>
  withFolder(async (folder) => {
    let gone = '';
    await withServer(goodMirror, async (mirror) => {
      gone = mirror;
    });
    const error = await rejection(download(folder, [gone, `${gone}other/`]));
    assert.instance(error, DownloadError);
    assert.match(error.message, /ECONNREFUSED/);
    assert.is((error.cause as AggregateError).errors.length, 2);
    await withServer(goodMirror, (good) => download(folder, [gone, good]));
    assert.is((await everythingIn(folder)).length, 4);
  }));

test('a file that fails later leaves the whole ones', () =>
  withFolder((folder) =>
    withServer(
      (request, response) => {
        if (request.url!.includes('train-images')) response.writeHead(503).end();
        else goodMirror(request, response);
      },
      async (mirror) => {
        assert.instance(await rejection(download(folder, [mirror])), DownloadError);
        const expected = [...TINY_FILES.keys()].filter((name) => !name.includes('train-images'));
        assert.equal((await everythingIn(folder)).sort(), expected.sort());
      },
    ),
  ));

test('no mirror at all is an error too', () =>
  withFolder(async (folder) => {
    const error = await rejection(download(folder, []));
    assert.instance(error, DownloadError);
    assert.match(error.message, /no mirror was given/);
  }));

test('stopping throws the reason, asks no other mirror and leaves nothing behind', () =>
  withFolder(async (folder) => {
    const stop = new AbortController();
    const reason = new Error('enough');
    let asked = 0;
    await withServer(
      () => {
        asked++;
        stop.abort(reason);
      },
      async (mirror) => {
        const running = download(folder, [mirror, mirror], { signal: stop.signal });
        assert.is(await rejection(running), reason);
        assert.is(asked, 1);
        const again = download(folder, [mirror], { signal: stop.signal });
        assert.is(await rejection(again), reason);
        assert.is(asked, 1);
      },
    );
    assert.equal(await everythingIn(folder), []);
  }));

test('a folder that cannot be written to is named', () =>
  withFolder((folder) =>
    withServer(goodMirror, async (mirror) => {
      const inTheWay = join(folder, 'cache');
      await writeFile(inTheWay, 'a file where the folder should be');
      const error = await rejection(download(inTheWay, [mirror]));
      assert.instance(error, DownloadError);
      assert.match(error.message, /cannot be kept in .*cache: .*XDG_CACHE_HOME/);
    }),
  ));

test('a file that cannot get its name is kept for the next try', () =>
  withFolder((folder) =>
    withServer(goodMirror, async (mirror) => {
      const taken = TINY.files.testLabels.name;
      await mkdir(join(folder, taken, 'inside'), { recursive: true });
      assert.instance(await rejection(download(folder, [mirror])), DownloadError);
      const expected = [taken, `${taken}.part`, join(taken, 'inside')];
      assert.equal((await everythingIn(folder)).sort(), expected);
    }),
  ));

test.run();
