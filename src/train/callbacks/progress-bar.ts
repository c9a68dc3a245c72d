import { requireFunction } from '../../arguments.ts';
import { loadPackage } from '../../optional-package.ts';
import type { Callback } from './callback.ts';
import { linesOn, type ProgressDisplay, type ProgressStream, progressOn } from './progress.ts';

/**
 * As `progress`, with a bar where the stream is a terminal. Node only; needs cli-progress.
 *
 * @throws MissingPackageError where cli-progress is not installed
 */
export async function progressBar(stream: ProgressStream = process.stderr): Promise<Callback> {
  requireFunction('progressBar', 'stream.write', stream?.write);
  const { SingleBar } = await loadPackage(
    'cli-progress',
    'to draw progress bars',
    () => import('cli-progress'),
  );
  const bar = (title: string, examples: number): ProgressDisplay => {
    const single = new SingleBar({
      format: `${title} {bar} {percentage}% {facts}`,
      barsize: 24,
      stream: stream as NodeJS.WriteStream,
      clearOnComplete: true,
      // A program that is ended must not leave the terminal changed.
      hideCursor: false,
      linewrap: true,
    });
    single.start(examples, 0, { facts: '' });
    return {
      interval: 0.2,
      show: (done, facts) => single.update(done, { facts }),
      stop: () => single.stop(),
    };
  };
  return progressOn(stream, (title, examples) =>
    stream.isTTY ? bar(title, examples) : linesOn(stream, title),
  );
}
