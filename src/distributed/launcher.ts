import { DistributedError } from '../errors.ts';
import type { MpiKind } from './mpi-library.ts';

/** What a launcher tells the programs it starts: whose MPI it speaks, and how many there are, as far as it says. */
interface Launch {
  readonly kind: MpiKind | undefined;
  readonly size: number | undefined;
}

/**
 * How this program was started; undefined where by nobody who starts ranks.
 * @throws DistributedError where SLURM has started it several times without a word of MPI
 */
export function launchIn(env: NodeJS.ProcessEnv): Launch | undefined {
  if (env.OMPI_COMM_WORLD_SIZE) return { kind: 'Open MPI', size: Number(env.OMPI_COMM_WORLD_SIZE) };
  if (env.PMI_SIZE) return { kind: 'MPICH', size: Number(env.PMI_SIZE) };
  const tasks = env.SLURM_STEP_NUM_TASKS ? Number(env.SLURM_STEP_NUM_TASKS) : undefined;
  // Several kinds start by these, and do not say how many.
  if (env.PMI_RANK || env.PMI_ID || env.PMIX_RANK) return { kind: undefined, size: tasks };
  if (tasks === undefined || tasks === 1) return undefined;
  if (env.WGRAD_MPI) return { kind: undefined, size: tasks };
  throw new DistributedError(
    `srun has started ${tasks} tasks, and does not join them by MPI: each would be alone. ` +
      'Start with srun --mpi=pmi2 (MPICH), or by mpirun in the batch script.',
  );
}

/** How many threads a rank has, where nobody has said it: its part of the processors that it may run on. */
export function threadsIn(env: NodeJS.ProcessEnv, processors: number): number {
  const { MPI_LOCALNRANKS, OMPI_COMM_WORLD_LOCAL_SIZE, SLURM_CPUS_PER_TASK, SLURM_GTIDS } = env;
  const here = MPI_LOCALNRANKS ?? OMPI_COMM_WORLD_LOCAL_SIZE;
  // Where a task is given processors srun may let it run on those alone.
  if (!here && SLURM_CPUS_PER_TASK) return Math.min(processors, Number(SLURM_CPUS_PER_TASK));
  const ranks = here ? Number(here) : (SLURM_GTIDS?.split(',').length ?? 1);
  return Math.max(1, Math.floor(processors / ranks));
}
