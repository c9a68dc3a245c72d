import { DeviceError } from '../../errors.ts';
import type { BufferSlice, DeviceBuffer } from '../device.ts';
import type { Block } from './memory.ts';

/** A piece of the kernels' memory. */
export class WasmBuffer implements DeviceBuffer {
  readonly id: number;
  readonly bytes: number;
  readonly address: number;
  readonly isMissing = false;
  private readonly release: () => void;
  private gone = false;

  constructor(id: number, bytes: number, block: Block, release: () => void) {
    this.id = id;
    this.bytes = bytes;
    this.address = block.address;
    this.release = release;
  }

  get destroyed(): boolean {
    return this.gone;
  }

  destroy(): void {
    if (this.gone) return;
    this.gone = true;
    this.release();
  }
}

/** @throws DeviceError where the buffer is not a piece of this memory */
export function ownBuffer(buffer: DeviceBuffer): WasmBuffer {
  if (buffer instanceof WasmBuffer) return buffer;
  throw new DeviceError("The CPU device was given another device's buffer");
}

/**
 * Where the first `bytes` of a slice lie.
 * @throws DeviceError where they leave the buffer, or it was destroyed; `what` says who asks
 */
export function addressOf({ buffer, offset }: BufferSlice, bytes: number, what: string): number {
  const { address, destroyed } = ownBuffer(buffer);
  if (destroyed) throw new DeviceError(`${what} touches a buffer after its destroy()`);
  if (offset + bytes > buffer.bytes) {
    throw new DeviceError(
      `${what} takes ${bytes} bytes at offset ${offset} of a buffer that has ${buffer.bytes}`,
    );
  }
  return address + offset;
}
