import type { MpiLibrary } from './mpi-library.ts';

/**
 * How this rank leaves, once all ranks have come to their ends: by MPI_Finalize. MPICH before 4.2 may wait in there
 * for ever when ranks of several machines talk by UCX: one rank has UCX wait for those that wait for the launcher by
 * then, and no longer answer (https://github.com/pmodels/mpich/pull/6596). There this rank tells the launcher
 * itself that it ends well, by the line that MPI_Finalize would write (PMI-1).
 */
export async function finalizerOf(
  library: MpiLibrary,
  env: NodeJS.ProcessEnv,
  size: number,
): Promise<() => void> {
  const { MPI_LOCALNRANKS: here, PMI_FD: launcher } = env;
  if (!launcher || Number(here) === size || !locksUpInFinalize(library.description())) {
    return () => library.finalize();
  }
  const { readSync, writeSync } = await import('node:fs');
  return () => {
    writeSync(Number(launcher), 'cmd=finalize\n');
    readSync(Number(launcher), new Uint8Array(1024)); // its answer
  };
}

/** By how an MPI describes itself. */
export function locksUpInFinalize(description: string): boolean {
  const version = /^MPICH Version:\s*(\d+)\.(\d+)/.exec(description);
  if (!version || !description.includes('ch4:ucx')) return false;
  const [major = 0, minor = 0] = version.slice(1).map(Number);
  return major < 4 || (major === 4 && minor < 2);
}
