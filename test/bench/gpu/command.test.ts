// `npm run bench:gpu`, without a GPU: refused, or tried on the software adapter.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readLines } from '../../../bench/gpu/results.ts';
import { stageNames, stages } from '../../../bench/gpu/stages.ts';
import { isSoftware, requestAdapter } from '../../../src/device/webgpu/adapter.ts';
import { choicesIn } from '../../../src/graph/tuning/saved-choices.ts';
import { ScriptProcess } from '../../examples/script-process.ts';

const test = suite('bench:gpu');
const script = 'bench/gpu/main.ts';
let folder = '';
let software = false;
test.before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bench-gpu-'));
  software = await requestAdapter().then(
    ({ info }) => isSoftware(info),
    () => false,
  );
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

test('each stage has a file, and all together take less than 25 minutes', () => {
  const file = (name: string) =>
    fileURLToPath(new URL(`../../../bench/gpu/stages/${name}.ts`, import.meta.url));
  assert.equal(
    stageNames.filter((name) => !existsSync(file(name))),
    [],
  );
  const seconds = stageNames.reduce((sum, name) => sum + stages[name].seconds, 0);
  assert.ok(seconds < 25 * 60, `${seconds} s`);
});

test('a software adapter is refused', async () => {
  if (!software) return;
  const { code, stderr } = await new ScriptProcess(script, ['facts', '--out', folder]).ended;
  assert.is(code, 1);
  assert.match(stderr, /Nothing is measured: .* is a software adapter/);
  assert.not(existsSync(join(folder, 'facts.jsonl')));
});

test('a dry run writes a line for each piece, and the next has nothing to do', async () => {
  if (!software) return;
  const args = ['facts', '--dry', '--out', folder];
  const first = await new ScriptProcess(script, args).ended;
  assert.is(first.code, 0, first.stderr);
  const lines = readLines(join(folder, 'facts.jsonl'));
  assert.ok(lines.length >= 4);
  for (const { gpu, dry, failed } of lines) {
    assert.is(dry, true);
    assert.is.not(gpu, 'unknown');
    assert.is(failed, undefined);
  }
  await new ScriptProcess(script, args).ended;
  assert.is(readLines(join(folder, 'facts.jsonl')).length, lines.length);
});

test('a dry profile has a time for each dispatch of the plan', async () => {
  if (!software) return;
  const args = ['profile', '--dry', '--out', folder];
  const { code, stderr } = await new ScriptProcess(script, args).ended;
  assert.is(code, 0, stderr);
  const lines = readLines(join(folder, 'profile.jsonl'));
  assert.ok(lines.length > 0);
  for (const { failed, kernels, dispatches } of lines) {
    assert.is(failed, undefined);
    const calls = (kernels as { calls: number }[]).reduce((sum, kernel) => sum + kernel.calls, 0);
    assert.is(calls, dispatches);
  }
});

test('a dry training and the dry tests end well', async () => {
  if (!software) return;
  const args = ['training', 'tests', '--dry', '--out', folder];
  const { code, stderr } = await new ScriptProcess(script, args).ended;
  assert.is(code, 0, stderr);
  assert.is(readLines(join(folder, 'training.jsonl'))[0]?.failed, undefined);
  assert.is(readLines(join(folder, 'tests.jsonl'))[0]?.failures, 0);
});

test('a dry sweep measures variants, and keeps the best for devices that are tuned', async () => {
  if (!software) return;
  const sweep = async () => {
    const args = ['sweep', '--dry', '--out', folder];
    const { code, stderr } = await new ScriptProcess(script, args, { XDG_CACHE_HOME: folder })
      .ended;
    assert.is(code, 0, stderr);
  };
  await sweep();
  const lines = readLines(join(folder, 'sweep.jsonl'));
  // A product, and a convolution in three directions.
  assert.is(lines.length, 4);
  for (const { failed, variants, wrong } of lines) {
    assert.is(failed, undefined);
    assert.is(Array.isArray(variants) && variants.length, 2);
    assert.equal(wrong, []);
  }
  const tuned = join(folder, 'wgrad', 'tuned');
  const [name = '', ...others] = readdirSync(tuned);
  assert.is(others.length, 0);
  const file = join(tuned, name);
  const text = readFileSync(file, 'utf8');
  const kept = await choicesIn(file, JSON.parse(text).device).load();
  const found = lines.map(({ tuned, way }) => [String(tuned), String(way)] as const);
  assert.equal(new Map(kept), new Map(found));
  // What an earlier run measured is kept again, as on another machine with the same GPU.
  rmSync(tuned, { recursive: true });
  await sweep();
  assert.is(readFileSync(file, 'utf8'), text);
  assert.is(readLines(join(folder, 'sweep.jsonl')).length, lines.length);
});

test.run();
