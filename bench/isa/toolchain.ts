// The tools that turn SPIR-V into a real GPU's code on a machine without it: a software driver for
// Dawn, Mesa's AMD driver, which compiles for chips that are not there, an assembler of SPIR-V, and
// a C compiler for the few lines that ask the driver.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Toolchain {
  /** Manifests of the Vulkan drivers. */
  readonly software: string;
  readonly amd: string;
}

const DRIVER_FOLDERS = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'];

/** What is there, or what is missing, in lines that say how to install it. */
export function findToolchain(): Toolchain | { readonly missing: readonly string[] } {
  if (process.platform !== 'linux') {
    return { missing: [`Linux: Mesa's AMD driver is not made for ${process.platform}`] };
  }
  const software = driver(/^lvp/);
  const amd = driver(/^radeon/);
  const missing = [
    ...(software ? [] : ["Mesa's software driver: sudo bash scripts/setup-vulkan.sh"]),
    ...(amd ? [] : ["Mesa's AMD driver (RADV): sudo apt-get install mesa-vulkan-drivers"]),
    ...(runs('gcc', '--version') ? [] : ['a C compiler: sudo apt-get install gcc']),
    ...(compilesVulkan() ? [] : ["Vulkan's headers: sudo apt-get install libvulkan-dev"]),
    ...(runs('spirv-as', '--version') ? [] : ['spirv-as: sudo apt-get install spirv-tools']),
    ...(hasDawn() ? [] : ["Dawn, the package 'webgpu': npm install"]),
  ];
  if (software === undefined || amd === undefined || missing.length > 0) return { missing };
  return { software, amd };
}

export function sayMissing(missing: readonly string[]): void {
  const lines = [
    'The kernels cannot be compiled here. Missing:',
    ...missing.map((line) => `  ${line}`),
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
}

/** The environment of a process that is to see one driver alone. */
export function onDriver(manifest: string): NodeJS.ProcessEnv {
  const { VK_DRIVER_FILES: _, ...env } = process.env;
  return { ...env, VK_ICD_FILENAMES: manifest };
}

function driver(name: RegExp): string | undefined {
  for (const folder of DRIVER_FOLDERS.filter(existsSync)) {
    const file = readdirSync(folder).find((file) => name.test(file));
    if (file !== undefined) return join(folder, file);
  }
  return undefined;
}

function runs(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function compilesVulkan(): boolean {
  const include = '#include <vulkan/vulkan.h>\n';
  // Without a compiler nothing is known of its headers.
  const { status, error } = spawnSync('gcc', ['-E', '-o', '/dev/null', '-'], {
    input: include,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  return error !== undefined || status === 0;
}

function hasDawn(): boolean {
  try {
    import.meta.resolve('webgpu');
    return true;
  } catch {
    return false;
  }
}
