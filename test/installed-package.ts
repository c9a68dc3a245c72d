import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { copyOfCheckout } from './checkout-copy.ts';

const run = promisify(execFile);

/** Runs a program to its end; what it printed is in the error if it fails. */
export async function command(cwd: string, program: string, ...args: string[]): Promise<string> {
  try {
    const shell = program === 'npm' && process.platform === 'win32';
    const { stdout } = await run(program, args, { cwd, shell, maxBuffer: 1 << 26 });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout ?? ''}${stderr ?? error}`);
  }
}

export interface InstalledPackage {
  /** A folder that holds all the others, removed when the tests end. */
  readonly temporary: string;
  /** A user's project, an ES module that depends on the package. */
  readonly consumer: string;
  /** The package in there. */
  readonly installed: string;
}

let installing: Promise<InstalledPackage> | undefined;

/** The library as a user gets it: built, packed and installed without what is optional, once for all tests. */
export function installedPackage(): Promise<InstalledPackage> {
  installing ??= install();
  return installing;
}

async function install(): Promise<InstalledPackage> {
  const temporary = mkdtempSync(join(tmpdir(), 'wgrad-package-'));
  process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));
  const checkout = join(temporary, 'checkout');
  await copyOfCheckout(checkout);
  await command(checkout, 'npm', 'pack', '--pack-destination', temporary); // prepack builds
  const tarball = (await readdir(temporary)).find((name) => name.endsWith('.tgz'));
  assert.ok(tarball, 'npm pack leaves a tarball');

  const consumer = join(temporary, 'consumer');
  await mkdir(consumer);
  const manifest = { name: 'consumer', version: '1.0.0', private: true, type: 'module' };
  await writeFile(join(consumer, 'package.json'), JSON.stringify(manifest));
  const flags = ['--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund'];
  await command(consumer, 'npm', 'install', ...flags, '--prefer-offline', join(temporary, tarball));
  return { temporary, consumer, installed: join(consumer, 'node_modules', 'wgrad') };
}
