import { homedir } from 'node:os';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cacheFolder } from '../../src/files/cache-folder.ts';

const test = suite('cache folder');

test('XDG_CACHE_HOME decides where it is an absolute path', async () => {
  assert.is(await cacheFolder({ XDG_CACHE_HOME: '/caches' }, 'linux'), '/caches/wgrad');
  assert.is(await cacheFolder({ XDG_CACHE_HOME: '/caches' }, 'darwin'), '/caches/wgrad');
  assert.is(await cacheFolder({ XDG_CACHE_HOME: 'here' }, 'linux'), `${homedir()}/.cache/wgrad`);
});

test('else each system has its own place', async () => {
  assert.is(await cacheFolder({}, 'linux'), `${homedir()}/.cache/wgrad`);
  assert.is(await cacheFolder({}, 'darwin'), `${homedir()}/Library/Caches/wgrad`);
  const windows = await cacheFolder({ LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local' }, 'win32');
  assert.is(windows, 'C:\\Users\\ada\\AppData\\Local\\wgrad\\Cache');
});

test.run();
