// What the page and the worker that trains say to each other. The page asks, the worker answers each
// question and tells of what happens in between.
import type { Settings } from './settings/settings.ts';

/** What the page may ask, by name. An error of the worker rejects the answer. */
export interface Service {
  /** Makes data, model and optimizer anew, with first weights; ends the training there was. */
  setUp(settings: Settings): SetUp;
  /** Trains until it is paused or `epochs` are over. */
  train(): void;
  pause(): void;
  /** One step of the optimizer, then a pause. */
  step(): void;
  /** The probability of each class for an image of 28 × 28 bytes. */
  classify(image: Uint8Array): number[];
  testImage(index: number): TestImage;
  /** What the model takes all test images for. */
  judge(): Judgement;
  /** What a layer, by its path, makes of an image. */
  viewLayer(path: string, image: Uint8Array): LayerView;
  /** The weights as a file of safetensors. */
  weights(): Blob;
  setWeights(file: File): void;
  /** Makes idx files the data set 'files'. */
  takeFiles(files: readonly File[]): void;
  weightSpreads(): { readonly steps: number; readonly spreads: readonly WeightSpreads[] };
  /** What a list of layers would make. */
  describe(layers: string): Description;
}

/** What the worker tells unasked, by name. */
export interface Events {
  state: TrainingState;
  progress: Progress;
  epoch: EpochResult;
  failed: string;
  /** The device was lost, and the last weights go on: why, and on which device and for what reason. */
  recovered: { readonly why: string; readonly reason: string };
  /** Bytes of a data set. */
  download: { readonly received: number; readonly total: number };
}

/** Ready: no step is done; done: all epochs are. */
export type TrainingState = 'ready' | 'training' | 'paused' | 'done';

export interface SetUp {
  readonly device: {
    readonly kind: 'webgpu' | 'wasm';
    readonly name: string;
    readonly reason: string;
  };
  readonly data: { readonly source: string; readonly train: number; readonly test: number };
  readonly classes: readonly string[];
  readonly model: ModelFacts;
  /** The learning rate it trains with. */
  readonly lr: number;
}

export interface TestImage {
  /** 28 × 28 bytes, 255 ink. */
  readonly pixels: Uint8Array;
  /** Its class, by number. */
  readonly label: number;
}

export interface JudgedImage extends TestImage {
  readonly index: number;
  /** The class that is most probable, and how probable it is. */
  readonly prediction: number;
  readonly share: number;
}

export interface Judgement {
  /** After how many steps the model was asked. */
  readonly steps: number;
  /** How many images the model gets wrong. */
  readonly wrong: number;
  /** [classes, classes]: a row for each true class, a column for each that the model took it for. */
  readonly confusion: Uint32Array;
  /** Some of them, wrong ones first. */
  readonly images: readonly JudgedImage[];
}

/** Pictures of numbers, all of one size, one behind the other. */
export interface Tiles {
  readonly count: number;
  /** How many there would be if all were shown. */
  readonly of: number;
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array;
}

export interface LayerView {
  readonly activations: Tiles | undefined;
  readonly filters?: Tiles | undefined;
}

/** How numbers are spread. */
export interface Spread {
  readonly low: number;
  readonly high: number;
  /** Of equal bins between them. */
  readonly counts: readonly number[];
  readonly rms: number;
}

/** Of one of the model's weights. */
export interface WeightSpreads {
  /** As in files: `layers.0.weight`. */
  readonly name: string;
  readonly gradient: Spread;
  readonly weight: Spread;
}

export interface ModelFacts {
  readonly layers: readonly LayerFacts[];
  /** How many numbers are trained. */
  readonly parameters: number;
}

export interface LayerFacts {
  /** As in names of weights: `layers.2.main`. */
  readonly path: string;
  readonly type: string;
  /** How many layers it is inside of, from 1. */
  readonly depth: number;
  /** Of its output, without the batch axis. */
  readonly shape: readonly number[];
  readonly parameters: number;
}

/** A model, or what is wrong with the list of its layers; lines and columns are from 1. */
export interface Description {
  readonly facts?: ModelFacts;
  readonly fault?: { readonly message: string; readonly line: number; readonly column: number };
}

/** What the steps since the last progress have shown. */
export interface Progress {
  /** Of all epochs so far, from 1. */
  readonly step: number;
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** In nats, a mean over the images of these steps. */
  readonly loss: number;
  /** The share of the images of these steps that was classified right. */
  readonly accuracy: number;
  readonly imagesPerSecond: number;
  /** What tensors and kernels hold on the device. */
  readonly deviceBytes: number;
}

/** What the test images have shown after an epoch. */
export interface EpochResult {
  readonly epoch: number;
  /** The steps of all epochs so far. */
  readonly step: number;
  readonly testLoss: number;
  readonly testAccuracy: number;
}

export type Question = keyof Service;
export type Asked<Name extends Question> = Parameters<Service[Name]>;
export type Answer<Name extends Question> = ReturnType<Service[Name]>;

export interface Asking<Name extends Question = Question> {
  readonly id: number;
  readonly name: Name;
  readonly args: Asked<Name>;
}

export type Telling =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly name: string; readonly message: string }
  | { readonly kind: 'event'; readonly name: keyof Events; readonly value: unknown };
