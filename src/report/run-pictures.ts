import type { PagePicture } from './page-shell.ts';
import { type Picture, savePicture, toSvg } from './picture.ts';
import { confusionMatrix } from './pictures/confusion-matrix.ts';
import { type Curve, curves } from './pictures/curves.ts';
import { f1Bars } from './pictures/f1-bars.ts';
import { finite } from './pictures/line-chart.ts';
import { rankShares } from './pictures/rank-shares.ts';
import { roc } from './pictures/roc.ts';
import { sampleGrid } from './pictures/sample-grid.ts';
import type { Run } from './read-run.ts';
import { type EpochRecord, RUN_FILES } from './run-folder.ts';

/** The pictures that a run's files are enough for, by the name of their file. */
export function runPictures({ history, metrics, samples, ranks }: Run): Map<string, Picture> {
  const pictures = new Map<string, Picture>();
  const { confusion, perClass, roc: rates } = metrics;
  if (history.some(({ loss, valLoss }) => loss !== undefined || valLoss !== undefined)) {
    pictures.set('loss', curves('Loss', 'loss (nats)', [lossCurve('', history)]));
  }
  if (history.some(({ accuracy, valAccuracy }) => finite(accuracy) || finite(valAccuracy))) {
    pictures.set('accuracy', curves('Accuracy', 'accuracy (%)', [accuracyCurve('', history)]));
  }
  const names = classNames(metrics);
  if (confusion?.length) pictures.set('confusion', confusionMatrix(confusion, names));
  if (rates?.length) {
    const named = rates.map((curve, at) => ({ ...curve, name: names[at] ?? String(at) }));
    pictures.set('roc', roc(named));
  }
  if (perClass?.length) {
    const scores = (['precision', 'recall', 'f1'] as const).map((score) => ({
      name: score === 'f1' ? 'F1' : score,
      values: perClass.map((own) => own[score]),
    }));
    pictures.set('f1', f1Bars({ names, scores }));
  }
  if (samples.length > 0) pictures.set('samples', sampleGrid(samples));
  if (ranks.length > 0) pictures.set('ranks', rankShares(ranks));
  return pictures;
}

/** The classes' names; their numbers where the run does not say. */
export function classNames({ classNames, confusion, perClass, roc }: Run['metrics']): string[] {
  const classes = (classNames ?? confusion ?? perClass ?? roc ?? []).length;
  return Array.from({ length: classes }, (_, at) => classNames?.[at] ?? String(at));
}

function lossCurve(name: string, history: readonly EpochRecord[]): Curve {
  return {
    name,
    epochs: history.map(({ epoch }) => epoch),
    train: history.map(({ loss }) => loss),
    validation: history.map(({ valLoss }) => valLoss),
  };
}

function accuracyCurve(name: string, history: readonly EpochRecord[]): Curve {
  const percent = (share: number | null | undefined) => (finite(share) ? share * 100 : null);
  return {
    name,
    epochs: history.map(({ epoch }) => epoch),
    train: history.map(({ accuracy }) => percent(accuracy)),
    validation: history.map(({ valAccuracy }) => percent(valAccuracy)),
  };
}

/** The curves and test scores of several runs together, the oldest first. */
export function comparisonPictures(newestFirst: readonly Run[]): Picture[] {
  const pictures: Picture[] = [];
  const trained = newestFirst.filter(({ history }) => history.length > 0).reverse();
  const losses = trained.map((run) => oneLine(lossCurve(nameOf(run), run.history)));
  if (losses.length > 0) pictures.push(curves('Loss', 'loss (nats)', losses));
  const accuracies = trained.map((run) => oneLine(accuracyCurve(nameOf(run), run.history)));
  if (accuracies.some(({ train, validation }) => (validation ?? train)?.some(finite))) {
    pictures.push(curves('Accuracy', 'accuracy (%)', accuracies));
  }
  const scored = newestFirst.filter(({ metrics }) => finite(metrics.accuracy)).reverse();
  if (scored.length > 0) {
    const names = scored.map(({ name }) => name);
    const scores = [
      { name: 'accuracy', values: scored.map(({ metrics }) => metrics.accuracy) },
      { name: 'macro F1', values: scored.map(({ metrics }) => metrics.macroF1) },
    ];
    pictures.push(f1Bars({ names, scores }, 'Scores on the test set'));
  }
  return pictures;
}

/** A run's name, marked where its curves end before their time. */
function nameOf({ name, status }: Run): string {
  return status === 'interrupted' ? `${name} ⚠` : name;
}

/** Validation alone, or training where a run has none: one line a run is enough to compare. */
function oneLine({ name, epochs, train = [], validation = [] }: Curve): Curve {
  return validation.some(finite) ? { name, epochs, validation } : { name, epochs, train };
}

/**
 * Draws a picture into a run's folder: `pictures/<name>.svg`, for dark pages
 * `pictures/<name>-dark.svg`, and where it is drawn otherwise for phones the same as `<name>-narrow`. `writeReport` shows every picture it finds there.
 *
 * @throws MissingPackageError without the package echarts
 */
export async function saveRunPicture(
  folder: string,
  name: string,
  picture: Picture,
): Promise<void> {
  const { join } = await import('node:path');
  const save = (name: string, picture: Picture) => {
    const file = (ending: string) => join(folder, RUN_FILES.pictures, `${name}${ending}.svg`);
    return Promise.all([
      savePicture(file(''), picture),
      savePicture(file('-dark'), picture, { theme: 'dark' }),
    ]);
  };
  await save(name, picture);
  if (picture.narrow) await save(`${name}-narrow`, picture.narrow);
}

/** A picture as a page shows it. */
export async function onPage(picture: Picture): Promise<PagePicture> {
  const { title, narrow } = picture;
  const drawing = async (picture: Picture) => ({
    light: await toSvg(picture, 'light'),
    dark: await toSvg(picture, 'dark'),
  });
  return { title, ...(await drawing(picture)), narrow: narrow && (await drawing(narrow)) };
}

/** All SVGs in a run's folder for pictures, those that are named first, the others by their names. */
export async function foundPictures(
  { folder, files }: Run,
  first: readonly string[],
): Promise<PagePicture[]> {
  const { readFile } = await import('node:fs/promises');
  const { join } = await import('node:path');
  const found = /^pictures\/(.+)\.svg$/;
  const names = files.flatMap(({ path }) => found.exec(path)?.[1] ?? []);
  const rank = (name: string) => (first.includes(name) ? first.indexOf(name) : first.length);
  const own = names
    .filter((name) => !/-(dark|narrow)$/.test(name))
    .sort((a, b) => rank(a) - rank(b));
  const read = (name: string) => readFile(join(folder, RUN_FILES.pictures, `${name}.svg`), 'utf8');
  const drawing = async (name: string) => ({
    light: await read(name),
    dark: names.includes(`${name}-dark`) ? await read(`${name}-dark`) : undefined,
  });
  return Promise.all(
    own.map(async (name) => ({
      title: name,
      ...(await drawing(name)),
      narrow: names.includes(`${name}-narrow`) ? await drawing(`${name}-narrow`) : undefined,
    })),
  );
}
