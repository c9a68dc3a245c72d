import { data, type FitOptions, fit, type History, losses, type nn, optim } from 'wgrad';
import type { NamedData } from './data.ts';
import { optimizers } from './optimizers.ts';
import type { TrialSettings } from './settings.ts';

/** Trains a model on images as the settings say. */
export function train(
  model: nn.Layer,
  images: NamedData,
  settings: TrialSettings,
  how: Pick<FitOptions, 'resume' | 'signal' | 'callbacks'>,
): Promise<History> {
  const { epochs, batchSize, seed, validationSplit } = settings;
  const all = data.fromImages(images.train);
  const limited = settings.limit === null ? all : all.take(settings.limit);
  const [training, validation] =
    validationSplit > 0 ? limited.split(validationSplit) : [limited, data.fromImages(images.test)];
  const augmented = settings.augment
    ? training.map(data.augment([data.randomFlip(), data.randomCrop(4)]))
    : training;
  const steps = epochs * Math.ceil(training.count / batchSize);
  const lr =
    settings.schedule === 'cosine' ? optim.schedules.cosine(settings.lr, 0, steps) : settings.lr;
  return fit(model, augmented, {
    loss: losses.crossEntropy,
    metrics: ['accuracy'],
    optimizer: optimizers[settings.optimizer](model.trainableVariables, lr),
    validation,
    epochs,
    batchSize,
    seed,
    ...how,
  });
}
