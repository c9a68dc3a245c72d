// Whether the packed library trains in Deno and Bun as it does in Node. Both come from npm, into a
// temporary folder, and are skipped where they cannot be installed. The last line is
// `N passed, N failed, N skipped`.
import './closed-pipe.mjs';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = fileURLToPath(new URL('runtimes/train.mjs', import.meta.url));

/** Each with the package that has it, and with how it is asked to run a file. */
const runtimes = [
  { name: 'Node', run: [process.execPath] },
  // The machine's memory and cores, WGRAD_… and the weights' file are what is read and written.
  {
    name: 'Deno',
    package: 'deno@2',
    run: ['deno', 'run', '--allow-env', '--allow-sys', '--allow-read=.', '--allow-write=.'],
  },
  { name: 'Bun', package: 'bun@1', run: ['bun', 'run'] },
];

/** What a program printed; throws what it said where it fails. */
function printed(cwd, file, ...args) {
  const shell = process.platform === 'win32' && file !== process.execPath;
  const options = { cwd, shell, encoding: 'utf8', timeout: 300_000 };
  const { status, error, stdout, stderr } = spawnSync(file, args, options);
  if (status === 0) return stdout;
  throw error ?? new Error(`${stdout}${stderr}`);
}

function install(cwd, ...args) {
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'package.json'), '{ "private": true, "type": "module" }\n');
  printed(cwd, 'npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', ...args);
}

const folder = mkdtempSync(join(tmpdir(), 'wgrad-runtimes-'));
const counts = { passed: 0, failed: 0, skipped: 0 };
try {
  printed(root, 'npm', 'pack', '--pack-destination', folder);
  const tarball = join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.tgz')),
  );
  const consumer = join(folder, 'consumer');
  install(consumer, '--omit=optional', tarball);
  copyFileSync(program, join(consumer, 'train.mjs'));

  for (const { name, package: from, run } of runtimes) {
    let [file, ...args] = run;
    try {
      if (from) install(join(folder, name), from);
    } catch (error) {
      counts.skipped++;
      const [why] = error.message.trim().split('\n');
      console.log(`${name}: skipped, npm cannot install ${from} here (${why})`);
      continue;
    }
    if (from) file = join(folder, name, 'node_modules', '.bin', file);
    try {
      const found = JSON.parse(printed(consumer, file, ...args, 'train.mjs'));
      if (!(found.accuracy > 0.8)) throw new Error(`it learned nothing: ${found.accuracy}`);
      if (found.loaded !== found.accuracy) throw new Error(`loaded weights give ${found.loaded}`);
      counts.passed++;
      console.log(`${name}: accuracy ${found.accuracy}, ${found.device}`);
    } catch (error) {
      counts.failed++;
      console.log(`${name}: ${error.message.trim()}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
if (counts.failed) process.exitCode = 1;
