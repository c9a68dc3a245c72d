import type { BufferSlice, Device, Dispatch, Recording } from '../../device/device.ts';
import {
  byteSize,
  type DType,
  fromDevice,
  type HostArray,
  isFloat,
  toDevice,
} from '../../kernels/dtype.ts';
import { type Binding, type Launches, type Operand, product } from '../../kernels/launch.ts';

/** What launches read and write. */
export interface Operands {
  readonly inputs: readonly Operand[];
  readonly output: Operand;
}

/** The dispatches of a launch rule by themselves, on memory of their own, so that they can be timed. */
export class BoundLaunches {
  private readonly device: Device;
  private readonly dispatches: readonly Dispatch[];
  private readonly memory: readonly BufferSlice[];
  private readonly output: Operand & { readonly slice: BufferSlice };

  private constructor(
    device: Device,
    dispatches: readonly Dispatch[],
    memory: readonly BufferSlice[],
    output: BoundLaunches['output'],
  ) {
    this.device = device;
    this.dispatches = dispatches;
    this.memory = memory;
    this.output = output;
  }

  /**
   * On inputs of random numbers, the same for the same shapes; whole numbers are 0 or 1, which are
   * places of an axis and labels of classes too.
   * @throws OutOfMemoryError, DeviceError where the device has no memory for them or cannot compile them
   */
  static async bind(
    device: Device,
    { launches, temporaries = [] }: Launches,
    { inputs, output }: Operands,
  ): Promise<BoundLaunches> {
    const memory: BufferSlice[] = [];
    const allocate = (bytes: number, label: string): BufferSlice => {
      const whole = Math.max(16, Math.ceil(bytes / 16) * 16);
      const slice = { buffer: device.createBuffer(whole, label), offset: 0, bytes: whole };
      memory.push(slice);
      return slice;
    };
    try {
      const given = inputs.map(({ shape, dtype }, i) => {
        const slice = allocate(byteSize(product(shape), dtype), 'input');
        device.write(slice, toDevice(numbers(product(shape), dtype, i + 1), dtype));
        return slice;
      });
      const scratch = temporaries.map((bytes) => allocate(bytes, 'temporary'));
      const result = allocate(byteSize(product(output.shape), output.dtype), 'output');
      await device.allocated();
      const kernels = await device.compile(launches.map(({ program }) => program));
      const dispatches = launches.map(({ bindings, params, workgroups }, i): Dispatch => {
        const words = new Uint32Array(Math.max(4, Math.ceil(params.length / 4) * 4));
        words.set(params.map((param) => (typeof param === 'number' ? param : 0)));
        const slices = bindings.map((binding) => sliceOf(binding, given, scratch, result));
        const kernel = kernels[i] as Dispatch['kernel'];
        return { kernel, params: words, workgroups, bindings: slices };
      });
      return new BoundLaunches(device, dispatches, memory, { ...output, slice: result });
    } catch (error) {
      for (const { buffer } of memory) buffer.destroy();
      throw error;
    }
  }

  /** All of them, in order, so many times. */
  record(times: number): Recording {
    return this.device.record(Array.from({ length: times }, () => this.dispatches).flat());
  }

  async result(): Promise<HostArray> {
    const { slice, shape, dtype } = this.output;
    return fromDevice(await this.device.read(slice), product(shape), dtype);
  }

  destroy(): void {
    for (const { buffer } of this.memory) buffer.destroy();
  }
}

function sliceOf(
  binding: Binding,
  given: readonly BufferSlice[],
  scratch: readonly BufferSlice[],
  result: BufferSlice,
): BufferSlice {
  if ('output' in binding) return result;
  const slice =
    'input' in binding
      ? given[binding.input]
      : 'temporary' in binding
        ? scratch[binding.temporary]
        : undefined;
  if (slice === undefined) throw new Error('a kernel with an epilogue cannot be bound alone');
  return slice;
}

/** Numbers from −1 to 1, or whole ones of two (Numerical Recipes' generator). */
function numbers(count: number, dtype: DType, seed: number): HostArray {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  const values = Float32Array.from({ length: count }, next);
  if (isFloat(dtype)) return values;
  const whole = values.map((value) => Number(value > 0));
  return dtype === 'i32'
    ? Int32Array.from(whole)
    : dtype === 'u32'
      ? Uint32Array.from(whole)
      : Uint8Array.from(whole);
}
