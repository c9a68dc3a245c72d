// What machine, driver and WebGPU this is.
import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { EXACT_TIMESTAMPS, openAdapter, openDevice, openHardware } from '../hardware.ts';
import type { Results } from '../results.ts';

/** Switches of Dawn under which an adapter may have more features. */
const switches = {
  plain: [],
  unsafe: ['enable-dawn-features=allow_unsafe_apis'],
  'unsafe with f16': ['enable-dawn-features=allow_unsafe_apis,vulkan_enable_f16_on_nvidia'],
} as const;

const GPU_QUERY =
  'name,driver_version,clocks.max.sm,clocks.max.mem,clocks.sm,power.limit,memory.total,pcie.link.gen.current';

export async function run(results: Results): Promise<void> {
  await results.piece('machine', () => ({
    node: process.versions.node,
    cpu: `${cpus().length} × ${cpus()[0]?.model}`,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    nvidia: said('nvidia-smi', `--query-gpu=${GPU_QUERY}`, '--format=csv,noheader'),
    torch: said('python3', '-c', 'import torch; print(torch.__version__, torch.version.cuda)'),
    drivers: process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES ?? "the system's",
  }));
  for (const [name, flags] of Object.entries(switches)) {
    await results.piece(`adapter, ${name}`, async () =>
      describeAdapter(await openAdapter([...flags])),
    );
  }
  await results.piece('timestamps, quantised', () => timestamps(results.dry, []));
  await results.piece('timestamps, exact', () => timestamps(results.dry, [EXACT_TIMESTAMPS]));
}

async function describeAdapter(adapter: GPUAdapter) {
  const { vendor, architecture, device, description, subgroupMinSize, subgroupMaxSize } =
    adapter.info;
  return {
    ...{ vendor, architecture, device, description, subgroupMinSize, subgroupMaxSize },
    features: [...adapter.features].sort(),
    limits: Object.fromEntries(
      Object.keys(Object.getPrototypeOf(adapter.limits)).map((name) => [
        name,
        adapter.limits[name as keyof GPUSupportedLimits],
      ]),
    ),
    compiles: await compiling(adapter),
  };
}

/** Which extensions of WGSL compile, whatever the list of features says. */
async function compiling(adapter: GPUAdapter): Promise<string> {
  const device = await openDevice(adapter);
  const kernel = (enable: string, value: string) => `${enable}
@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@compute @workgroup_size(64) fn main(@builtin(local_invocation_index) i: u32) { x[i] = ${value}; }`;
  const kernels = {
    f16: kernel('enable f16;', 'f32(f16(x[i]) * 2h)'),
    subgroups: kernel('enable subgroups;', 'subgroupAdd(x[i])'),
    'packed f16': kernel('', 'unpack2x16float(pack2x16float(vec2<f32>(x[i]))).x'),
  };
  const names: string[] = [];
  for (const [name, code] of Object.entries(kernels)) {
    device.pushErrorScope('validation');
    const module = device.createShaderModule({ code });
    await device.createComputePipelineAsync({ layout: 'auto', compute: { module } }).then(
      () => names.push(name),
      () => {},
    );
    await device.popErrorScope();
  }
  return names.join(', ');
}

/** The smallest step of the device's clock, and what an empty pass takes. */
async function timestamps(dry: boolean, flags: string[]) {
  const device = await openDevice(await openHardware(dry, flags));
  if (!device.features.has('timestamp-query')) return { timestamps: false };
  const count = 128;
  const querySet = device.createQuerySet({ type: 'timestamp', count });
  const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const resolved = device.createBuffer({ size: count * 8, usage: QUERY_RESOLVE | COPY_SRC });
  const readable = device.createBuffer({ size: count * 8, usage: MAP_READ | COPY_DST });
  const encoder = device.createCommandEncoder();
  for (let i = 0; i < count; i++) {
    encoder.beginComputePass({ timestampWrites: { querySet, endOfPassWriteIndex: i } }).end();
  }
  encoder.resolveQuerySet(querySet, 0, count, resolved, 0);
  encoder.copyBufferToBuffer(resolved, 0, readable, 0, count * 8);
  device.queue.submit([encoder.finish()]);
  await readable.mapAsync(GPUMapMode.READ);
  const stamps = [...new BigUint64Array(readable.getMappedRange())].map(Number);
  const steps = stamps.slice(1).map((stamp, i) => stamp - (stamps[i] ?? 0));
  return {
    smallestNs: Math.min(...steps.filter((ns) => ns > 0)),
    emptyPassNs: steps.reduce((sum, ns) => sum + ns, 0) / steps.length,
  };
}

function said(command: string, ...args: string[]): string {
  try {
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    return execFileSync(command, args, {
      encoding: 'utf8',
      timeout: 20_000,
      stdio: [...stdio],
    }).trim();
  } catch {
    return 'none';
  }
}
