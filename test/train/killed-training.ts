// A training as a process of its own, which may be killed at any moment and started again:
//   killed-training.ts CHECKPOINT
// It prints `ready`, and in the end the bits of its weights. Most of its time goes into writing
// checkpoints: that is where it is killed most often.
import { callbacks, fit } from '../../src/index.ts';
import { bitsOf, imageTraining, logsOf } from './small-training.ts';

const file = process.argv[2] as string;
const { model, examples, options } = imageTraining();
console.log('ready');
const history = await fit(model, examples, {
  ...options,
  epochs: 6,
  resume: file,
  callbacks: [
    callbacks.reduceOnPlateau({ patience: 2, factor: 0.8 }),
    callbacks.earlyStopping({ patience: 30 }),
    callbacks.checkpoint(file, { everySteps: 1 }),
  ],
});
console.log(JSON.stringify({ weights: await bitsOf(model), logs: logsOf(history) }));
process.exit();
