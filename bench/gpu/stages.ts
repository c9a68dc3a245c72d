// The stages of a day with a GPU, in order of what they tell for a minute of it.

export interface StagePlan {
  /** It ends by itself before so many are over; all together stay below 25 minutes. */
  readonly seconds: number;
  readonly about: string;
}

export const stages = {
  facts: { seconds: 45, about: 'machine, driver, adapter, features, limits, timestamps' },
  peaks: { seconds: 150, about: 'launches, copies, multiply-adds and lanes, transfers' },
  steps: { seconds: 240, about: 'training steps: JavaScript, encoding, device, throughput' },
  profile: { seconds: 150, about: 'the time of each dispatch of a step' },
  sweep: { seconds: 240, about: 'variants of products and convolutions beside the chosen one' },
  tests: { seconds: 300, about: 'the tests of all kernels' },
  training: { seconds: 120, about: 'MNIST to its accuracy' },
  peers: { seconds: 240, about: 'TensorFlow.js, jax-js and PyTorch on the same steps' },
} as const satisfies Readonly<Record<string, StagePlan>>;

export type StageName = keyof typeof stages;

export const stageNames = Object.keys(stages) as StageName[];
