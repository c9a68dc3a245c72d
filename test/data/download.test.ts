import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DownloadError, type DownloadOptions, downloadFiles } from '../../src/data/download.ts';
import { DataError } from '../../src/errors.ts';
import {
  everythingIn,
  goodMirror,
  rejection,
  TINY,
  TINY_FILES,
  withFolder,
  withServer,
} from './tiny-images.ts';

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

/** Ways in which a mirror can be of no use, and what is to be said of it. */
const failures: [string, Parameters<typeof withServer>[0], RegExp][] = [
  ['a file it does not have', (_, response) => response.writeHead(404).end(), /HTTP 404 Not Found/],
  [
    'other contents',
    (_, response) => response.end('<html>log in to the hotel network</html>'),
    /wrong contents: expected \d+ bytes with MD5 [0-9a-f]{32}, got 40 with [0-9a-f]{32}/,
  ],
  [
    'half of the contents',
    (request, response) => {
      const contents = TINY_FILES.get(request.url!.slice(1))!;
      response.writeHead(200, { 'content-length': contents.length });
      response.write(contents.subarray(0, contents.length / 2), () => response.destroy());
    },
    /terminated|other side closed|UND_ERR_SOCKET|ECONNRESET/,
  ],
  ['silence', () => {}, /no answer within 0\.2 s/],
];

for (const [name, answer, expected] of failures) {
  test(`a mirror with ${name} is named, and nothing is left behind`, () =>
    withFolder((folder) =>
      withServer(answer, async (mirror) => {
        const cache = join(folder, 'cache');
        const error = await rejection(download(cache, [mirror], { connectTimeout: 200 }));
        assert.instance(error, DownloadError);
        assert.instance(error, DataError);
        assert.match(error.message, expected);
        assert.ok(error.message.includes(`${mirror}${TINY.files.testLabels.name}`));
        assert.ok(error.message.includes(`put it into ${cache}`));
        assert.equal(await everythingIn(folder), []);
      }),
    ));
}

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

test('a file that cannot get its name leaves no unfinished one', () =>
  withFolder((folder) =>
    withServer(goodMirror, async (mirror) => {
      const taken = TINY.files.testLabels.name;
      await mkdir(join(folder, taken, 'inside'), { recursive: true });
      assert.instance(await rejection(download(folder, [mirror])), DownloadError);
      assert.equal((await everythingIn(folder)).sort(), [taken, join(taken, 'inside')]);
    }),
  ));

test.run();
