// Runs all tests, on every device this machine has: first everything on the CPU device, which is
// always there, then once more on WebGPU what computes on a device. The last line is
// `N passed, N failed` over all runs; above it stands once more what failed in any of them.
import './closed-pipe.mjs';
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import { testFiles } from './test-files.mjs';

const command = new Command('npm test --')
  .description('Run the tests on every device of this machine.')
  .argument('[names...]', 'only test files with one of these in their path below test/')
  .addOption(
    new Option('--device <kind>', 'run all of them on this device alone; auto: on every one')
      .choices(['auto', 'wasm', 'webgpu'])
      .default('auto')
      .env('WGRAD_DEVICE'),
  )
  .addHelpText('after', '\nExample:\n  npm test -- kernels/softmax optim --device wasm')
  .parse();
const names = command.args;
const probe = fileURLToPath(new URL('probe-adapter.mjs', import.meta.url));
const runner = fileURLToPath(new URL('test-device.mjs', import.meta.url));
const loader = new URL('wgsl-loader.mjs', import.meta.url).href;

// Mesa's software driver compiles each kernel for vectors of 8 lanes and optimizes it, which takes
// seconds; for 4 lanes, and as it comes, it takes a third of that, and what a kernel computes is the same.
const quickToCompile = { LP_NATIVE_VECTOR_WIDTH: '128', GALLIVM_PERF: 'nopt' };

const FILES_OF_A_PROCESS = 20;

let running;
let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    running?.kill(signal);
    stopped = true;
  });
}

/** Runs test files on one device; resolves to what failed and the totals, as it printed them. */
function runOn(device, names, ...options) {
  const args = ['--import', 'tsx', '--import', loader, runner, ...options, ...names];
  const child = spawn(process.execPath, args, {
    env: { ...quickToCompile, ...process.env, WGRAD_DEVICE: device },
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  let tail = '';
  child.stdout.on('data', (chunk) => {
    process.stdout.write(chunk);
    tail = (tail + chunk).slice(-100_000);
  });
  running = child;
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      const end = /((?:✘ .*\n(?: {4}.*\n)*)*)(\d+) passed, (\d+) failed\s*$/.exec(tail);
      const [problems, passed, failed] = end
        ? [end[1], Number(end[2]), Number(end[3])]
        : [
            `✘ on ${device} a process ended without totals (${signal ?? code}): ${names.join(' ')}\n`,
            0,
            1,
          ];
      // A run that ended badly without a failed test has failed all the same.
      resolve({ passed, failed: failed || (code === 0 ? 0 : 1), problems });
    });
  });
}

/**
 * Runs the tests on WebGPU, a few files' in a process: a software driver never gives back what it maps for each
 * shader, and a process may map only so much.
 */
async function runOnWebGpu({ computing }) {
  const withoutWebGpu = adapter.status !== 0;
  const files = await testFiles({ names, computing, withoutWebGpu });
  for (let first = 0; first < files.length && !stopped; first += FILES_OF_A_PROCESS) {
    const some = files.slice(first, first + FILES_OF_A_PROCESS).map(({ name }) => name);
    runs.push(await runOn('webgpu', some, ...possible));
  }
}

const adapter = spawnSync(process.execPath, [probe], { encoding: 'utf8' });
const { device } = command.opts();
const asked = device === 'auto' ? undefined : device;
const possible = adapter.status === 0 ? [] : ['--without-webgpu'];
const runs = [];
const covered = [];
if (asked) {
  if (asked === 'webgpu') await runOnWebGpu({ computing: false });
  else runs.push(await runOn(asked, names, ...possible));
  covered.push(asked);
} else {
  console.log('=== on the CPU (wasm)\n');
  runs.push(await runOn('wasm', names, ...possible));
  covered.push('the CPU (wasm)');
  if (adapter.status === 0) {
    console.log(`\n=== on WebGPU: ${adapter.stdout.trim()}\n`);
    await runOnWebGpu({ computing: true });
    covered.push(`WebGPU: ${adapter.stdout.trim()}`);
  }
}

if (runs.every(({ passed, failed }) => passed + failed === 0)) {
  console.log(`✘ no test file has ${names.join(' or ')} in its path`);
  runs.push({ passed: 0, failed: 1, problems: '' });
}
const sum = (key) => runs.reduce((total, run) => total + run[key], 0);
console.log(`\nDevices covered: ${covered.join(' and ')}`);
if (!asked && adapter.status !== 0) {
  console.log('Not covered: WebGPU (no adapter; scripts/setup-vulkan.sh installs a software one).');
}
process.stdout.write(runs.map(({ problems }) => problems).join(''));
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exit(sum('failed') > 0 ? 1 : 0);
