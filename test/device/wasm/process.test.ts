import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'wgrad-wasm-'));
const bundle = join(folder, 'bundle.mjs');
const test = suite('process');

test.before(async () => {
  await build({
    absWorkingDir: root,
    stdin: {
      contents: Object.keys(SOURCES)
        .map((path) => `export * from './${path}';`)
        .join('\n'),
      resolveDir: root,
    },
    outfile: bundle,
    bundle: true,
    minify: true,
    keepNames: true,
    format: 'esm',
    platform: 'neutral',
    external: ['node:*'],
  });
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

/** Opens a device, waits for its threads and computes on all of them. */
const COMPUTE = `
  const device = await assembleDevice(handWritten, { threads: 3 });
  while (device.workers.started < 2) await new Promise((resolve) => setTimeout(resolve, 2));
  const out = allocate(device, 400);
  const who = await kernelOf(device, 'who');
  let met = 0;
  for (let i = 0; i < 100 && met < 2; i++) {
    await run(device, dispatchOf(who, [out], 400, [0, 20000, 0, 0]));
    met = new Set(await wordsOf(device, out)).size;
  }
  console.log(met > 1 ? 'computed' : 'alone');
`;

const SOURCES = {
  'src/device/wasm/assemble.ts': 'assembleDevice',
  'test/device/wasm/hand-written-kernel.ts': 'handWritten',
  'test/device/wasm/harness.ts': 'allocate, kernelOf, run, dispatchOf, wordsOf',
};

/** Runs a script in a process of its own, on the bundle or, with a loader, on the sources. */
function spawn(script: string, loader: string[] = []): { output: string; code: number | null } {
  const imports = Object.entries(SOURCES).map(([path, names]) => {
    const from = loader.length > 0 ? join(root, path) : bundle;
    return `import { ${names} } from ${JSON.stringify(from)};`;
  });
  const file = join(folder, 'script.mjs');
  writeFileSync(file, [...imports, script].join('\n'));
  const { stdout, stderr, status } = spawnSync(process.execPath, [...loader, file], {
    cwd: root,
    encoding: 'utf8',
    timeout: 30000,
  });
  return { output: (stdout + stderr).trim(), code: status };
}

const cases: readonly [string, string, string[]][] = [
  ['from a minified bundle, with destroy()', `${COMPUTE} device.destroy();`, []],
  ['from a minified bundle, without destroy()', COMPUTE, []],
  [
    'from a minified bundle, by process.exit() while threads are awake',
    `${COMPUTE} device.workers.wake(); process.exit(0);`,
    [],
  ],
  ['from TypeScript, without destroy()', COMPUTE, ['--import', 'tsx']],
];
for (const [how, script, loader] of cases) {
  test(`starts threads and ends by itself ${how}`, () => {
    const { output, code } = spawn(script, loader);
    assert.is(output, 'computed');
    assert.is(code, 0);
  });
}

test('ends though threads have only just been asked for', () => {
  const { output, code } = spawn(`
    await assembleDevice(handWritten, { threads: 4 });
    const other = await assembleDevice(handWritten, { threads: 4 });
    other.destroy();
  `);
  assert.is(output, '');
  assert.is(code, 0);
});

test('idle threads use no time', () => {
  const { output } = spawn(`${COMPUTE}
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 400));
    const { user, system } = process.cpuUsage(before);
    console.log(user + system < 40000 ? 'idle' : 'busy ' + (user + system));
  `);
  assert.is(output, 'computed\nidle');
});

test.run();
