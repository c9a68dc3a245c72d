import type { EpochResult, Progress, SetUp, TrainingState } from '../protocol.ts';
import { StepChart } from './charts/line-chart.ts';
import { ThinnedSeries } from './charts/thinned-series.ts';
import { element, show } from './element.ts';
import { counted, megabytes, nats, percent, whole } from './texts.ts';
import type { WorkerClient } from './worker-client.ts';

/** A chart drawn more often takes time from what it shows. */
const DRAW_EVERY_MS = 250;

/** Buttons that train, numbers and curves of how it gets on. */
export class TrainingPanel {
  readonly #loss = new StepChart(element('loss-chart', HTMLElement), {
    x: 'step',
    y: 'loss (nats)',
  });
  readonly #accuracy = new StepChart(element('accuracy-chart', HTMLElement), {
    ...{ x: 'step', y: 'images right', isShare: true },
  });
  #series = newSeries();
  #epoch: EpochResult | undefined;
  #steps = 0;
  #drawing: ReturnType<typeof setTimeout> | undefined;

  constructor(client: WorkerClient, reset: () => void) {
    const ask = (name: 'train' | 'pause' | 'step') => () => void client.ask(name);
    button('train').addEventListener('click', ask('train'));
    button('pause').addEventListener('click', ask('pause'));
    button('step').addEventListener('click', ask('step'));
    button('reset').addEventListener('click', reset);
    client.on('state', (state) => this.#enter(state));
    client.on('progress', (progress) => this.#progress(progress));
    client.on('epoch', (result) => this.#endEpoch(result));
  }

  /** Shows that nothing can be trained as yet. */
  wait(why: string): void {
    for (const name of ['train', 'pause', 'step'] as const) button(name).disabled = true;
    say(why);
  }

  /** Begins a new training with nothing shown. */
  begin({ device, data, lr }: SetUp): void {
    this.#series = newSeries();
    this.#epoch = undefined;
    this.#steps = 0;
    show('device-reason', `${device.reason}.`);
    show('data-facts', `${whole(data.train)} images to train on, ${whole(data.test)} to test on.`);
    element('lr', HTMLInputElement).placeholder = String(lr);
    for (const id of FIGURES) show(id, '–');
    this.#draw();
    this.#enter('ready');
  }

  #enter(state: TrainingState): void {
    const isTraining = state === 'training';
    button('train').disabled = isTraining;
    button('step').disabled = isTraining;
    button('pause').disabled = !isTraining;
    button('train').textContent = state === 'paused' || state === 'done' ? 'Train on' : 'Train';
    say(this.#sentence(state));
  }

  #sentence(state: TrainingState): string {
    const tested = this.#epoch
      ? ` ${percent(this.#epoch.testAccuracy)} of the test images are right.`
      : '';
    if (state === 'ready') return 'Ready: the weights are random.';
    if (state === 'training') return 'Training …';
    return `${state === 'done' ? 'Done' : 'Paused'} after ${counted(this.#steps, 'step')}.${tested}`;
  }

  #progress(progress: Progress): void {
    this.#steps = progress.step;
    show('step-number', whole(progress.step));
    show('epoch-number', `${progress.epoch} of ${progress.epochs}`);
    show('loss', `${nats(progress.loss)} nats`);
    show('accuracy', percent(progress.accuracy));
    show('speed', `${whole(progress.imagesPerSecond)} images/s`);
    show('memory', megabytes(progress.deviceBytes));
    this.#series.loss.add(progress.step, progress.loss);
    this.#series.accuracy.add(progress.step, progress.accuracy);
    this.#drawSoon();
  }

  #endEpoch(result: EpochResult): void {
    this.#epoch = result;
    show('test-loss', `${nats(result.testLoss)} nats`);
    show('test-accuracy', percent(result.testAccuracy));
    this.#series.testLoss.add(result.step, result.testLoss);
    this.#series.testAccuracy.add(result.step, result.testAccuracy);
    this.#drawSoon();
  }

  #drawSoon(): void {
    this.#drawing ??= setTimeout(() => this.#draw(), DRAW_EVERY_MS);
  }

  #draw(): void {
    clearTimeout(this.#drawing);
    this.#drawing = undefined;
    const { loss, accuracy, testLoss, testAccuracy } = this.#series;
    this.#loss.draw([
      { name: 'training', points: loss.points },
      { name: 'test', points: testLoss.points, isMarked: true },
    ]);
    this.#accuracy.draw([
      { name: 'training', points: accuracy.points },
      { name: 'test', points: testAccuracy.points, isMarked: true },
    ]);
  }
}

const FIGURES = [
  ...['step-number', 'epoch-number', 'loss', 'accuracy', 'test-loss', 'test-accuracy'],
  ...['speed', 'memory'],
];

function newSeries() {
  return {
    loss: new ThinnedSeries(),
    accuracy: new ThinnedSeries(),
    testLoss: new ThinnedSeries(),
    testAccuracy: new ThinnedSeries(),
  };
}

function button(id: string): HTMLButtonElement {
  return element(id, HTMLButtonElement);
}

function say(sentence: string): void {
  show('status', sentence);
}
