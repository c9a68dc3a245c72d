import { requireFunction, requireOptions, requireText, requireWhole } from '../../arguments.ts';
import { ArgumentError } from '../../errors.ts';
import { runtime } from '../execution/current-runtime.ts';
import type { Runtime } from '../execution/runtime.ts';
import { KernelTable } from './kernel-table.ts';
import { type Span, SpanRecorder } from './span-recorder.ts';

export interface ProfileOptions {
  /** How often it is called for each of the two times; the quickest call counts. 5 if unsaid. */
  readonly calls?: number;
  /** A file for a trace that https://ui.perfetto.dev shows (Node only). */
  readonly trace?: string;
}

/** Where the time of a function goes; printed, it is a table. */
export class Profile extends KernelTable {
  /** Milliseconds of a call that was not watched, until the device had done what it asked for. */
  readonly ms: number;
  /** What a trace shows: when the program built, and the device ran, what. */
  readonly spans: readonly Span[];
  /** What the device's clock cannot tell, and how to have it told, if anything. */
  readonly note: string | undefined;

  /** @internal */
  constructor(ms: number, recorder: SpanRecorder) {
    super(recorder.dispatches);
    this.ms = ms;
    this.spans = recorder.spans;
    this.note = noteOf(this.us !== undefined, recorder.resolution);
  }

  /** Microseconds of all dispatches, one after the other; undefined where the device cannot tell. */
  get us(): number | undefined {
    const times = this.rows.map(({ us }) => us);
    return times.reduce(
      (sum, us) => (sum === undefined || us === undefined ? undefined : sum + us),
      0,
    );
  }

  /** The table as text, and the whole call below it. */
  override toString(): string {
    const { us, ms, note, dispatches } = this;
    const alone = us === undefined ? '' : `, one at a time ${us.toFixed(0)} µs`;
    const count = `${dispatches} ${dispatches === 1 ? 'dispatch' : 'dispatches'}`;
    const total = `${count}${alone}; the whole call, not split, ${(ms * 1e3).toFixed(0)} µs`;
    return [super.toString(), '', total, ...(note ? [note] : [])].join('\n');
  }
}

let isProfiling = false;

/**
 * Runs a function and tells which kernels its time goes to. `work` is called once so that everything is
 * compiled, then `calls` times as it always runs, for the time of the whole, and as often with a clock
 * around each dispatch, which waits for the device in between. So it must be something that can be done
 * again, such as a training step, and it must ask for what it computes.
 *
 * ```ts
 * console.log(await profile(() => optimizer.step(lossOf(batch))));
 * ```
 *
 * A GPU's dispatches are told apart by its own timestamps, from the end of one to the end of the next;
 * the CPU device's by the host's clock. Where a GPU has no timestamps, rows come without times, and
 * where its clock is coarse, `note` says so.
 *
 * @returns rows by kernel and shapes, and the time of the whole
 * @throws ArgumentError where `work` computes nothing on the device, where another profile is under way,
 *   for unknown options, and where `calls` is no whole number from 1
 * @throws FileError where the trace cannot be written
 * @throws what `work` throws
 */
export async function profile(work: () => unknown, options: ProfileOptions = {}): Promise<Profile> {
  requireFunction('profile', 'what it profiles', work);
  requireOptions('profile', options, ['calls', 'trace']);
  const { calls = 5, trace } = options;
  requireWhole('profile', { calls }, { from: 1 });
  if (trace !== undefined) requireText('profile', 'trace', trace);
  if (isProfiling) {
    throw new ArgumentError('profile: another profile is under way. Await it first.');
  }
  isProfiling = true;
  try {
    const on = await runtime();
    const call = async () => {
      const begun = performance.now();
      await work();
      // What it did not wait for is awaited here.
      await on.enqueue(() => on.device.finish());
      return performance.now() - begun;
    };
    await call();
    let ms = Number.POSITIVE_INFINITY;
    for (let i = 0; i < calls; i++) ms = Math.min(ms, await call());
    const watched: SpanRecorder[] = [];
    for (let i = 0; i < calls; i++) watched.push(await watch(call, on));
    const [quickest] = watched.sort((a, b) => a.ms - b.ms);
    if (!quickest?.dispatches.length) throw new ArgumentError(NOTHING);
    if (trace !== undefined) await (await import('./trace.ts')).writeTrace(trace, quickest.spans);
    return new Profile(ms, quickest);
  } finally {
    isProfiling = false;
  }
}

/** Makes a call with a clock around each dispatch. */
async function watch(call: () => Promise<unknown>, on: Runtime): Promise<SpanRecorder> {
  const recorder = new SpanRecorder(on.device);
  on.profiler = recorder;
  try {
    await call();
  } finally {
    on.profiler = undefined;
  }
  return recorder;
}

const NOTHING =
  'profile: the function computed nothing on the device when it was called again. Build tensors within ' +
  'it, and ask for their values there: await t.data(), await realize(t) or await optimizer.step(loss).';

/** A clock that counts in larger steps than this is coarse for a dispatch. */
const COARSE_MS = 0.01;

function noteOf(isTimed: boolean, resolution: number): string | undefined {
  if (!isTimed) {
    return (
      'This GPU, or its driver, has no timestamps (the feature timestamp-query), so what single ' +
      'dispatches take is not known.'
    );
  }
  if (resolution < COARSE_MS) return undefined;
  return (
    `The GPU's clock counts in steps of ${(resolution * 1e3).toFixed(0)} µs here, so that short dispatches ` +
    'seem to take no time: docs/profiling.md says how to have exact times.'
  );
}
