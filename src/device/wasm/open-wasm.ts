import { assembleDevice } from './assemble.ts';
import { compile } from './compiler/compile.ts';
import type { WasmOptions } from './options.ts';
import type { WasmDevice } from './wasm-device.ts';

/**
 * Opens the CPU as a device: the same WGSL kernels, compiled to WebAssembly SIMD.
 * @throws DeviceError where there is no WebAssembly with SIMD
 */
export function openWasm(options: WasmOptions = {}): Promise<WasmDevice> {
  return assembleDevice(compile, options);
}
