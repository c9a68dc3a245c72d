import type { BufferSlice, Device, Dispatch } from '../../src/device/device.ts';
import { openDevice } from '../../src/device/open.ts';
import {
  bitsOf,
  byteSize,
  type DType,
  fromDevice,
  type HostArray,
  toDevice,
} from '../../src/kernels/dtype.ts';
import {
  type Binding,
  type KernelContext,
  type Launches,
  type Operand,
  type Param,
  product,
} from '../../src/kernels/launch.ts';
import type { Pick } from '../../src/kernels/pick.ts';
import { type Ending, epilogueOf, NO_ENDING } from './endings.ts';

let shared: Promise<Device> | undefined;

/** The device all kernel tests of a process run on, closed when the process ends. */
export function testDevice(): Promise<Device> {
  shared ??= openDevice().then(({ device }) => {
    process.once('exit', () => device.destroy());
    return device;
  });
  return shared;
}

/** Kinds of devices for which launch rules choose other variants. */
export const kinds = {
  /** A driver that runs shaders on the CPU: loads are slow. */
  driver: { cpu: true, slowLoads: true, lanes: 64 },
  /** The CPU itself. */
  cpu: { cpu: true, slowLoads: false, lanes: 64 },
  gpu: { cpu: false, slowLoads: false, lanes: 16_000 },
} as const;

export type Kind = (typeof kinds)[keyof typeof kinds];

/** A tensor's elements on the host; plain numbers are rounded to `dtype`, which is f32 if unsaid. */
export interface Values {
  readonly shape: readonly number[];
  readonly data: HostArray | readonly number[];
  readonly dtype?: DType;
}

/** A call of a launch rule: the parts of its context that a test wants to choose. */
export interface Call<A> {
  readonly inputs: readonly Values[];
  readonly output: { readonly shape: readonly number[]; readonly dtype?: DType };
  readonly attributes: A;
  /** What follows the kernel and is folded into its end. */
  readonly epilogue?: Ending;
  /** What that adds, along the last axis. */
  readonly bias?: Values;
  /** What differs from the device's own limits, to have another variant chosen. */
  readonly limits?: Partial<Device['limits']>;
  /** The numbers that the op would carry. */
  readonly scalars?: Readonly<Record<string, number>>;
  /** Picks among ways to compute it. */
  readonly pick?: Pick;
  /** The shapes of what it computes besides. */
  readonly alongside?: readonly (readonly number[])[];
}

/** Runs a launch rule on the shared device and returns its output's elements. */
export async function runKernel<A extends Readonly<Record<string, unknown>>>(
  launch: (context: KernelContext<A>) => Launches,
  call: Call<A>,
): Promise<HostArray> {
  return (await runKernelAlongside(launch, call))[0] as HostArray;
}

/** The same, and behind the output what the kernel computes besides. */
export async function runKernelAlongside<A extends Readonly<Record<string, unknown>>>(
  launch: (context: KernelContext<A>) => Launches,
  call: Call<A>,
): Promise<HostArray[]> {
  const device = await testDevice();
  const limits = { ...device.limits, ...call.limits };
  const { epilogue, given } = epilogueOf(call.output.shape, call.epilogue ?? NO_ENDING, limits);
  const launches = launch({
    inputs: call.inputs.map(operandOf),
    output: operandOf(call.output),
    attributes: call.attributes,
    epilogue,
    limits,
    alongside: (call.alongside ?? []).map(() => true),
    pick: call.pick,
  });
  return runLaunches(device, given(launches), call);
}

const NAN_BITS = 0x7fc00000;
/** Behind the end of each buffer: a CPU stores there what a kernel does not keep inside. */
const GUARD_BYTES = 4096;
/** 123.456: unlike a NaN, hardly anything computed of it is the same. */
const GUARD_BITS = 0x42f6e979;

/** Runs dispatches made for `call` on fresh buffers; scratch and results start as NaN. */
export async function runLaunches(
  device: Device,
  { launches, temporaries = [] }: Launches,
  {
    inputs,
    output,
    bias,
    scalars = {},
    alongside = [],
  }: Omit<Call<unknown>, 'attributes' | 'epilogue' | 'limits'>,
): Promise<HostArray[]> {
  const buffers: (BufferSlice & { readonly label: string })[] = [];
  const garbage = (bytes: number, label: string): BufferSlice => {
    const whole = bytes + GUARD_BYTES;
    const buffer = device.createBuffer(whole, label);
    buffers.push({ buffer, offset: 0, bytes, label });
    const words = new Uint32Array(whole / 4).fill(NAN_BITS).fill(GUARD_BITS, bytes / 4);
    device.write({ buffer, offset: 0, bytes: whole }, words);
    return { buffer, offset: 0, bytes };
  };
  /** @throws Error where a kernel stored something behind the end of a buffer. */
  const requireUntouched = async () => {
    for (const { buffer, bytes, label } of buffers) {
      const behind = await device.read({ buffer, offset: bytes, bytes: GUARD_BYTES });
      const at = new Uint32Array(behind).findIndex((word) => word !== GUARD_BITS);
      if (at >= 0) throw new Error(`a kernel stores word ${at} behind the end of its ${label}`);
    }
  };
  const upload = ({ shape, data, dtype = 'f32' }: Values, label: string): BufferSlice => {
    const elements = product(shape);
    if (data.length !== elements) throw new Error(`${label}: ${data.length} values for [${shape}]`);
    // What is behind the last element is garbage too: a kernel must not let it into a result.
    const slice = garbage(byteSize(elements, dtype), label);
    device.write(slice, toDevice(hostArray(data, dtype), dtype));
    return slice;
  };
  try {
    const inputSlices = inputs.map((values, i) => upload(values, `input ${i}`));
    const biasSlice = bias && upload(bias, 'bias');
    const scratch = temporaries.map((bytes, i) => garbage(roundUp(bytes), `temporary ${i}`));
    const results = [operandOf(output), ...alongside.map((shape) => operandOf({ shape }))];
    const resultSlices = results.map(({ shape, dtype }, i) =>
      garbage(byteSize(product(shape), dtype), `result ${i}`),
    );
    const sliceOf = (binding: Binding): BufferSlice => {
      if ('input' in binding) return inputSlices[binding.input] as BufferSlice;
      if ('temporary' in binding) return scratch[binding.temporary] as BufferSlice;
      if ('output' in binding) return resultSlices[0] as BufferSlice;
      if ('alongside' in binding) return resultSlices[1 + binding.alongside] as BufferSlice;
      if (!biasSlice) throw new Error('the kernel binds a bias, but the call has none');
      return biasSlice;
    };
    const kernels = await device.compile(launches.map(({ program }) => program));
    const dispatches = launches.map(
      ({ bindings, params, workgroups }, i): Dispatch => ({
        kernel: kernels[i] as Dispatch['kernel'],
        bindings: bindings.map(sliceOf),
        params: paramWords(params, scalars),
        workgroups,
      }),
    );
    const recording = device.record(dispatches);
    await device.submit(recording, []);
    const bytes = await Promise.all(resultSlices.map((slice) => device.read(slice)));
    await requireUntouched();
    recording.destroy();
    return results.map(({ shape, dtype }, i) =>
      fromDevice(bytes[i] as ArrayBuffer, product(shape), dtype),
    );
  } finally {
    for (const { buffer } of buffers) buffer.destroy();
  }
}

function operandOf({ shape, dtype = 'f32' }: { shape: readonly number[]; dtype?: DType }): Operand {
  return { shape, dtype };
}

function hostArray(data: HostArray | readonly number[], dtype: DType): HostArray {
  if (!Array.isArray(data)) return data as HostArray;
  if (dtype === 'f32') return Float32Array.from(data as readonly number[]);
  if (dtype === 'i32') return Int32Array.from(data as readonly number[]);
  if (dtype === 'u32') return Uint32Array.from(data as readonly number[]);
  return Uint8Array.from(data as readonly number[]);
}

function roundUp(bytes: number): number {
  return Math.max(16, Math.ceil(bytes / 16) * 16);
}

function paramWords(
  params: readonly Param[],
  scalars: Readonly<Record<string, number>>,
): Uint32Array {
  const words = new Uint32Array(Math.max(4, Math.ceil(params.length / 4) * 4));
  params.forEach((param, i) => {
    if (typeof param === 'number') {
      words[i] = param;
      return;
    }
    if ('epilogue' in param) throw new Error('the call has an epilogue of its own');
    const value = scalars[param.scalar];
    if (value === undefined) throw new Error(`the call has no scalar ${param.scalar}`);
    words[i] = bitsOf(value, param.type);
  });
  return words;
}
