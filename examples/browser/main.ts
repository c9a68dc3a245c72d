// The playground: a page around a worker that trains. This file introduces the parts to each other.
import { DrawingPanel } from './page/drawing-panel.ts';
import { show } from './page/element.ts';
import { FilesPanel } from './page/files-panel.ts';
import { GradientPanel } from './page/gradient-panel.ts';
import { InsidePanel } from './page/inside-panel.ts';
import { afterSleep, keep } from './page/keeping.ts';
import { ModelPanel } from './page/model-panel.ts';
import { SettingsForm } from './page/settings-form.ts';
import { TestPanel } from './page/test-panel.ts';
import { megabytes } from './page/texts.ts';
import { TrainingPanel } from './page/training-panel.ts';
import { WorkerClient } from './page/worker-client.ts';
import { fromHash, toHash } from './settings/link.ts';
import type { Settings } from './settings/settings.ts';

const client = new WorkerClient();
const form = new SettingsForm(fromHash(location.hash), setUp);
const training = new TrainingPanel(client, () => setUp(form.read()));
const model = new ModelPanel(client);
const inside = new InsidePanel(client);
const drawing = new DrawingPanel(client, (image) => inside.choose(image));
const test = new TestPanel(client, ({ pixels }) => {
  inside.choose(pixels);
  document.getElementById('inside-layer')?.focus();
});
const gradients = new GradientPanel(client);
new FilesPanel(client, () => {
  form.write({ ...form.read(), data: 'files' });
  void setUp(form.read());
});

client.on('download', ({ received, total }) => {
  training.wait(`${megabytes(received)} of ${megabytes(total)} of images are here …`);
});
client.on('failed', (message) => training.wait(message));
client.on('recovered', ({ why, reason }) => {
  show(
    'notice',
    `The device was lost; weights and optimizer go on from at most two seconds before. (${why})`,
  );
  show('device-reason', `${reason}.`);
});

/** Begins anew with these settings. */
async function setUp(settings: Settings): Promise<void> {
  const hash = toHash(settings);
  history.replaceState(null, '', hash ? `#${hash}` : location.pathname + location.search);
  show('notice', '');
  training.wait('Getting ready …');
  try {
    const ready = await client.ask('setUp', settings);
    training.begin(ready);
    model.begin(ready.model);
    test.begin(ready.classes);
    gradients.begin(settings);
    void inside.begin(ready.model.layers);
    drawing.begin(ready.classes, ready.data.test);
  } catch (error) {
    training.wait(error instanceof Error ? error.message : String(error));
  }
}

/** Begins with what the link says, or where the browser had put the tab away. */
async function start(): Promise<void> {
  const kept = await afterSleep().catch(() => undefined);
  if (!kept) return setUp(form.read());
  form.write(kept.settings);
  await setUp(kept.settings);
  await client.ask('setWeights', new File([kept.weights], 'the weights of before'));
  show('notice', 'The browser had put this page away. It goes on from the weights of then.');
}

addEventListener('hashchange', () => {
  form.write(fromHash(location.hash));
  void setUp(form.read());
});
// A page that is hidden may never be asked again.
document.addEventListener('visibilitychange', async () => {
  if (document.visibilityState === 'visible') return;
  const settings = form.read();
  const weights = await client.ask('weights').catch(() => undefined);
  if (weights) await keep({ settings, weights }).catch(() => undefined);
});

void start();
