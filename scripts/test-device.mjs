// Runs test files with uvu on one device, the one WGRAD_DEVICE names:
//   node … scripts/test-device.mjs [--without-webgpu] [NAME…]
// Without WebGPU all but those that are about that device itself.
//
// uvu's own command is not used because of what it lets pass: a suite whose `before` hook throws
// and a file that forgets `test.run()` count as success, a file that does not import hides all
// the others, and it waits for ever when something (a GPU instance, a worker) keeps Node alive.
// The last line is always `N passed, N failed`, however the run ends, and what failed stands above it.
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { testFiles } from './test-files.mjs';

globalThis.UVU_DEFER = 1; // tells uvu, before its first import, that we start it
const { exec } = await import('uvu');

const SLOW_MS = 5000;
const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const withoutWebGpu = process.argv.includes('--without-webgpu');
const files = await testFiles({ names, withoutWebGpu });

let passed = 0;
let failed = 0;
let running = null;
let finished = false;
const problems = [];
const durations = new Map();
const fail = (what) => {
  failed++;
  problems.push(what);
};

process.on('exit', (code) => {
  if (running) fail(`${running}: the process ended before its tests did`);
  else if (!finished) fail('the process ended before all test files were run');
  else if (code !== 0 && failed === 0) fail(`the process ended with code ${code}`);
  for (const [name, ms] of [...durations].sort((a, b) => b[1] - a[1])) {
    if (ms >= SLOW_MS) console.log(`  ${(ms / 1000).toFixed(1)} s  ${name}`);
  }
  for (const problem of problems) console.log(`✘ ${problem.replaceAll('\n', '\n    ')}`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : code;
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** Suite, name and message of each failed test in the text that uvu prints of a suite's failures. */
function failedTests(text) {
  const blocks = stripVTControlCharacters(text).matchAll(/^ {3}FAIL {2}(.+?) {2}(".*")\n *(.*)$/gm);
  return [...blocks].map(([, suite, name, message]) => `${suite}: ${name}: ${message}`);
}

if (files.length === 0) fail(`no test file has ${names.join(' or ')} in its path`);
for (const [index, { name, file }] of files.entries()) {
  // One group of the queue per file: its name, then what each `test.run()` of it put there.
  globalThis.UVU_INDEX = index;
  globalThis.UVU_QUEUE[index] = [name];
  try {
    await import(pathToFileURL(file).href);
    if (globalThis.UVU_QUEUE[index].length === 1) fail(`${name}: registers no test (test.run()?)`);
  } catch (error) {
    fail(`${name}: does not load: ${error?.stack ?? error}`);
  }
}

globalThis.UVU_QUEUE = globalThis.UVU_QUEUE.map(([name, ...suites]) => [
  name,
  ...suites.map((suite) => async () => {
    running = name;
    const start = performance.now();
    const result = await suite();
    const [errors, ran, , total] = result;
    passed += ran;
    failed += total - ran;
    if (errors !== true) problems.push(...failedTests(errors).map((test) => `${name}: ${test}`));
    else if (ran < total) problems.push(`${name}: a hook of the suite threw`);
    durations.set(name, (durations.get(name) ?? 0) + performance.now() - start);
    running = null;
    return result;
  }),
]);

await exec();
finished = true;
process.exit();
