import { EventEmitter } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { callbacks, crossEntropy, fit, optim } from '../../../src/index.ts';
import { progressBar } from '../../../src/node.ts';
import { perceptron, points } from '../small-training.ts';

const test = suite('progress');

/** Runs with a clock that says a step took so many seconds. */
async function withClock<T>(seconds: number, work: (tick: callbacks.Callback) => Promise<T>) {
  const { performance } = globalThis;
  let now = 0;
  const pass = () => {
    now += seconds * 1000;
  };
  const tick = { name: 'tick', onStepEnd: () => pass() };
  Object.defineProperty(globalThis, 'performance', {
    value: { now: () => now },
    configurable: true,
    writable: true,
  });
  try {
    return await work(tick);
  } finally {
    Object.defineProperty(globalThis, 'performance', {
      value: performance,
      configurable: true,
      writable: true,
    });
  }
}

function train(list: readonly callbacks.Callback[]) {
  const model = perceptron();
  return fit(model, points(20), {
    loss: crossEntropy,
    metrics: ['accuracy'],
    optimizer: optim.sgd(model.trainableVariables, { lr: 1e-3 }),
    validation: points(4),
    epochs: 2,
    batchSize: 5,
    callbacks: list,
  });
}

test('lines: now and then within an epoch, and one with all metrics after it', async () => {
  const lines: string[] = [];
  const stream = { write: (text: string) => void lines.push(text) };
  const history = await withClock(6, (tick) => train([tick, callbacks.progress({ stream })]));
  // Every 10 seconds: after the second and the fourth step of 6 seconds.
  assert.is(lines.length, 6);
  const facts = String.raw`loss \d\.\d{4}, accuracy \d\.\d{4}`;
  assert.match(lines[0]!, new RegExp(`^Epoch 1/2  10/20 examples, ${facts}, `));
  assert.match(lines[1]!, /^Epoch 1\/2 {2}20\/20 examples, .* 0 s left\n$/);
  const { loss, valAccuracy } = history.epochs[0]!;
  assert.match(lines[2]!, /^Epoch 1\/2 {2}24.0 s {2}loss /);
  assert.match(lines[2]!, `loss ${loss!.toFixed(4)}, `);
  assert.match(lines[2]!, `val accuracy ${valAccuracy!.toFixed(4)}, lr 0.001\n`);
  assert.match(lines[5]!, /^Epoch 2\/2/);
});

test('says why training was stopped', async () => {
  const lines: string[] = [];
  const stream = { write: (text: string) => void lines.push(text) };
  const stopper: callbacks.Callback = { name: 's', onStepEnd: (t) => t.stop('enough is enough') };
  await train([stopper, callbacks.progress({ stream })]);
  assert.equal(lines, ['Stopped: enough is enough\n']);
});

class Terminal extends EventEmitter {
  readonly isTTY: boolean;
  readonly columns = 120;
  text = '';
  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }
  write(text: string): boolean {
    this.text += text;
    return true;
  }
  cursorTo(): void {}
  moveCursor(): void {}
  clearLine(): void {}
}

test('a bar on a terminal, lines elsewhere', async () => {
  for (const isTTY of [true, false]) {
    const terminal = new Terminal(isTTY);
    const listeners = process.listenerCount('SIGINT');
    const stream = terminal as unknown as NodeJS.WriteStream;
    const bar = await progressBar(stream);
    const watch = {
      name: 'watch',
      onStepEnd: () => assert.is(process.listenerCount('SIGINT'), listeners),
    };
    await withClock(6, (tick) => train([tick, bar, watch]));
    assert.is(/[█▉▊▋▌▍▎▏=]/.test(terminal.text), isTTY);
    assert.is(/Epoch 1\/2 [^\n]* 100% 20\/20 examples, loss/.test(terminal.text), isTTY);
    // The cursor is not hidden.
    assert.not.match(terminal.text, '\x1b[?25l');
    assert.match(terminal.text, /Epoch 1\/2 {2}24.0 s {2}loss \d/);
    assert.match(terminal.text, /Epoch 2\/2 {2}24.0 s {2}loss \d/);
  }
});

test.run();
