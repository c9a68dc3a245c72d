import { DeviceError } from '../../errors.ts';
import type { BufferSlice, Dispatch, Recording } from '../device.ts';
import { addressOf, ownBuffer, type WasmBuffer } from './buffer.ts';
import { DispatchCost } from './dispatch-cost.ts';
import { WasmKernel } from './kernel.ts';
import type { Block } from './memory.ts';
import type { WasmDevice } from './wasm-device.ts';

/** Uniform blocks hold `vec4`s. */
const UNIFORM_ALIGNMENT = 16;
const BYTES_PER_ENTRY = 8;

/** What is bound: bytes of a buffer, from an address on. */
interface Binding {
  readonly buffer: WasmBuffer;
  readonly address: number;
  readonly bytes: number;
}

/** A dispatch laid out in memory. */
export interface Prepared {
  readonly kernel: WasmKernel;
  readonly bindingTable: number;
  readonly uniform: number;
  readonly workgroups: number;
  readonly cost: DispatchCost;
  bindings: readonly Binding[];
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
    let bytes = 0;
    const place = (size: number): number => {
      const offset = bytes;
      bytes += Math.ceil(size / UNIFORM_ALIGNMENT) * UNIFORM_ALIGNMENT;
      return offset;
    };
    const placed = dispatches.map(({ kernel, bindings, params, workgroups }) => {
      if (!(kernel instanceof WasmKernel)) {
        throw new DeviceError("The CPU device was given another device's kernel");
      }
      const uniform = place(params.byteLength);
      const bindingTable = place((1 + bindings.length) * BYTES_PER_ENTRY);
      const bound = bindingsOf(kernel, bindings);
      return { kernel, params, workgroups, uniform, bindingTable, bindings: bound };
    });
    this.block = device.memory.allocate(bytes, 'kernel parameters');
    const { address } = this.block;
    this.dispatches = placed.map(({ kernel, params, workgroups, bindings, ...offsets }) => {
      const prepared: Prepared = {
        kernel,
        bindingTable: address + offsets.bindingTable,
        uniform: address + offsets.uniform,
        workgroups,
        cost: new DispatchCost(workgroups, kernel.workgroupSize, device.threads),
        bindings,
      };
      const { words } = device.memory;
      words.set(params, prepared.uniform / 4);
      words[prepared.bindingTable / 4] = prepared.uniform;
      words[prepared.bindingTable / 4 + 1] = params.byteLength;
      this.bind(prepared, bindings);
      device.counters.bindGroups++;
      return prepared;
    });
  }

  rebind(index: number, bindings: readonly BufferSlice[]): void {
    const prepared = this.at(index);
    const bound = bindingsOf(prepared.kernel, bindings);
    prepared.bindings = bound;
    this.device.order.perform(() => this.bind(prepared, bound));
  }

  setParam(index: number, word: number, bits: number): void {
    const { memory, order } = this.device;
    const { uniform } = this.at(index);
    order.perform(() => {
      memory.words[uniform / 4 + word] = bits;
    });
  }

  private at(index: number): Prepared {
    const prepared = this.dispatches[index];
    if (!prepared) throw new DeviceError(`A recording has no dispatch ${index}`);
    return prepared;
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    const { memory, order } = this.device;
    order.perform(() => memory.release(this.block));
  }

  /** @throws DeviceError where the recording, or a buffer bound in it, was destroyed */
  check(): void {
    if (this.destroyed) throw new DeviceError('A recording was submitted after destroy()');
    for (const { kernel, bindings } of this.dispatches) {
      const gone = bindings.findIndex(({ buffer }) => buffer.destroyed);
      if (gone < 0) continue;
      throw new DeviceError(
        `Kernel ${kernel.program.name}: the buffer of binding ${gone + 1} was destroyed`,
      );
    }
  }

  private bind({ bindingTable }: Prepared, bindings: readonly Binding[]): void {
    const { words } = this.device.memory;
    let entry = bindingTable / 4;
    for (const { address, bytes } of bindings) {
      entry += BYTES_PER_ENTRY / 4;
      words[entry] = address;
      words[entry + 1] = bytes;
    }
  }
}

/** @throws DeviceError where the bindings are not what the kernel takes, or leave their buffers */
function bindingsOf(kernel: WasmKernel, bindings: readonly BufferSlice[]): Binding[] {
  const { program, bindings: wanted } = kernel;
  const bindingCount = Math.max(0, wanted.length - 1);
  if (bindings.length !== bindingCount) {
    throw new DeviceError(
      `Kernel ${program.name} has ${bindingCount} storage bindings, but was given ${bindings.length}`,
    );
  }
  return bindings.map((slice, i) => {
    const fewest = wanted[i + 1]?.bytes ?? 0;
    if (slice.bytes < fewest) {
      throw new DeviceError(
        `Kernel ${program.name} needs ${fewest} bytes or more at binding ${i + 1}, but was given ${slice.bytes}`,
      );
    }
    const address = addressOf(slice, slice.bytes, `Kernel ${program.name}`);
    return { buffer: ownBuffer(slice.buffer), address, bytes: slice.bytes };
  });
}
