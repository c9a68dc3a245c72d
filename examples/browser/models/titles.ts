/** The models to choose from. What they are made of is in catalogue.ts, which the page does not load. */
export const MODEL_TITLES = {
  dnn: 'Dense layers of 16, 32, 64',
  'small-convnet': 'ConvNet of 8, 16, 16 filters',
  convnet: 'ConvNet of 32, 64, 64 filters',
  'small-resnet': 'Small residual network, with its shortcut',
  'small-plain': 'Small residual network, without it',
  resnet: 'Residual network of 32 to 128 filters, with its shortcut',
  plain: 'Residual network of 32 to 128 filters, without it',
  custom: 'Layers of your own, below',
};

export type ModelName = keyof typeof MODEL_TITLES;

/** What the list of layers is before somebody edits it. */
export const CUSTOM_LAYERS = `conv2d(8, 3, { activation: 'relu', padding: 'same' }),
maxPool2d(2),
residual(
  [conv2d(8, 3, { activation: 'relu', padding: 'same' })],
),
maxPool2d(2),
flatten(),
dense(32, { activation: 'relu' }),
dropout(0.2),
dense(10),
`;
