import { codeOf } from '../cause.ts';

/**
 * The mark of a process, in names of files: `<place>-<pid>-<start>`. A number of a process says little
 * by itself: two containers that share a folder may both have a process 7, and numbers are given
 * again. The place is where the number counts (Linux: this boot of the machine and the namespace of
 * its numbers; elsewhere the machine's name), the start when the process began (Linux; elsewhere 0). Older versions wrote the number alone.
 */
export const PROCESS_MARK = /(?:[0-9a-f]{8}-\d+-)?\d+/;

interface Place {
  readonly place: string;
  readonly self: string;
}

let known: Promise<Place> | undefined;

/** The mark of this process. Node only. */
export async function ownMark(): Promise<string> {
  const { self } = await here();
  return self;
}

/**
 * What can be known of the process with a mark: that it is running, that it is gone, or, from another
 * container or machine, nothing.
 */
export async function stateOf(mark: string): Promise<'running' | 'gone' | 'unknown'> {
  const { place, self } = await here();
  if (mark === self) return 'running';
  const [itsPlace, pid, start] = mark.split('-');
  if (itsPlace !== place) return 'unknown';
  if (!isRunning(Number(pid))) return 'gone';
  return (await startOf(Number(pid))) === start ? 'running' : 'gone';
}

function here(): Promise<Place> {
  known ??= (async () => {
    const { createHash } = await import('node:crypto');
    const { readFile, readlink } = await import('node:fs/promises');
    const { hostname } = await import('node:os');
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(hostname);
    const namespace = await readlink('/proc/self/ns/pid').catch(hostname);
    const place = createHash('sha256').update(`${boot} ${namespace}`).digest('hex').slice(0, 8);
    return { place, self: `${place}-${process.pid}-${await startOf(process.pid)}` };
  })();
  return known;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0); // signal 0 only asks
  } catch (error) {
    return codeOf(error) === 'EPERM'; // another user's
  }
}

/** When a process began, in ticks since the machine did; 0 where the system does not say. */
export async function startOf(pid: number): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name of the program, in brackets, may hold spaces and brackets itself: proc(5), field 22.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
}
