import { type nn, type optim, random, tensor } from 'wgrad';
import { IMAGE_SHAPE } from '../../mnist/models.ts';
import { optimizers } from '../../mnist/optimizers.ts';
import { makeModel } from '../models/catalogue.ts';
import type { Judgement, SetUp, TestImage } from '../protocol.ts';
import type { Settings } from '../settings/settings.ts';
import { Backup } from './backup.ts';
import { type Images, loadImages } from './data-sets.ts';
import type { Emit } from './emit.ts';
import { factsOf } from './model-facts.ts';
import { useDevice } from './open-device.ts';
import { judge, pixelsOf } from './test-images.ts';
import { type Done, type Trained, Trainer } from './trainer.ts';

/** All that settings ask for: device, images, a model with its first weights, and its training. */
export class Session implements Trained {
  readonly settings: Settings;
  readonly images: Images;
  readonly model: nn.Layer;
  readonly optimizer: optim.Optimizer;
  readonly backup: Backup;
  readonly trainer: Trainer;
  readonly facts: SetUp;

  private constructor(
    settings: Settings,
    images: Images,
    device: SetUp['device'],
    emit: Emit,
    onError: (error: unknown) => void,
    done: Done | undefined,
  ) {
    random.seed(settings.seed); // of the first weights
    const model = makeModel(settings.model, settings.layers);
    const { lr, make } = optimizers[settings.optimizer];
    const rate = settings.lr ?? lr;
    this.settings = settings;
    this.images = images;
    this.model = model;
    this.optimizer = make(model.trainableVariables, () => rate);
    this.facts = {
      device,
      data: { source: images.source, train: images.train.count, test: images.test.count },
      classes: images.classNames,
      model: factsOf(model),
      lr: rate,
    };
    this.backup = new Backup(this);
    this.trainer = new Trainer(this, emit, onError, done);
  }

  /** `former` is what was trained before the device was lost. */
  static async open(
    settings: Settings,
    emit: Emit,
    onError: (error: unknown) => void,
    former?: Session,
  ): Promise<Session> {
    const { device, reason } = await useDevice(settings);
    const { kind, name } = device;
    const images = await loadImages(settings, emit);
    const computing = { kind, name, reason };
    const session = new Session(settings, images, computing, emit, onError, former?.trainer.done);
    if (former) await session.backup.takeOver(former.backup);
    return session;
  }

  /** The probability of each class for an image. */
  async classify(image: Uint8Array): Promise<number[]> {
    const input = tensor(image, [1, ...IMAGE_SHAPE])
      .cast('f32')
      .div(255);
    return [...(await this.model.forward(input).softmax().data())];
  }

  testImage(index: number): TestImage {
    const { test } = this.images;
    return { pixels: pixelsOf(test, index), label: test.labels[index] ?? 0 };
  }

  /** What the model takes the test images for. */
  judge(): Promise<Judgement> {
    const { steps } = this.trainer.done;
    return judge(this.model, this.images.test, this.images.classes, steps);
  }
}
