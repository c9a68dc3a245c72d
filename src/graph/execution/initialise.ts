import { firstContents } from '../cell.ts';
import type { Storage } from '../storage.ts';
import { captured } from './resident.ts';
import type { Runtime } from './runtime.ts';
import { locatedIn, storagesOf, submit } from './submit.ts';

/** Computes what storages are to hold at first and do not hold yet, in a submission of its own. */
export function initialise(storages: Iterable<Storage>, on: Runtime): Promise<void> {
  const values = [...new Set(storages)].flatMap((storage) => {
    const contents = firstContents.get(storage);
    return contents?.state === 'wanted' ? [{ storage, contents }] : [];
  });
  if (values.length === 0) return Promise.resolve();
  const graph = captured(
    values.map(({ contents }) => contents.node),
    [],
    on,
  );
  const located = locatedIn(graph.sources);
  const first = initialise(storagesOf(located), on);
  const submission = { ...on.plan(graph), values: graph, located };
  for (const { contents } of values) contents.state = 'underway';
  const targets = () =>
    values.map(({ storage, contents }) => storage.allocate(on.pool, contents.name));
  const work = submit(submission, on, targets, (failure) => {
    for (const { storage, contents } of values) {
      // Whoever needs what failed next tries again.
      contents.state = failure ? 'wanted' : 'there';
      if (failure) storage.fail(failure.reason);
      else if (firstContents.get(storage) === contents) firstContents.delete(storage);
    }
  });
  return Promise.all([first, work]).then(() => {});
}
