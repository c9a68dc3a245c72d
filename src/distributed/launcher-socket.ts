import { DistributedError } from '../errors.ts';
import { loadPackage } from '../optional-package.ts';

/** Calls of Linux that reach into another process, by their numbers, which are those of all its processors. */
const PIDFD_OPEN = 434;
const PIDFD_GETFD = 438;

/**
 * The socket by which MPICH's `mpirun` talks to a rank is an open file that it has inherited, and that npm
 * and other programs between the two do not hand on: where it is missing it is taken from the one that has it.
 *
 * @throws DistributedError where the system does not allow that
 */
export async function inheritSocket(env: NodeJS.ProcessEnv): Promise<void> {
  if (!env.PMI_FD) return;
  const fd = Number(env.PMI_FD);
  const own = await socketOf('self', fd);
  const { holder, socket } = (await holderOf(fd, env)) ?? {};
  if (own !== undefined && (socket === undefined || own === socket)) return;
  const taken = holder === undefined ? -1 : await takenFrom(holder, fd);
  if (taken < 0) {
    throw new DistributedError(
      'mpirun talks to its ranks by an open file, which the program that it has started, such as npm, has ' +
        'not handed on. Start with mpirun -pmi-port …, or have it start node itself: mpirun -n 2 node ….',
    );
  }
  env.PMI_FD = String(taken);
}

/** The process above this one that has been given the socket. */
async function holderOf(
  fd: number,
  { PMI_FD, PMI_RANK }: NodeJS.ProcessEnv,
): Promise<{ readonly holder: number; readonly socket: number } | undefined> {
  const { readFile } = await import('node:fs/promises');
  const read = (pid: number, name: string) =>
    readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
  for (let pid = process.ppid; pid > 1; ) {
    const given = (await read(pid, 'environ')).split('\0');
    if (!given.includes(`PMI_FD=${PMI_FD}`) || !given.includes(`PMI_RANK=${PMI_RANK}`)) return;
    const socket = await socketOf(pid, fd);
    if (socket !== undefined) return { holder: pid, socket };
    pid = Number(/^PPid:\s*(\d+)/m.exec(await read(pid, 'status'))?.[1] ?? 0);
  }
}

/** Which socket an open file of a process is; undefined where it is none. */
async function socketOf(pid: number | 'self', fd: number): Promise<number | undefined> {
  const { fstatSync, statSync } = await import('node:fs');
  try {
    const about = pid === 'self' ? fstatSync(fd) : statSync(`/proc/${pid}/fd/${fd}`);
    return about.isSocket() ? about.ino : undefined;
  } catch {
    return undefined;
  }
}

/** The same open file in this process; below 0 where the system does not give it. */
async function takenFrom(pid: number, fd: number): Promise<number> {
  const { default: koffi } = await loadPackage('koffi', 'to call MPI', () => import('koffi'));
  const call = koffi.load(null).func('long syscall(long, long, long, long)');
  const process = Number(call(PIDFD_OPEN, pid, 0, 0));
  return process < 0 ? process : Number(call(PIDFD_GETFD, process, fd, 0));
}
