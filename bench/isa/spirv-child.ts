// Prints the SPIR-V that Dawn makes of the shaders in a JSON file, [{source, entryPoint}]: Dawn itself
// prints it, behind the WGSL, when a pipeline is made. A first line of comment numbers each shader.
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { create } from 'webgpu';

const gpu = create(['enable-dawn-features=dump_shaders']);
const adapter = await gpu.requestAdapter();
if (!adapter) throw new Error('Dawn finds no adapter');
const { limits } = adapter;
const device = await adapter.requestDevice({
  requiredFeatures: (['shader-f16', 'subgroups'] as const).filter((f) => adapter.features.has(f)),
  requiredLimits: {
    maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
    maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
    maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
  },
});
const shaders: { source: string; entryPoint: string }[] = JSON.parse(
  readFileSync(process.argv[2] ?? '', 'utf8'),
);
for (const [i, { source, entryPoint }] of shaders.entries()) {
  const module = device.createShaderModule({ code: `// shader ${i}\n${source}` });
  // One that does not compile is missing in the output.
  await device
    .createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint } })
    .catch(() => {});
}
await setTimeout(100);
// Neither Dawn's instance nor the driver's threads end by themselves; `gpu` was needed up to here.
void gpu;
process.kill(process.pid, 'SIGKILL');
