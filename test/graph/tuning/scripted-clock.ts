import type { Device, Dispatch, Recording } from '../../../src/device/device.ts';

/** A device whose clock says what a script does of each program; `timed` has the programs it was asked for. */
export function withClock(device: Device, milliseconds: (source: string) => number) {
  const dispatches = new WeakMap<Recording, readonly Dispatch[]>();
  const timed = new Set<string>();
  const record: Device['record'] = (given) => {
    const recording = device.record(given);
    dispatches.set(recording, given);
    return recording;
  };
  const time: Device['time'] = async (recording, copies) => {
    await device.submit(recording, copies);
    const times = (dispatches.get(recording) ?? []).map(({ kernel: { program } }) => {
      timed.add(program.source);
      return milliseconds(program.source);
    });
    return { begun: 0, encoded: 0, submitted: 0, finished: 0, dispatches: times, resolution: 0 };
  };
  const own: Partial<Device> = { record, time };
  const clocked = new Proxy(device, {
    get(target, key) {
      const value: unknown = Reflect.get(own, key) ?? Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { device: clocked, timed };
}
