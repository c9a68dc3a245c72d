import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { locksUpInFinalize } from '../../src/distributed/finalize.ts';
import { loadMpi } from '../../src/distributed/mpi-library.ts';
import { mpi, World } from '../../src/distributed.ts';
import { tensor, Variable } from '../../src/index.ts';
import { launchers, ranks, script } from './mpirun.ts';

const test = suite('distributed/mpi');

const thrown = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (reason: Error) => reason,
  );
  return `${error?.name}: ${error?.message}`;
};

test('without a launcher there is one rank, whose calls leave all as it is', async () => {
  const world = await mpi();
  assert.ok(world instanceof World);
  assert.equal([world.rank, world.size], [0, 1]);
  const values = Float32Array.of(1, 2);
  await world.allReduce(values, 'mean');
  await world.broadcast(values);
  await world.barrier();
  const variable = new Variable(tensor([3, 4]));
  await world.allReduce([variable]);
  assert.equal([...values, ...(await variable.data())], [1, 2, 3, 4]);
  assert.throws(() => world.abort(new RangeError('why')), /why/);
});

test('the world has one timeout: another is refused', async () => {
  const world = await mpi({ timeout: 1800 }); // as by default
  assert.is(await mpi(), world);
  assert.is(
    await thrown(mpi({ timeout: 5 })),
    'DistributedError: mpi: the ranks are joined already, with a timeout of 1800 s; got one of 5 s. ' +
      'Give it in the first call; later ones do without.',
  );
  assert.is(await mpi(), world);
});

test('what makes no sense is refused', async () => {
  const world = await mpi();
  const of = (values: unknown) => thrown(world.allReduce(values as Float32Array));
  assert.match(await of([1, 2].values()), /^ArgumentError: allReduce: takes a Float32Array/);
  assert.match(
    await thrown(world.broadcast(Float32Array.of(1), 1)),
    /^ArgumentError: broadcast: from/,
  );
  const count = new Variable(tensor([1], { dtype: 'i32' }));
  assert.match(
    await thrown(world.allReduce([count])),
    /^DTypeError: allReduce: variable 'variable' is i32/,
  );
  assert.match(
    await thrown(world.allReduce(Float32Array.of(1), 'median' as 'sum')),
    /ArgumentError/,
  );
  assert.match(await thrown(mpi({ timeout: 0 })), /^ArgumentError: mpi: timeout/);
  assert.match(
    await thrown(loadMpi(undefined, 'libno.so')),
    /^DistributedError: .*WGRAD_MPI=libno.so/,
  );
});

test('MPICH over UCX is told by its version, where it locks up in MPI_Finalize', () => {
  const told = (version: string, device: string) =>
    locksUpInFinalize(`MPICH Version:\t${version}\nMPICH Device:\t${device}\n`);
  assert.equal(
    ['3.4.1', '4.0.2', '4.1.2', '4.2.0', '5.0.0'].map((version) => told(version, 'ch4:ucx')),
    [true, true, true, false, false],
  );
  assert.not(told('4.0.2', 'ch4:ofi'));
  assert.not(locksUpInFinalize('Open MPI v4.1.4, package: ch4:ucx'));
});

for (const launcher of launchers) {
  test(`${launcher.name}: three ranks reduce and broadcast`, async () => {
    const { results, code, stderr } = await ranks(3, 'calls', [], { launcher });
    assert.is(code, 0, stderr);
    const all: readonly { readonly rank: number }[] = results;
    assert.equal(
      all.map(({ rank }) => rank),
      [0, 1, 2],
    );
    for (const { rank: _, ...result } of all) {
      assert.equal(result, {
        size: 3,
        sums: [3, 3000],
        max: [0.1 * 3, 0],
        min: [0, 7],
        mean: [1, 1],
        bytes: [2, 2, 3],
        weight: [2, 11],
        doubled: [4, 22],
        count: [2],
        stale: 'StaleTensorError',
        waited: true,
        same: true,
      });
    }
  });

  const endings = {
    throws: /Rank 1 of 2 has failed and ends all: Error: the disk is full/,
    exits: /Rank 1 of 2 ended with code 3/,
    dies: /./,
    aborts: /Rank 1 of 2 has failed and ends all: RangeError: no such image/,
    sleeps: /Rank 0 of 2 has failed and ends all: DistributedError: allReduce has waited 3 s/,
  };
  for (const [how, message] of Object.entries(endings)) {
    test(`${launcher.name}: a rank that ${how} ends all`, async () => {
      const { code, stdout, stderr } = await ranks(2, 'failing', [how], {
        launcher,
        killAfter: 30,
      });
      assert.is.not(code, 0);
      assert.not.match(stdout, /all is well/);
      assert.match(`${stderr}${stdout}`, message);
    });
  }
}

for (const launcher of launchers) {
  test(`${launcher.name}: after finalize each rank ends with a code of its own, and calls are refused`, async () => {
    const { code, stdout, stderr } = await ranks(2, 'failing', ['leaves'], { launcher });
    assert.is(code, 3, stderr);
    assert.is(stdout.match(/^DistributedError: A rank that has called finalize/gm)?.length, 2);
    assert.not.match(stderr, /which ends all|has failed/);
  });
}

test('MPICH’s ranks may be started by a port, or by a program that hands on no open files', async () => {
  const [launcher] = launchers;
  if (launcher?.name !== 'MPICH') return;
  const port = { ...launcher, command: [...launcher.command, '-pmi-port'] };
  const closing = [
    'bash',
    '-c',
    'for fd in {3..99}; do eval "exec $fd>&-"; done; "$@"; exit $?',
    '',
  ];
  const node = script(fileURLToPath(new URL('programs/calls.ts', import.meta.url)));
  for (const outcome of [
    await ranks(2, 'calls', [], { launcher: port }),
    await ranks(2, ['bash', '-c', '"$@"; exit $?', '', ...closing, ...node]),
  ]) {
    assert.is(outcome.code, 0, outcome.stderr);
    const all: readonly { readonly size: number }[] = outcome.results;
    assert.equal(
      all.map(({ size }) => size),
      [2, 2],
    );
  }
});

test('where nobody has the open file any more, it says how to start', async () => {
  process.env.PMI_FD = '99';
  process.env.PMI_RANK = '0';
  process.env.PMI_SIZE = '2';
  try {
    const { code, stderr } = await ranks(0, 'calls');
    assert.is(code, 1);
    assert.match(
      stderr,
      /^DistributedError: mpirun talks to its ranks .* Start with mpirun -pmi-port/m,
    );
  } finally {
    for (const name of ['PMI_FD', 'PMI_RANK', 'PMI_SIZE']) delete process.env[name];
  }
});

test('a library that is not the launcher’s is told', async () => {
  if (launchers.length < 2) return;
  process.env.WGRAD_MPI = 'libmpi.so.40';
  try {
    const { code, stderr } = await ranks(2, 'calls');
    assert.is.not(code, 0);
    assert.match(stderr, /The launcher has started 2 ranks, and libmpi.so.40 sees 1/);
  } finally {
    delete process.env.WGRAD_MPI;
  }
});

test.run();
