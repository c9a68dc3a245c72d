import { DeviceError } from '../../errors.ts';
import type { BufferSlice, Dispatch, Recording } from '../device.ts';
import { addressOf, type WasmBuffer } from './buffer.ts';
import type { CompiledBinding } from './compiled.ts';
import { DispatchCost } from './dispatch-cost.ts';
import type { WasmKernel } from './kernel.ts';
import type { Block } from './memory.ts';
import type { WasmDevice } from './wasm-device.ts';

/** Uniform blocks hold `vec4`s. */
const UNIFORM_ALIGNMENT = 16;
const BYTES_PER_ENTRY = 8;

/** A dispatch laid out in memory. */
export interface Prepared {
  readonly kernel: WasmKernel;
  readonly bindingTable: number;
  readonly uniform: number;
  readonly workgroups: number;
  readonly cost: DispatchCost;
  bindings: readonly BufferSlice[];
}

/**
 * A list of dispatches whose binding tables and uniform blocks lie in the memory of the kernels,
 * in one block: changing either is a store, and submitting again makes nothing.
 */
export class WasmRecording implements Recording {
  readonly dispatches: readonly Prepared[];
  private readonly device: WasmDevice;
  private readonly block: Block;
  private destroyed = false;

  constructor(device: WasmDevice, dispatches: readonly Dispatch[]) {
    this.device = device;
    const addresses = dispatches.map(({ kernel, bindings }) =>
      bindingAddresses(kernel as WasmKernel, bindings),
    );
    let bytes = 0;
    const place = (size: number): number => {
      const offset = bytes;
      bytes += Math.ceil(size / UNIFORM_ALIGNMENT) * UNIFORM_ALIGNMENT;
      return offset;
    };
    const offsets = dispatches.map(({ bindings, params }) => ({
      uniform: place(params.byteLength),
      bindingTable: place((1 + bindings.length) * BYTES_PER_ENTRY),
    }));
    this.block = device.memory.allocate(bytes, 'kernel parameters');
    const { address } = this.block;
    this.dispatches = dispatches.map((dispatch, i): Prepared => {
      const kernel = dispatch.kernel as WasmKernel;
      const { uniform, bindingTable } = offsets[i] as (typeof offsets)[number];
      const prepared: Prepared = {
        kernel,
        bindingTable: address + bindingTable,
        uniform: address + uniform,
        workgroups: dispatch.workgroups,
        cost: new DispatchCost(dispatch.workgroups, kernel.workgroupSize, device.threads),
        bindings: dispatch.bindings,
      };
      const { words } = device.memory;
      words.set(dispatch.params, prepared.uniform / 4);
      words[prepared.bindingTable / 4] = prepared.uniform;
      words[prepared.bindingTable / 4 + 1] = dispatch.params.byteLength;
      this.bind(prepared, addresses[i] as number[]);
      device.counters.bindGroups++;
      return prepared;
    });
  }

  rebind(index: number, bindings: readonly BufferSlice[]): void {
    const prepared = this.dispatches[index] as Prepared;
    const addresses = bindingAddresses(prepared.kernel, bindings);
    prepared.bindings = bindings;
    this.device.order.perform(() => this.bind(prepared, addresses));
  }

  setParam(index: number, word: number, bits: number): void {
    const { memory, order } = this.device;
    order.perform(() => {
      memory.words[(this.dispatches[index] as Prepared).uniform / 4 + word] = bits;
    });
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    const { memory, order } = this.device;
    order.perform(() => memory.release(this.block));
  }

  /** @throws DeviceError when the recording, or a buffer bound in it, was destroyed */
  check(): void {
    if (this.destroyed) throw new DeviceError('A recording was submitted after destroy()');
    for (const { kernel, bindings } of this.dispatches) {
      for (let i = 0; i < bindings.length; i++) {
        if (!((bindings[i] as BufferSlice).buffer as WasmBuffer).destroyed) continue;
        throw new DeviceError(
          `Kernel ${kernel.program.name}: the buffer of binding ${i + 1} was destroyed`,
        );
      }
    }
  }

  private bind({ bindingTable, bindings }: Prepared, addresses: readonly number[]): void {
    const { words } = this.device.memory;
    for (let i = 0; i < bindings.length; i++) {
      const entry = bindingTable / 4 + 2 * (i + 1);
      words[entry] = addresses[i] as number;
      words[entry + 1] = (bindings[i] as BufferSlice).bytes;
    }
  }
}

/** @throws DeviceError when the bindings are not what the kernel takes, or leave their buffers */
function bindingAddresses(kernel: WasmKernel, bindings: readonly BufferSlice[]): number[] {
  const { program, bindings: wanted } = kernel;
  const bindingCount = Math.max(0, wanted.length - 1);
  if (bindings.length !== bindingCount) {
    throw new DeviceError(
      `Kernel ${program.name} has ${bindingCount} storage bindings, but was given ${bindings.length}`,
    );
  }
  return bindings.map((slice, i) => {
    const { bytes: fewest } = wanted[i + 1] as CompiledBinding;
    if (slice.bytes < fewest) {
      throw new DeviceError(
        `Kernel ${program.name} needs ${fewest} bytes or more at binding ${i + 1}, but was given ${slice.bytes}`,
      );
    }
    return addressOf(slice, slice.bytes, `Kernel ${program.name}`);
  });
}
