import { writeAtomically } from '../../files/atomic-file.ts';
import { LANES, type Span } from './span-recorder.ts';

/**
 * Writes spans as a trace of Chrome's format, which https://ui.perfetto.dev shows: a lane each for who
 * worked. Node only.
 * @throws FileError where the file cannot be written
 */
export function writeTrace(file: string, spans: readonly Span[]): Promise<void> {
  const lanes = LANES.map((name, tid) => ({
    ph: 'M',
    name: 'thread_name',
    pid: 1,
    tid,
    args: { name },
  }));
  const events = spans.map(({ lane, name, start, ms, facts }) => ({
    ph: 'X',
    name,
    cat: lane,
    pid: 1,
    tid: LANES.indexOf(lane),
    // In microseconds.
    ts: start * 1e3,
    dur: ms * 1e3,
    args: facts ?? {},
  }));
  return writeAtomically(file, `${JSON.stringify({ traceEvents: [...lanes, ...events] })}\n`);
}
