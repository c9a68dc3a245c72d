import { fileURLToPath } from 'node:url';
import { parse } from 'uvu/parse';

const folder = fileURLToPath(new URL('../test', import.meta.url));
const COMPUTING =
  /^(kernels|tensor|autograd|graph|nn|optim|io|train|interchange|examples|experiments)\//;

/**
 * Test files with one of `names` in their path below test/, or all without names: `name`, that path, and
 * `file`, the whole one. With `computing`, only those whose tests compute something on a device;
 * without WebGPU, all but those that are about that device itself.
 */
export async function testFiles({ names, computing, withoutWebGpu }) {
  const { suites } = await parse(folder, '\\.test\\.ts$');
  return suites.filter(
    ({ name }) =>
      (names.length === 0 || names.some((part) => name.includes(part))) &&
      !(withoutWebGpu && name.startsWith('device/webgpu/')) &&
      (!computing || COMPUTING.test(name)),
  );
}
