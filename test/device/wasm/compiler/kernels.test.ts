import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Device } from '../../../../src/device/device.ts';
import { compile } from '../../../../src/device/wasm/compiler/compile.ts';
import { byteSize } from '../../../../src/kernels/dtype.ts';
import type { Binding, Launch } from '../../../../src/kernels/launch.ts';
import { product } from '../../../../src/kernels/launch.ts';
import { dawn, runOnDawn } from './dawn.ts';
import { type LaunchCase, launchCases } from './launch-cases.ts';
import { execute } from './run-module.ts';

const test = suite('all kernels, compiled for the wasm device');

/** Deterministic numbers: floats of both signs, indices small enough to be valid. */
function operandData({ inputs }: LaunchCase, index: number): Uint32Array {
  const { shape, dtype } = inputs[index] as LaunchCase['inputs'][number];
  const words = new Uint32Array(byteSize(product(shape), dtype) / 4);
  const floats = new Float32Array(words.buffer);
  let state = 12345 + index;
  for (let i = 0; i < words.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    // Statistics are variances too: no number is negative by much.
    if (dtype === 'f32') floats[i] = state / 2 ** 32 - (index === 2 ? 0 : 0.4);
    else words[i] = dtype === 'u8' ? state : (state >>> 16) % 5;
  }
  return words;
}

function paramWords({ params }: Launch): Uint32Array {
  const words = new Uint32Array(Math.ceil(Math.max(params.length, 4) / 4) * 4);
  const floats = new Float32Array(words.buffer);
  params.forEach((param, i) => {
    if (typeof param === 'number') words[i] = param;
    else floats[i] = 0.25 + i / 16;
  });
  return words;
}

class Memory {
  readonly inputs: Uint32Array[];
  readonly temporaries: Uint32Array[];
  readonly output: Uint32Array;
  readonly bias: Uint32Array;

  constructor(one: LaunchCase) {
    this.inputs = one.inputs.map((_, i) => operandData(one, i));
    const garbage = (bytes: number) => new Uint32Array(Math.ceil(bytes / 16) * 4).fill(0x3f800000);
    this.temporaries = (one.launches.temporaries ?? []).map(garbage);
    this.output = garbage(byteSize(product(one.output.shape), one.output.dtype));
    this.bias = new Uint32Array(Float32Array.from({ length: 64 }, (_, i) => i / 8 - 2).buffer);
  }

  of(binding: Binding): Uint32Array {
    if ('input' in binding) return this.inputs[binding.input] as Uint32Array;
    if ('temporary' in binding) return this.temporaries[binding.temporary] as Uint32Array;
    return 'epilogue' in binding ? this.bias : this.output;
  }
}

function isNear(a: number, b: number, floats: boolean): boolean {
  if (a === b) return true;
  if (!floats) return false;
  const [x, y] = new Float32Array(Uint32Array.of(a, b).buffer) as unknown as [number, number];
  if (Number.isNaN(x) && Number.isNaN(y)) return true;
  return Math.abs(x - y) <= 1e-5 + 1e-4 * Math.abs(y);
}

function differences(one: LaunchCase, got: Memory, wanted: Memory): string[] {
  const all = (memory: Memory) => [memory.output, ...memory.inputs];
  return all(got).flatMap((data, k) => {
    const other = all(wanted)[k] as Uint32Array;
    const { dtype } = k === 0 ? one.output : (one.inputs[k - 1] as LaunchCase['output']);
    const used = Math.ceil((product(k === 0 ? one.output.shape : []) * byteOf(dtype)) / 4);
    const length = k === 0 ? used : data.length;
    for (let i = 0; i < length; i++) {
      if (isNear(data[i] as number, other[i] as number, dtype === 'f32')) continue;
      const hex = (v: number | undefined) => (v ?? 0).toString(16);
      return [
        `${k === 0 ? 'output' : `input ${k - 1}`} [${i}]: ${hex(data[i])}, not ${hex(other[i])}`,
      ];
    }
    return [];
  });
}

function byteOf(dtype: string): number {
  return dtype === 'u8' ? 1 : 4;
}

for (const cpu of [true, false]) {
  const cases = launchCases(cpu);
  for (const name of new Set(cases.map((one) => one.name))) {
    test(`${name}, as launched on a ${cpu ? 'CPU' : 'GPU'}`, async () => {
      const device = await dawn();
      for (const [number, one] of cases.filter((other) => other.name === name).entries()) {
        const theirs = new Memory(one);
        for (const launch of device ? one.launches.launches : []) {
          const buffers = launch.bindings.map((binding) => theirs.of(binding));
          const words = paramWords(launch);
          await runOnDawn(device as Device, launch.program, buffers, words, launch.workgroups);
        }
        for (const options of [
          { fma: false, bounds: false },
          { fma: true, bounds: true },
        ]) {
          const mine = new Memory(one);
          for (const launch of one.launches.launches) {
            const { program, bindings, workgroups } = launch;
            const buffers = bindings.map((binding) => mine.of(binding));
            const params = paramWords(launch);
            execute(compile(program, options), { program, buffers, params, workgroups });
          }
          if (!device) continue;
          const programs = one.launches.launches.map(({ program }) => program.name);
          assert.equal(differences(one, mine, theirs), [], `${name} ${number}: ${programs}`);
        }
      }
    });
  }
}

test.run();
