import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { report } from '../../../src/node.ts';
import { asProgram, type Reader } from './fuzz.ts';
import { type Chance, damaged, damagedJson } from './mutations.ts';
import { ScratchFile } from './scratch-file.ts';

const file = new ScratchFile('run', 'settings.json');
const run = dirname(file.path);
const epoch = { epoch: 1, loss: 0.5, valLoss: 0.6, valAccuracy: 0.8, lr: 0.001, seconds: 61 };
const score = { precision: 1, recall: 0.75, f1: 0.8, support: 4 };
const whole: Readonly<Record<string, unknown>> = {
  'settings.json': { command: 'npm run mnist', model: 'dnn', seed: 1, lr: 0.001, nested: { a: 1 } },
  'history.json': [epoch, { ...epoch, epoch: 2, loss: null }],
  'metrics.json': {
    ...{ status: 'finished', accuracy: 0.9, macroF1: 0.8, logLoss: 0.3, classNames: ['a', 'b'] },
    ...{
      confusion: [
        [3, 1],
        [0, 2],
      ],
      perClass: [score, score],
    },
    roc: [
      { fpr: [0, 1], tpr: [0, 1], auc: 0.5 },
      { fpr: [], tpr: [], auc: null },
    ],
  },
  'samples.json': [{ image: 'data:image/png;base64,AAAA', label: 'a', predicted: 'b' }],
  'owner.json': { host: 'here', pid: 1 },
};

/** The files of a run, two of them damaged, as JSON of their texts. */
function input(chance: Chance): Uint8Array {
  const texts = Object.entries(whole).map(([name, value]) => [name, JSON.stringify(value)]);
  for (let left = 2; left > 0; left--) {
    const one = chance.pick(texts) as [string, string];
    if (chance.below(3) === 0) {
      const bytes = Buffer.from(one[1]);
      one[1] = Buffer.from(damaged(bytes, bytes, chance)).toString();
    } else one[1] = JSON.stringify(damagedJson(whole[one[0]], chance)) ?? '';
  }
  return Buffer.from(JSON.stringify(Object.fromEntries(texts)));
}

export const runs: Reader = {
  name: 'runs',
  input,
  async read(input) {
    for (const [name, text] of Object.entries<string>(JSON.parse(Buffer.from(input).toString()))) {
      writeFileSync(join(run, name), text);
    }
    const { problems } = await report.readRun(run);
    // Pages and their pictures take a hundred times as long as what they are about.
    if (input.length % 20 === 0) await report.writeIndex(file.folder);
    if (input.length % 200 === 0) await report.writeReport(run);
    if (problems.some((problem) => problem.length > 2000)) throw new Error('a long problem');
  },
};

await asProgram(import.meta, runs);
