import type { Planted } from '../mutant.ts';

/** What several ranks do together. */
export const ranks: readonly Planted[] = [
  {
    file: 'src/distributed/world.ts',
    tests: ['distributed/mpi'],
    changes: [
      ['own[i] = (own[i] as number) / this.size', 'own[i] = (own[i] as number) / 2'],
      ['await this.barrier();\n    this.isFinal = true;', 'await this.barrier();'],
    ],
  },
  {
    file: 'src/distributed/in-parts.ts',
    tests: ['distributed/world'],
    changes: [
      ['Math.ceil(values.length / length)', 'Math.floor(values.length / length)'],
      ['most / values.BYTES_PER_ELEMENT', 'most'],
    ],
  },
  {
    file: 'src/distributed/gradient-sums.ts',
    tests: ['optim/several-ranks'],
    changes: [
      ['      this.accumulated.drop();\n      throw error;', '      throw error;'],
      ['await editCells(begun, async', 'await editCells(begun.slice(1), async'],
      ['if (this.underway.size > 0) this.world.breakOff();', ''],
    ],
  },
  {
    file: 'src/distributed/buckets.ts',
    tests: ['optim/several-ranks'],
    changes: [
      ['sums.moveInto(flat, start);', 'sums.moveInto(flat, 0);'],
      ['b.end - a.end', 'a.end - b.end'],
    ],
  },
  {
    file: 'src/optim/accumulation.ts',
    tests: ['optim/several-ranks'],
    changes: [['early: ofAll?.early(sums) }', '}']],
  },
  {
    file: 'src/graph/schedule/schedule.ts',
    tests: ['optim/several-ranks'],
    changes: [['[...results, ...early, ...effects]', '[...early, ...results, ...effects]']],
  },
  {
    file: 'src/device/early-uses.ts',
    tests: ['optim/several-ranks'],
    changes: [['filter((isDone) => !isDone())', 'filter(() => true)']],
  },
  {
    file: 'src/optim/optimizer.ts',
    tests: ['optim/accumulation'],
    changes: [
      [
        'await sums.orDrop(() => this.update(undefined, alongside));',
        'await this.update(undefined, alongside);',
      ],
    ],
  },
  {
    file: 'src/distributed/launcher-socket.ts',
    tests: ['distributed/mpi'],
    changes: [
      ['env.PMI_FD = String(taken);', ''],
      ['if (taken < 0) {', 'if (taken < -1) {'],
    ],
  },
  {
    file: 'src/distributed/mpi.ts',
    tests: ['distributed/mpi'],
    changes: [
      ['if (!isFinal) leave(library', 'leave(library'],
      ['if (timeout === joined.timeout) return world;', 'return world;'],
    ],
  },
  {
    file: 'src/distributed/launcher.ts',
    tests: ['distributed/launcher'],
    changes: [
      ['env.PMI_RANK || env.PMI_ID || env.PMIX_RANK', 'env.PMI_RANK || env.PMIX_RANK'],
      [
        'return { kind: undefined, size: tasks };\n  if',
        'return { kind: undefined, size: undefined };\n  if',
      ],
      ['if (!here && SLURM_CPUS_PER_TASK)', 'if (SLURM_CPUS_PER_TASK)'],
      ["SLURM_GTIDS?.split(',').length ?? 1", '1'],
    ],
  },
  {
    file: 'src/data/pipeline/batched.ts',
    tests: ['distributed/training'],
    changes: [['Math.floor((of * (rank + 1)) / size) - from', 'Math.floor(of / size)']],
  },
  {
    file: 'src/train/ranks/shared-step.ts',
    tests: ['distributed/training'],
    changes: [
      ['stack([loss.div(ranks), ...sums])', 'stack([loss, ...sums])'],
      ["await world.allReduce(statistics, 'mean');", ''],
    ],
  },
  {
    file: 'src/train/ranks/start.ts',
    tests: ['distributed/training'],
    changes: [
      ['await world.broadcast(model.variables);', ''],
      ["await world.allReduce(first, 'min');", ''],
    ],
  },
  {
    file: 'src/train/ranks/agreement.ts',
    tests: ['distributed/training'],
    changes: [
      ['if (one === other) continue;', 'continue;'],
      ["await world.allReduce(any, 'max');", ''],
    ],
  },
  {
    file: 'src/train/callbacks/progress.ts',
    tests: ['train/callbacks/progress'],
    changes: [['ranksBefore === undefined || ranksBefore === ranks', 'ranksBefore === undefined']],
  },
  {
    file: 'src/train/callbacks/rank-times.ts',
    tests: ['train/callbacks/rank-times'],
    changes: [
      ["await world?.allReduce(least, 'min');", ''],
      ['time - last.time - (mpi - last.mpi)', 'time - last.time'],
      ['batch?.part?.count ?? batch?.count', 'batch?.count'],
    ],
  },
];
