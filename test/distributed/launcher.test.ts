// What the environment tells of who has started a rank.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launchIn, threadsIn } from '../../src/distributed/launcher.ts';
import { DistributedError } from '../../src/index.ts';
import { refuses } from '../tensor/refusal.ts';

const test = suite('distributed: launchers');

test('a launcher is known by its variables, with the MPI that it speaks and the number of ranks', () => {
  const inStep = { SLURM_STEP_NUM_TASKS: '4' };
  const unknown = { kind: undefined, size: undefined };
  assert.is(launchIn({}), undefined);
  assert.equal(launchIn({ OMPI_COMM_WORLD_SIZE: '3', PMIX_RANK: '0', ...inStep }), {
    kind: 'Open MPI',
    size: 3,
  });
  // Hydra starts its proxies by srun, one for each node, and they the ranks.
  assert.equal(launchIn({ PMI_SIZE: '2', PMI_RANK: '0', ...inStep }), { kind: 'MPICH', size: 2 });
  for (const name of ['PMI_RANK', 'PMI_ID', 'PMIX_RANK']) {
    assert.equal(launchIn({ [name]: '1' }), unknown);
    assert.equal(launchIn({ [name]: '1', ...inStep }), { ...unknown, size: 4 });
  }
});

test('tasks of SLURM that nothing joins are refused, lest each of them train alone', () => {
  refuses(
    () => launchIn({ SLURM_STEP_NUM_TASKS: '4' }),
    DistributedError,
    /^srun has started 4 tasks, .* Start with srun --mpi=pmi2/,
  );
  assert.is(launchIn({ SLURM_STEP_NUM_TASKS: '1' }), undefined);
  // A library that is named may have means of its own, and is to see them all.
  const named = { SLURM_STEP_NUM_TASKS: '4', WGRAD_MPI: 'libmpi.so' };
  assert.equal(launchIn(named), { kind: undefined, size: 4 });
});

test('ranks share the processors of their machine, where SLURM has not given each its own', () => {
  assert.is(threadsIn({}, 8), 8);
  assert.is(threadsIn({ MPI_LOCALNRANKS: '3' }, 8), 2);
  assert.is(threadsIn({ OMPI_COMM_WORLD_LOCAL_SIZE: '2' }, 8), 4);
  assert.is(threadsIn({ MPI_LOCALNRANKS: '9' }, 8), 1);
  assert.is(threadsIn({ SLURM_GTIDS: '4,5,6,7' }, 8), 2);
  assert.is(threadsIn({ SLURM_GTIDS: '4,5', SLURM_CPUS_PER_TASK: '4' }, 8), 4);
  // What was asked for in the batch script, and not of srun.
  assert.is(threadsIn({ SLURM_GTIDS: '4,5', SLURM_CPUS_PER_TASK: '4' }, 1), 1);
  assert.is(threadsIn({ MPI_LOCALNRANKS: '2', SLURM_CPUS_PER_TASK: '8', SLURM_GTIDS: '0' }, 8), 4);
});

test.run();
