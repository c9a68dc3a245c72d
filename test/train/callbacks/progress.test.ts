import { EventEmitter } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { callbacks, crossEntropy, fit, type Loss, optim } from '../../../src/index.ts';
import { progressBar } from '../../../src/node.ts';
import { linesOn, progressOn } from '../../../src/train/callbacks/progress.ts';
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

function train(list: readonly callbacks.Callback[], loss: Loss = crossEntropy) {
  const model = perceptron();
  return fit(model, points(20), {
    loss,
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

test('says what changes where other ranks go on, and nothing where as many do', async () => {
  const said = async (ranksBefore: number | undefined) => {
    const lines: string[] = [];
    const progress = callbacks.progress({ stream: { write: (text) => void lines.push(text) } });
    const resumed: callbacks.Callback = {
      name: 'resumed',
      onTrainBegin(training) {
        training.ranksBefore = ranksBefore;
      },
    };
    await train([resumed, progress]);
    return lines.filter((line) => line.startsWith('Goes on'));
  };
  assert.equal(await said(undefined), []);
  assert.equal(await said(1), []);
  const [line = '', ...others] = await said(2);
  assert.equal(others, []);
  assert.match(
    line,
    /^Goes on as 1 rank with 5 examples each of a batch of 5, after 2 ranks with 2.5 examples each: /,
  );
});

test('a clock that stands still, and a loss that has no bounds', async () => {
  const lines: string[] = [];
  const stream = { write: (text: string) => void lines.push(text) };
  const eager = progressOn(stream, (title, examples) => ({
    ...linesOn(stream, title, examples),
    interval: 0,
  }));
  for (const [factor, loss] of [
    [Infinity, '∞'],
    [1e12, String.raw`\d\.\d\de\+1\d`],
  ] as const) {
    lines.length = 0;
    await withClock(0, () => train([eager], (...given) => crossEntropy(...given).mul(factor)));
    const facts = `loss ${loss}, accuracy 0\\.\\d{4}, some time left`;
    assert.match(lines[0]!, new RegExp(`^Epoch 1/2 {2}5/20 examples, ${facts}\n$`));
    assert.not.match(lines.join(''), 'Infinity');
  }
});

class Terminal extends EventEmitter {
  readonly isTTY: boolean;
  readonly columns: number;
  text = '';
  constructor(isTTY: boolean, columns = 120) {
    super();
    this.isTTY = isTTY;
    this.columns = columns;
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
    assert.is(/Epoch 1\/2 [^\n]* 100% loss \d\.\d{4}, accuracy/.test(terminal.text), isTTY);
    // The cursor is not hidden.
    assert.not.match(terminal.text, '\x1b[?25l');
    assert.match(terminal.text, /Epoch 1\/2 {2}24.0 s {2}loss \d/);
    assert.match(terminal.text, /Epoch 2\/2 {2}24.0 s {2}loss \d/);
  }
});

/** What a bar showed, one text a redraw, without what moves the cursor. */
function shown(text: string): string[] {
  const redraws = text.split('\x1b').map((part) => part.replace(/^\[\d[GK]/, ''));
  return redraws.filter((line) => line.startsWith('Epoch'));
}

test('a bar fits 80 columns with loss, accuracy, rate and time left', async () => {
  const terminal = new Terminal(true, 80);
  const bar = await progressBar(terminal as unknown as NodeJS.WriteStream);
  await withClock(1300, (tick) => train([tick, bar]));
  const bars = shown(terminal.text).filter((line) => line.includes('left'));
  assert.ok(bars.length >= 2); // the last of each epoch; others as time allows
  for (const line of bars) {
    assert.ok(line.length <= 80, line);
    const facts = String.raw`loss \d\.\d{4}, accuracy \d\.\d{4}, [\d.]+/s, \d+ (min \d+ )?s left`;
    assert.match(line, new RegExp(String.raw`^Epoch [12]/2 [=-]{5,24} \d+% ${facts}$`));
  }
});

test('what a narrow terminal has no room for is left out of a bar', async () => {
  const terminal = new Terminal(true, 54);
  const bar = await progressBar(terminal as unknown as NodeJS.WriteStream);
  await withClock(6, (tick) => train([tick, bar]));
  const bars = shown(terminal.text).filter((line) => line.includes('left'));
  for (const line of bars) {
    assert.match(line, /^Epoch [12]\/2 [=-]{5,24} \d+% loss \d\.\d{4}, 1\.11\/s, \d+ s left$/);
    assert.ok(line.length <= 54, line);
  }
});

test.run();
