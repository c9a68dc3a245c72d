// Trains a small model and hands over, on each rank, what came of it. The options are JSON.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mpi } from '../../../src/distributed.ts';
import { callbacks, data, fit, nn, optim, random, setDevice } from '../../../src/index.ts';
import { handOver } from './hand-over.ts';

interface Options {
  readonly optimizer?: 'sgd' | 'adam';
  readonly clipNorm?: number;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly examples?: number;
  readonly mask?: boolean;
  readonly batchNorm?: boolean;
  readonly augment?: boolean;
  readonly validate?: boolean;
  readonly compile?: boolean;
  readonly precision?: 'f32' | 'f16';
  readonly progress?: boolean;
  readonly checkpoint?: string;
  /** Without kinks, across which rounding may lead one training and not the other. */
  readonly smooth?: boolean;
  /** With enough weights for several buckets of gradients. */
  readonly wide?: boolean;
  readonly everySteps?: number;
  readonly timeout?: number;
  /** The rank that differs, and in what; and what happens to it in which step. */
  readonly odd?: { readonly rank: number; readonly option: string };
  readonly fails?: { readonly rank: number; readonly step: number; readonly how: string };
}

const options: Options = JSON.parse(process.argv[2] ?? '{}');
const world = await mpi({ timeout: options.timeout ?? 60 });
await setDevice('wasm');
const { optimizer = 'sgd', epochs = 10, batchSize = 20, examples = 200 } = options;
const odd = options.odd?.rank === world.rank ? options.odd.option : undefined;

random.seed(odd === 'seed' ? 3 : 1); // the weights of rank 0 count
const activation = options.smooth ? 'tanh' : 'relu';
const layers = [
  nn.conv2d(4, 5, { strides: 4 }),
  ...(options.batchNorm ? [nn.batchNorm()] : []),
  nn.flatten(),
  ...(options.wide ? [nn.dense(512, { activation }), nn.dense(256, { activation })] : []),
  nn.dense(odd === 'model' ? 17 : 16, { activation, kernelRegularizer: nn.l2(1e-3) }),
  nn.dropout(0.3),
  nn.dense(10),
];
const model = nn.sequential(layers).build([28, 28, 1]);
const { train, test } = data.syntheticDigits({ train: examples, test: 50, seed: 1 });
let set = data.fromImages(train).take(odd === 'data' ? examples - 1 : examples);
if (options.augment) set = set.map(data.augment([data.randomShift(0.1)]));
if (options.mask) {
  set = set.map((batch) => ({ ...batch, mask: batch.targets.notEqual(3) }));
}
const { clipNorm } = options;
const { precision = 'f32' } = options;
// So large a scale that gradients overflow at first.
const scale = precision === 'f16' ? { lossScale: { initial: 2 ** 24, growthInterval: 20 } } : {};
const settings = { lr: options.wide ? 0.002 : 0.02, ...(clipNorm ? { clipNorm } : {}), ...scale };
const losses: number[] = [];
const controller = new AbortController();
const trainer =
  optimizer === 'sgd'
    ? optim.sgd(model.variables, { ...settings, momentum: 0.9 })
    : optim.adam(model.variables, settings);
const history = await fit(model, set, {
  loss: 'crossEntropy',
  metrics: ['accuracy'],
  optimizer: trainer,
  precision,
  epochs,
  batchSize: odd === 'batchSize' ? 10 : batchSize,
  ...(options.validate ? { validation: data.fromImages(test) } : {}),
  compile: options.compile ?? true,
  world,
  signal: controller.signal,
  ...(options.checkpoint ? { resume: options.checkpoint } : {}),
  callbacks: [
    {
      name: 'losses',
      async onStepEnd(training) {
        losses.push((await training.loss?.item()) ?? 0);
        const { rank, step, how } = options.fails ?? {};
        if (training.totalSteps !== step || rank !== world.rank) return;
        if (how === 'throws') throw new RangeError('the picture is damaged');
        if (how === 'dies') process.kill(process.pid, 'SIGKILL');
        if (how === 'cuts') execFileSync('ip', ['-n', 'switch', 'link', 'set', 'port3', 'down']);
        if (how === 'aborts') controller.abort();
        if (how === 'stops') training.stop('it is late');
      },
      onValidationBegin({ epoch }) {
        const { rank, step, how } = options.fails ?? {};
        if (how !== 'aborts validation' || rank !== world.rank || step !== epoch) return;
        controller.abort();
      },
    },
    ...(options.progress ? [callbacks.progress()] : []),
    ...(options.checkpoint
      ? [callbacks.checkpoint(options.checkpoint, { everySteps: options.everySteps ?? 5 })]
      : []),
  ],
});
const hash = createHash('sha256');
const weights: number[] = [];
for (const variable of model.variables) {
  const values = await variable.data();
  hash.update(values);
  weights.push(...values.slice(0, 20));
}
/** Bytes that have come by the network, where this is a host laid by hosts.sh. */
const counter = '/sys/class/net/eth0/statistics/rx_bytes';
const received = existsSync(counter) ? Number(readFileSync(counter, 'utf8')) : 0;
handOver({
  rank: world.rank,
  received,
  losses,
  weights,
  hash: hash.digest('hex'),
  ending: history.ending,
  scale: [...((await trainer.lossScale?.state.data()) ?? [])],
  epochs: history.epochs.map(({ seconds: _, ...logs }) => logs),
});
