// The dispatches of a launch rule by themselves, on memory of their own, so that they can be timed.
import type { BufferSlice, Device, Dispatch, Recording } from '../../src/device/device.ts';
import { type Binding, type Launches, product } from '../../src/kernels/launch.ts';
import { uniform } from '../inputs.ts';

export class BoundLaunches {
  private readonly device: Device;
  private readonly dispatches: readonly Dispatch[];
  private readonly memory: readonly BufferSlice[];
  private readonly output: BufferSlice;

  private constructor(
    device: Device,
    dispatches: readonly Dispatch[],
    memory: readonly BufferSlice[],
    output: BufferSlice,
  ) {
    this.device = device;
    this.dispatches = dispatches;
    this.memory = memory;
    this.output = output;
  }

  /** On f32 inputs of random numbers, the same for the same shapes. */
  static async bind(
    device: Device,
    { launches, temporaries = [] }: Launches,
    inputs: readonly (readonly number[])[],
    output: readonly number[],
  ): Promise<BoundLaunches> {
    const allocate = (bytes: number, label: string): BufferSlice => {
      const whole = Math.max(16, Math.ceil(bytes / 16) * 16);
      return { buffer: device.createBuffer(whole, label), offset: 0, bytes: whole };
    };
    const given = inputs.map((shape, i) => {
      const slice = allocate(4 * product(shape), 'input');
      device.write(slice, uniform(shape, i + 1));
      return slice;
    });
    const scratch = temporaries.map((bytes) => allocate(bytes, 'temporary'));
    const result = allocate(4 * product(output), 'output');
    const sliceOf = (binding: Binding): BufferSlice => {
      const slice =
        'input' in binding
          ? given[binding.input]
          : 'temporary' in binding
            ? scratch[binding.temporary]
            : 'output' in binding
              ? result
              : undefined;
      if (slice === undefined) throw new Error('a kernel with an epilogue cannot be bound alone');
      return slice;
    };
    const kernels = await device.compile(launches.map(({ program }) => program));
    const dispatches = launches.map(({ bindings, params, workgroups }, i): Dispatch => {
      const kernel = kernels[i];
      if (kernel === undefined) throw new Error('a kernel was not compiled');
      const words = new Uint32Array(Math.max(4, Math.ceil(params.length / 4) * 4));
      words.set(params.map((param) => (typeof param === 'number' ? param : 0)));
      return { kernel, params: words, workgroups, bindings: bindings.map(sliceOf) };
    });
    return new BoundLaunches(device, dispatches, [...given, ...scratch, result], result);
  }

  /** All of them, in order, so many times. */
  record(times: number): Recording {
    return this.device.record(Array.from({ length: times }, () => this.dispatches).flat());
  }

  async result(): Promise<Float32Array> {
    return new Float32Array(await this.device.read(this.output));
  }

  destroy(): void {
    for (const { buffer } of this.memory) buffer.destroy();
  }
}
