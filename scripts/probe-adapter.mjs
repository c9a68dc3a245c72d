// Asks Dawn (the npm package `webgpu`) for an adapter and says on one line what it got.
// Exit code: 0 an adapter, 1 none, 2 the package is not installed or does not load here.
let webgpu;
try {
  webgpu = await import('webgpu');
} catch (error) {
  console.error(`The npm package "webgpu" does not load: ${error.message}`);
  process.exit(2);
}

const adapter = await webgpu.create([]).requestAdapter();
if (!adapter) {
  console.error('Dawn finds no WebGPU adapter on this machine.');
  process.exit(1);
}
const { vendor, architecture, device, description } = adapter.info;
const details = [vendor, architecture, description].filter(Boolean).join(', ');
console.log(`${device || 'unnamed adapter'} (${details})`);
// Dawn's instance keeps Node alive, so end here rather than waiting for it.
process.exit(0);
