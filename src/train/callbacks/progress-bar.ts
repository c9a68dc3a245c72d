import { requireFunction } from '../../arguments.ts';
import { loadPackage } from '../../optional-package.ts';
import type { Callback } from './callback.ts';
import {
  linesOn,
  type ProgressDisplay,
  type ProgressFacts,
  type ProgressStream,
  progressOn,
} from './progress.ts';

const NARROWEST_BAR = 5;
const WIDEST_BAR = 24;

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
      format(_, { progress, maxWidth }, { facts }: { facts?: ProgressFacts }) {
        const head = `${title} `;
        const percent = ` ${Math.floor(100 * progress)}%`;
        const room = maxWidth - 1 - head.length - percent.length;
        const tail = facts ? ` ${fitting(facts, room - NARROWEST_BAR - 1)}` : '';
        const barsize = Math.min(Math.max(room - tail.length, NARROWEST_BAR), WIDEST_BAR);
        const done = '='.repeat(Math.round(barsize * progress)).padEnd(barsize, '-');
        return `${head}${done}${percent}${tail}`;
      },
      stream: stream as NodeJS.WriteStream,
      clearOnComplete: true,
      // A program that is ended must not leave the terminal changed.
      hideCursor: false,
      linewrap: true,
    });
    single.start(examples, 0, {});
    return {
      interval: 0.2,
      show: (done, facts) => single.update(done, { facts }),
      stop: () => single.stop(),
    };
  };
  return progressOn(stream, (title, examples) =>
    stream.isTTY ? bar(title, examples) : linesOn(stream, title, examples),
  );
}

/** The facts in so many columns: where they are too long, without the last metrics. */
function fitting({ metrics, speed, left }: ProgressFacts, columns: number): string {
  const pace = speed === undefined ? [left] : [`${speed}/s`, left];
  const all = [...metrics, ...pace].join(', ');
  if (all.length <= columns || metrics.length === 0) return all;
  return fitting({ metrics: metrics.slice(0, -1), left, ...(speed && { speed }) }, columns);
}
