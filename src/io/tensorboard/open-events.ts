import { requireOptions, requireText } from '../../arguments.ts';
import { ArgumentError } from '../../errors.ts';
import { EventFile } from './event-file.ts';
import { histogramOf } from './histogram.ts';
import { checkImage, type EventImage, encodePng } from './image.ts';
import {
  DATA_CLASS_TENSOR,
  DT_STRING,
  type Event,
  eventEncoder,
  SESSION_START,
  type Value,
} from './messages.ts';
import { recordFramer } from './record.ts';

export interface EventsOptions {
  /**
   * The first step that a resumed run takes: TensorBoard drops what was written for it and later
   * ones before, by the run that ended.
   */
  readonly resumeAt?: number;
}

/**
 * A run's values for TensorBoard. Values are written in the background in the order of the calls,
 * each with the time of its call; what goes wrong there is thrown by `flush` and `close`.
 */
export class Events {
  private readonly file: EventFile;
  private readonly encode: (event: Event) => Uint8Array;
  private isClosed = false;

  /** @internal Event files come from {@link openEvents}. */
  constructor(file: EventFile, encode: (event: Event) => Uint8Array) {
    this.file = file;
    this.encode = encode;
  }

  /** The file that is written. */
  get path(): string {
    return this.file.path;
  }

  /** A number at a step. It is stored as f32: larger ones are infinite, NaN is shown as such. */
  scalar(tag: string, value: number, step: number): void {
    this.add(tag, step, { tag, simpleValue: value });
  }

  /**
   * The distribution of values at a step, in 30 buckets of equal width. NaN and infinities are
   * left out and not counted.
   */
  histogram(tag: string, values: ArrayLike<number>, step: number): void {
    this.add(tag, step, { tag, histo: histogramOf(values) });
  }

  /**
   * A picture at a step, kept as PNG; needs the package sharp. The pixels may be reused once
   * `flush` has resolved.
   * @throws ShapeError where the pixels are not height × width × channels.
   */
  image(tag: string, image: EventImage, step: number): void {
    checkImage(tag, image);
    const { height, width, channels: colorspace } = image;
    const value = encodePng(image).then((encodedImageString) => ({
      tag,
      image: { height, width, colorspace, encodedImageString },
    }));
    this.add(tag, step, value);
  }

  /** Text at a step, shown as Markdown. */
  text(tag: string, markdown: string, step: number): void {
    this.add(tag, step, {
      tag,
      metadata: { pluginData: { pluginName: 'text' }, dataClass: DATA_CLASS_TENSOR },
      tensor: {
        dtype: DT_STRING,
        tensorShape: {},
        stringVal: [new TextEncoder().encode(markdown)],
      },
    });
  }

  /**
   * Resolves when everything so far is on the disk.
   * @throws DataError where it cannot be written; MissingPackageError for images without sharp.
   */
  async flush(): Promise<void> {
    await this.file.flush();
  }

  /** Writes what is left and closes the file; nothing can be added afterwards. Throws as `flush`. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await this.file.close();
  }

  private add(tag: string, step: number, value: Value | Promise<Value>): void {
    if (this.isClosed) {
      throw new ArgumentError(`'${tag}' at step ${step}: ${this.path} is closed already.`);
    }
    if (typeof tag !== 'string' || tag === '' || !Number.isSafeInteger(step)) {
      throw new ArgumentError(
        `'${tag}' at step ${step}: events need a name and a step that is a whole number.`,
      );
    }
    const wallTime = Date.now() / 1000;
    const record = (value: Value) => this.encode({ wallTime, step, summary: { value: [value] } });
    this.file.append(value instanceof Promise ? value.then(record) : record(value));
  }
}

/**
 * Starts an event file for TensorBoard in a folder, which is created where missing:
 * `tensorboard --logdir FOLDER` shows it. Needs the packages protobufjs and crc-32. Node only.
 *
 * A run that goes on after an interruption opens the same folder with `resumeAt`; its values go to
 * a file of their own, behind the earlier one's.
 *
 * @throws MissingPackageError; DataError when the file cannot be created.
 */
export async function openEvents(folder: string, options: EventsOptions = {}): Promise<Events> {
  requireText('openEvents', 'folder', folder);
  requireOptions('openEvents', options, ['resumeAt']);
  const { resumeAt } = options;
  if (resumeAt !== undefined && !Number.isSafeInteger(resumeAt)) {
    throw new ArgumentError(`openEvents: resumeAt is ${resumeAt}, it must be a whole number.`);
  }
  const [encode, frame] = [await eventEncoder(), await recordFramer()];
  const { hostname } = await import('node:os');
  const { join } = await import('node:path');
  const wallTime = Date.now() / 1000;
  // TensorBoard reads the files of a folder in the order of their names.
  const seconds = String(Math.floor(wallTime)).padStart(10, '0');
  const name = `events.out.tfevents.${seconds}.${hostname()}.${process.pid}`;
  const file = await EventFile.create(join(folder, name));
  const record = (event: Event) => frame(encode(event));
  file.append(record({ wallTime, fileVersion: 'brain.Event:2' }));
  if (resumeAt !== undefined) {
    file.append(record({ wallTime, step: resumeAt, sessionLog: { status: SESSION_START } }));
  }
  return new Events(file, record);
}
