// What the machine can do at best: launches, memory, arithmetic, transfers.

import { openDevice, openHardware } from '../hardware.ts';
import { copy, empty, FMA_A_TURN, fma, READS_A_TURN, touch, workgroupReads } from '../probes.ts';
import type { Results } from '../results.ts';
import { dispatch, median, Stopwatch } from '../stopwatch.ts';

const MiB = 2 ** 20;

export async function run(results: Results): Promise<void> {
  const watch = new Stopwatch(await openDevice(await openHardware(results.dry)), results.dry);
  await launches(results, watch);
  await copies(results, watch);
  await multiplyAdds(results, watch);
  await workgroupMemory(results, watch);
  await transfers(results, watch);
}

/** What a dispatch costs the device, and the host. */
async function launches(results: Results, watch: Stopwatch): Promise<void> {
  const count = results.dry ? 32 : 512;
  const [touching, nothing] = [await watch.pipeline(touch), await watch.pipeline(empty)];
  const groups = Array.from({ length: count }, () =>
    watch.group(touching, [watch.buffer(256 * 1024)]),
  );
  const [first] = groups;
  const each = async (record: (pass: GPUComputePassEncoder) => void) =>
    (await watch.time(record, { ms: 2, repeats: 8 })).us / count;
  for (const workgroups of [1, 16, 256]) {
    await results.piece(`dispatch of ${workgroups} workgroups`, async () => ({
      usDependent: await each((pass) => {
        pass.setPipeline(touching);
        pass.setBindGroup(0, first);
        for (let i = 0; i < count; i++) pass.dispatchWorkgroups(workgroups);
      }),
      usIndependent: await each((pass) => {
        pass.setPipeline(touching);
        for (const group of groups) {
          pass.setBindGroup(0, group);
          pass.dispatchWorkgroups(workgroups);
        }
      }),
      usEmpty: await each((pass) => {
        pass.setPipeline(nothing);
        for (let i = 0; i < count; i++) pass.dispatchWorkgroups(workgroups);
      }),
    }));
  }
  await results.piece('dispatch, on the host', async () => {
    const { device } = watch;
    const samples: { encode: number; finish: number; submit: number }[] = [];
    for (let round = 0; round < (results.dry ? 3 : 20); round++) {
      const times = [performance.now()];
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      for (const group of groups) {
        pass.setPipeline(touching);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(1);
      }
      pass.end();
      times.push(performance.now());
      const commands = encoder.finish();
      times.push(performance.now());
      device.queue.submit([commands]);
      times.push(performance.now());
      await device.queue.onSubmittedWorkDone();
      const [encode = 0, finish = 0, submit = 0] = times
        .slice(1)
        .map((time, i) => ((time - (times[i] ?? 0)) * 1e3) / count);
      samples.push({ encode, finish, submit });
    }
    const of = (what: 'encode' | 'finish' | 'submit') => median(samples.map((one) => one[what]));
    return { usEncode: of('encode'), usFinish: of('finish'), usSubmit: of('submit') };
  });
}

async function copies(results: Results, watch: Stopwatch): Promise<void> {
  const { maxBufferSize, maxStorageBufferBindingSize } = watch.device.limits;
  const most = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  const sizes = (results.dry ? [1] : [1, 4, 16, 64, 256, 1024]).filter(
    (size) => size * MiB <= most,
  );
  const bytes = (sizes.at(-1) ?? 1) * MiB;
  const [from, to] = [watch.buffer(bytes), watch.buffer(bytes)];
  for (const each of [1, 4]) {
    const pipeline = await watch.pipeline(copy(each));
    const group = watch.group(pipeline, [from, to]);
    for (const size of sizes) {
      await results.piece(`copy of ${size} MiB, ${each} vec4 an invocation`, async () => {
        const timing = await watch.time((pass) => {
          pass.setPipeline(pipeline);
          pass.setBindGroup(0, group);
          dispatch(pass, (size * MiB) / 16 / 256 / each);
        });
        return { ...timing, gbPerS: (2 * size * MiB) / timing.us / 1e3 };
      });
    }
  }
  from.destroy();
  to.destroy();
}

/** The arithmetic peak, and how many invocations it takes to reach it: the lanes. */
async function multiplyAdds(results: Results, watch: Stopwatch): Promise<void> {
  const turns = results.dry ? 2 : 256;
  const steps = results.dry
    ? [1, 4]
    : [1, 16, 32, 66, 96, 132, 198, 264, 330, 396, 528, 792, 1056, 1584, 2112, 4224, 8448];
  const sink = watch.buffer(4096);
  for (const chains of [1, 2, 4, 8]) {
    await results.piece(`multiply-adds, ${chains} chains`, async () => {
      const pipeline = await watch.pipeline(fma(chains));
      const group = watch.group(pipeline, [watch.uniform([turns]), sink]);
      const curve: { lanes: number; us: number; tflops: number }[] = [];
      for (const workgroups of steps) {
        const { us } = await watch.time(
          (pass) => {
            pass.setPipeline(pipeline);
            pass.setBindGroup(0, group);
            pass.dispatchWorkgroups(workgroups);
          },
          { rounds: 3, ms: 1 },
        );
        const lanes = workgroups * 256;
        curve.push({ lanes, us, tflops: (2 * lanes * turns * FMA_A_TURN * chains) / us / 1e6 });
      }
      const tflops = Math.max(...curve.map((point) => point.tflops));
      const lanesFor = (share: number) =>
        curve.find((point) => point.tflops >= share * tflops)?.lanes;
      // Up to here more invocations take no more time.
      const free = curve.findLast((point) => point.us <= 1.2 * (curve[0]?.us ?? 0))?.lanes;
      return { tflops, lanes90: lanesFor(0.9), lanes50: lanesFor(0.5), lanesFree: free, curve };
    });
  }
}

async function workgroupMemory(results: Results, watch: Stopwatch): Promise<void> {
  const turns = results.dry ? 2 : 256;
  const workgroups = results.dry ? 4 : 2112;
  const sink = watch.buffer(4096);
  const patterns = {
    'side by side': 'lane',
    '8 abreast': 'lane % 8u + lane / 64u * 8u',
    'all the same': 'lane / 256u',
    '4 apart': 'lane * 4u',
  };
  for (const [name, index] of Object.entries(patterns)) {
    await results.piece(`workgroup memory, ${name}`, async () => {
      const pipeline = await watch.pipeline(workgroupReads(index));
      const group = watch.group(pipeline, [watch.uniform([turns]), sink]);
      const { us } = await watch.time((pass) => {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(workgroups);
      });
      return { us, tbPerS: (workgroups * 256 * turns * READS_A_TURN * 16) / us / 1e6 };
    });
  }
}

async function transfers(results: Results, watch: Stopwatch): Promise<void> {
  const { device } = watch;
  const rounds = results.dry ? 3 : 30;
  const timed = async (work: () => Promise<unknown>) => {
    const samples: number[] = [];
    for (let i = 0; i < rounds; i++) {
      const start = performance.now();
      await work();
      samples.push((performance.now() - start) * 1e3);
    }
    return median(samples);
  };
  await results.piece('submission of nothing, until it is done', async () => ({
    us: await timed(() => {
      device.queue.submit([]);
      return device.queue.onSubmittedWorkDone();
    }),
  }));
  for (const bytes of results.dry ? [4, 65_536] : [4, 65_536, MiB, 16 * MiB]) {
    await results.piece(`transfers of ${bytes} bytes`, async () => {
      const buffer = watch.buffer(Math.max(16, bytes));
      const { MAP_READ, COPY_DST } = GPUBufferUsage;
      const staging = device.createBuffer({ size: bytes, usage: MAP_READ | COPY_DST });
      const data = new Uint8Array(bytes);
      const usWrite = await timed(() => {
        device.queue.writeBuffer(buffer, 0, data);
        device.queue.submit([]);
        return device.queue.onSubmittedWorkDone();
      });
      const usRead = await timed(async () => {
        const encoder = device.createCommandEncoder();
        encoder.copyBufferToBuffer(buffer, 0, staging, 0, bytes);
        device.queue.submit([encoder.finish()]);
        await staging.mapAsync(GPUMapMode.READ);
        staging.getMappedRange().slice(0);
        staging.unmap();
      });
      buffer.destroy();
      staging.destroy();
      return { usWrite, usRead };
    });
  }
}
