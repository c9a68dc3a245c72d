/** Labelled images on the host, as the files hold them: nothing is scaled or copied to a device. */
export interface LabelledImages {
  /** Pixels, shape [count, height, width, channels] in row-major order; 0 background, 255 ink. */
  readonly images: Uint8Array;
  /** The class of each image, shape [count]. */
  readonly labels: Uint8Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** What to train on and what to test on, with the same image size and classes. */
export interface ImageDataset {
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  /** Labels are integers in [0, classes). */
  readonly classes: number;
  /** Where it came from, for people: a folder, or the name of a generator. */
  readonly source: string;
}
