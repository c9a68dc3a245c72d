import { SingleBar } from 'cli-progress';
import type { EpochScore } from './train.ts';

/** Shows how an epoch is getting on. */
export interface Progress {
  /** Whether it is time to show something again: reading a score makes the device wait. */
  isDue(): boolean;
  show(soFar: EpochScore): void;
  /** Leaves the line to what comes next. */
  stop(): void;
}

/** A bar in a terminal; in a log, a line now and then. */
export function showProgress(
  stream: NodeJS.WriteStream,
  epoch: number,
  epochs: number,
  images: number,
): Progress {
  const title = `Epoch ${epoch}/${epochs}`;
  return stream.isTTY ? bar(stream, title, images) : lines(stream, title, images);
}

function bar(stream: NodeJS.WriteStream, title: string, images: number): Progress {
  const single = new SingleBar({
    format: `${title} {bar} {percentage}% {facts}`,
    barsize: 24,
    hideCursor: true,
    stream,
    clearOnComplete: true,
  });
  const facts = teller(images);
  single.start(images, 0, { facts: '' });
  return {
    isDue: every(0.2),
    show: (soFar) => single.update(soFar.images, { facts: facts(soFar) }),
    stop: () => single.stop(),
  };
}

function lines(stream: NodeJS.WriteStream, title: string, images: number): Progress {
  const facts = teller(images);
  return {
    isDue: every(5),
    show(soFar) {
      stream.write(`${title}  ${soFar.images}/${images} images, ${facts(soFar)}\n`);
    },
    stop() {},
  };
}

/** Puts scores in words, the speed counted from the first one on: before it, kernels are compiled. */
function teller(total: number): (soFar: EpochScore) => string {
  let first: EpochScore | undefined;
  return (soFar) => {
    const score = `loss ${soFar.loss.toFixed(4)}, accuracy ${soFar.accuracy.toFixed(4)}`;
    if (!first) {
      first = soFar;
      return score;
    }
    const perSecond = (soFar.images - first.images) / (soFar.seconds - first.seconds);
    const left = duration(Math.ceil((total - soFar.images) / perSecond));
    return `${score}, ${perSecond.toFixed(0)} images/s, ${left} left`;
  };
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** True once in so many seconds, for the first time when they are over. */
function every(seconds: number): () => boolean {
  let last = performance.now();
  return () => {
    const now = performance.now();
    if (now - last < seconds * 1000) return false;
    last = now;
    return true;
  };
}
