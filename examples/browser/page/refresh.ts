import { latest } from './latest.ts';
import type { WorkerClient } from './worker-client.ts';

/** While a model trains: looking takes a tenth of the time at most. */
const LEAST_PAUSE_MS = 1500;
const PAUSES_PER_LOOK = 10;

/**
 * Keeps a section up to date while it is in sight or nearly: at once when training rests, and now and then
 * while it goes on. What it returns does so at once, whatever happened, as after something was chosen.
 */
export function keepFresh(
  section: HTMLElement,
  client: WorkerClient,
  refresh: () => Promise<void>,
): () => void {
  let isSeen = false;
  let isStale = false; // until something is set up
  let isTraining = false;
  let nextAt = 0;
  const look = latest(async () => {
    isStale = false;
    const start = performance.now();
    await refresh();
    const now = performance.now();
    nextAt = now + Math.max(LEAST_PAUSE_MS, PAUSES_PER_LOOK * (now - start));
  });
  const consider = () => {
    if (isSeen && isStale && !(isTraining && performance.now() < nextAt)) look();
  };
  client.on('progress', () => {
    isStale = true;
    consider();
  });
  client.on('state', (state) => {
    isTraining = state === 'training';
    isStale ||= !isTraining;
    consider();
  });
  new IntersectionObserver(
    ([entry]) => {
      isSeen = entry?.isIntersecting ?? false;
      consider();
    },
    { rootMargin: '50%' },
  ).observe(section);
  return () => {
    isStale = true;
    if (isSeen) look();
  };
}
