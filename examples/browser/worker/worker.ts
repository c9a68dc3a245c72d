// The worker of the page: everything that computes is in here, so that the page is free to draw.
import { DeviceLostError } from 'wgrad';
import type { Asking, Service, Telling } from '../protocol.ts';
import { CurrentSession } from './current-session.ts';
import { takeFiles } from './data-sets.ts';
import { describe } from './describe.ts';
import { viewLayer } from './layer-view.ts';
import { turn } from './turn.ts';
import { weightSpreads } from './weight-spreads.ts';
import { decodeWeights, encodeWeights } from './weights.ts';

type Answers = {
  [Name in keyof Service]: (
    ...args: Parameters<Service[Name]>
  ) => ReturnType<Service[Name]> | Promise<ReturnType<Service[Name]>>;
};

/** What is being answered: a device is closed when all of it is done. */
const answering = new Set<Promise<unknown>>();
const current = new CurrentSession((name, value) => tell({ kind: 'event', name, value }));

const answers: Answers = {
  setUp: async (settings) => (await current.setUp(settings, [...answering])).facts,
  train: async () => (await current.session).trainer.train(),
  step: async () => (await current.session).trainer.train(1),
  pause: async () => (await current.session).trainer.pause(),
  classify: async (image) => (await current.session).classify(image),
  testImage: async (index) => (await current.session).testImage(index),
  judge: async () => (await current.session).judge(),
  viewLayer: async (path, image) => viewLayer((await current.session).model, path, image),
  describe,
  async weights() {
    const { model, settings } = await current.session;
    return encodeWeights(model, settings);
  },
  async setWeights(file) {
    const { model, trainer } = await current.session;
    await decodeWeights(model, file);
    trainer.tellState();
  },
  takeFiles,
  async weightSpreads() {
    const { model, images, trainer } = await current.session;
    const { steps } = trainer.done;
    return { steps, spreads: await weightSpreads(model, images.train) };
  },
};

async function answerTo({ name, args }: Asking): Promise<unknown> {
  const answer = answers[name] as (...args: unknown[]) => unknown;
  if (name === 'setUp') return answer(...args);
  const answered = answerOrRecover(() => answer(...args));
  answering.add(answered);
  try {
    return await answered;
  } finally {
    answering.delete(answered);
  }
}

/** Answers a question; once more where the device was lost over it. */
async function answerOrRecover(answer: () => unknown): Promise<unknown> {
  const asked = current.session;
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof DeviceLostError)) throw error;
    await current.recover(asked, error);
    await turn(); // a training that goes on has begun then
    return await answer();
  }
}

function tell(telling: Telling): void {
  postMessage(telling);
}

addEventListener('message', async ({ data }: MessageEvent<Asking>) => {
  const { id } = data;
  try {
    tell({ kind: 'answer', id, value: await answerTo(data) });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    tell({ kind: 'error', id, name, message });
  }
});
