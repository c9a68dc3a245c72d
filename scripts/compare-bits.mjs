// Whether two commits compute the same bits: ten training steps of several models on every device,
// from the same seeds and inputs, in this checkout and in another. For changes that move code and
// must move no result. It fails on the first step that differs, or on different final weights.
import './closed-pipe.mjs';
import { fork, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Command, Option } from 'commander';

const root = fileURLToPath(new URL('..', import.meta.url));
const trainer = fileURLToPath(new URL('compare-bits/train.mjs', import.meta.url));
const probe = fileURLToPath(new URL('probe-adapter.mjs', import.meta.url));

const command = new Command('node scripts/compare-bits.mjs')
  .description('Compare what this checkout trains with what another trains, bit by bit.')
  .argument('<base>', 'another checkout with its node_modules, or a git revision of this one')
  .addOption(
    new Option('--device <kind>', 'on this device alone').choices(['both', 'wasm', 'webgpu']),
  )
  .option('--only <regex>', 'only the trainings whose name matches, such as "dnn" or "batch 32"')
  .addHelpText('after', '\nExample:\n  node scripts/compare-bits.mjs HEAD~1 --only dnn')
  .parse();
const [base] = command.args;
const { device = 'both', only = '' } = command.opts();

const devices = device === 'both' ? ['wasm', 'webgpu'] : [device];
if (devices.includes('webgpu')) requireAdapter();

const other = checkoutOf(base);
let differences = 0;
let compared = 0;
try {
  for (const kind of devices) {
    const [before, now] = [await train(other.path, kind), await train(root, kind)];
    for (const [name, result] of now) report(kind, name, before.get(name), result);
  }
} finally {
  other.remove();
}
console.log(
  compared === 0
    ? `No training is called ${only}.`
    : `${compared - differences} of ${compared} trainings have the same bits as in ${base}.`,
);
process.exit(compared === 0 || differences > 0 ? 1 : 0);

function requireAdapter() {
  if (spawnSync(process.execPath, [probe]).status === 0) return;
  console.error(
    'No WebGPU adapter, so nothing was compared. `--device wasm` compares on the CPU alone; ' +
      'scripts/setup-vulkan.sh installs a software adapter.',
  );
  process.exit(1);
}

/** A folder as it stands; a revision in a temporary worktree, with the packages of this one. */
function checkoutOf(base) {
  if (existsSync(join(base, 'src', 'index.ts'))) return { path: resolve(base), remove() {} };
  const folder = mkdtempSync(join(tmpdir(), 'compare-bits-'));
  const path = join(folder, 'checkout');
  const remove = () => {
    git('worktree', 'remove', '--force', path);
    rmSync(folder, { recursive: true, force: true });
  };
  const { status, stderr } = git('worktree', 'add', '--detach', path, base);
  if (status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    console.error(`${base} is neither a checkout with src/index.ts nor a revision: ${stderr}`);
    process.exit(1);
  }
  symlinkSync(join(root, 'node_modules'), join(path, 'node_modules'));
  return { path, remove };
}

function git(...args) {
  return spawnSync('git', ['-C', root, ...args], { encoding: 'utf8' });
}

/** By the name of the training: the bits of its losses and a hash of its weights, or an error. */
function train(checkout, kind) {
  const loader = pathToFileURL(join(checkout, 'scripts', 'wgsl-loader.mjs')).href;
  const child = fork(trainer, [only], {
    cwd: checkout,
    execArgv: ['--import', 'tsx', '--import', loader],
    env: { ...process.env, WGRAD_DEVICE: kind },
  });
  const results = new Map();
  child.on('message', ({ name, ...result }) => results.set(name, result));
  return new Promise((done, fail) => {
    child.on('close', (code) => {
      if (code === 0) done(results);
      else fail(new Error(`training in ${checkout} on ${kind} ended with code ${code}`));
    });
  });
}

function report(kind, name, before, now) {
  const verdict = differenceOf(before, now);
  compared += 1;
  if (verdict !== undefined) differences += 1;
  console.log(`${kind.padEnd(6)}  ${name.padEnd(28)}  ${verdict ?? 'same bits'}`);
}

function differenceOf(before, now) {
  if (before === undefined) return 'not trained by the other';
  if (before.error !== undefined || now.error !== undefined) {
    return `before: ${before.error ?? 'trained'}; now: ${now.error ?? 'trained'}`;
  }
  const step = now.losses.findIndex((loss, i) => loss !== before.losses[i]);
  if (step >= 0) {
    return `loss of step ${step + 1} was ${show(before.losses[step])}, is ${show(now.losses[step])}`;
  }
  return before.weights === now.weights
    ? undefined
    : 'the losses are the same, the final weights are not';
}

function show(bits) {
  const value = new Float32Array(Uint32Array.of(bits).buffer)[0];
  return `${value} (0x${bits.toString(16).padStart(8, '0')})`;
}
