import type { DeviceCounters } from './device.ts';

/** The counters of a device that has done nothing yet. */
export function newCounters(): DeviceCounters {
  return {
    buffers: 0,
    bytes: 0,
    buffersCreated: 0,
    pipelines: 0,
    bindGroups: 0,
    submits: 0,
    dispatches: 0,
  };
}
