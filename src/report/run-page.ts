import { messageOf } from '../cause.ts';
import { writeAtomically } from '../files/atomic-file.ts';
import { metricOf } from '../train/metric-name.ts';
import { extremes } from './extremes.ts';
import { html, type Markup } from './html.ts';
import { modelTable } from './model-table.ts';
import { decimals, duration, NONE, percent, plain, size } from './number-text.ts';
import { gallery, numberTable, page, section, statusBadge } from './page-shell.ts';
import { finite } from './pictures/line-chart.ts';
import { RANK_PARTS, rankSeconds } from './pictures/rank-shares.ts';
import { type Run, readRun } from './read-run.ts';
import { type ClassRecord, RUN_FILES } from './run-folder.ts';
import { classNames, foundPictures, runPictures, saveRunPicture } from './run-pictures.ts';

/**
 * Writes `report.html` into a run's folder: one page with scores, pictures, tables and settings
 * that needs no other file and no network. What can be drawn from the run's files is drawn into
 * `pictures/` first; every SVG there is on the page. Files that are missing leave their part out,
 * broken ones are named on the page. Node only.
 *
 * @returns the path of the page
 * @throws DataError where the folder cannot be read or written
 * @throws MissingPackageError without the package echarts
 */
export async function writeReport(folder: string): Promise<string> {
  const { join } = await import('node:path');
  const drawn = runPictures(await readRun(folder));
  await Promise.all([...drawn].map(([name, picture]) => saveRunPicture(folder, name, picture)));
  const run = await readRun(folder);
  const pictures = await foundPictures(run, [...drawn.keys()]);
  const body = html`
${problemList(run)}
${notes(run)}
${scores(run)}
${section('Pictures', pictures.length ? gallery(pictures) : undefined)}
${section('Classification report', classificationReport(run))}
${section('History', run.history.length ? historyTable(run) : undefined)}
${section('Ranks', run.ranks.length ? rankTable(run) : undefined)}
${section('Model', modelTable(run.settings.summary))}
${section('Settings', settingsTable(run))}
${section('Files', fileList(run))}`;
  const file = join(folder, RUN_FILES.report);
  const beside = html`${statusBadge(run.status)}<a href="../index.html">all runs</a>`;
  await writeAtomically(file, page(run.name, beside, body));
  return file;
}

function problemList({ problems }: Run): Markup | undefined {
  if (problems.length === 0) return undefined;
  return html`<div class="problems">${problems.map((problem) => html`<div>${problem}</div>`)}</div>`;
}

/** What one has to know to read the numbers right. */
function notes({ status, metrics, history, settings }: Run): Markup | undefined {
  const reached = history.at(-1)?.epoch;
  const until =
    reached === undefined ? 'before it had finished an epoch' : `after epoch ${reached}`;
  const texts = [
    ...(status !== 'interrupted'
      ? []
      : metrics.status === 'running'
        ? [`This run was killed ${until}: its process is gone without a last word.`]
        : [`This run was interrupted ${until}.`]),
    ...(settings.validation === 'test'
      ? [
          'Validation is on the test set: the best epoch was found by the data that test scores are of.',
        ]
      : []),
  ];
  if (texts.length === 0) return undefined;
  return html`<div class="notes">${texts.map((text) => html`<div>${text}</div>`)}</div>`;
}

function scores({ metrics, history }: Run): Markup | undefined {
  const last = history.at(-1);
  const best = history.map(({ valAccuracy }) => valAccuracy).filter(finite);
  const all: [string, string][] = [
    ['test accuracy', percent(metrics.accuracy)],
    ['macro F1', decimals(metrics.macroF1)],
    ['log loss (nats)', decimals(metrics.logLoss)],
    ['best validation accuracy', best.length ? percent(extremes(best)[1]) : NONE],
    ['last training loss (nats)', decimals(last?.loss)],
    ['epochs', last ? String(last.epoch) : NONE],
    ['training time', last ? duration(trainingSeconds(history)) : NONE],
  ];
  const known = all.filter(([, value]) => value !== NONE);
  if (known.length === 0) return undefined;
  return html`<ul class="scores">${known.map(([name, value]) => html`<li><b>${value}</b>${name}</li>`)}</ul>`;
}

/** Seconds of all epochs together; undefined where none is known. */
export function trainingSeconds(history: Run['history']): number | undefined {
  const seconds = history.map((epoch) => epoch.seconds).filter(finite);
  return seconds.length ? seconds.reduce((sum, value) => sum + value, 0) : undefined;
}

/** Precision, recall and F1 of each class, with their plain mean and that by support; undefined counts 0. */
function classificationReport({ metrics }: Run): Markup | undefined {
  const { perClass = [] } = metrics;
  if (perClass.length === 0) return undefined;
  const names = classNames(metrics);
  const total = perClass.reduce((sum, { support }) => sum + support, 0);
  const mean = (weight: (own: ClassRecord) => number) =>
    (['precision', 'recall', 'f1'] as const).map((score) =>
      decimals(perClass.reduce((sum, own) => sum + (own[score] ?? 0) * weight(own), 0)),
    );
  const rows = perClass.map(({ precision, recall, f1, support }, at) => [
    names[at] ?? String(at),
    ...[precision, recall, f1].map(decimals),
    plain(support),
  ]);
  const macro = ['macro average', ...mean(() => 1 / perClass.length), plain(total)];
  const weighted = [
    'weighted average',
    ...mean(({ support }) => (total ? support / total : Number.NaN)),
    plain(total),
  ];
  return numberTable(['class', 'precision', 'recall', 'F1', 'support'], [...rows, macro, weighted]);
}

function historyTable({ history }: Run): Markup {
  const measures = [...new Set(history.flatMap(Object.keys))].filter((name) => name !== 'epoch');
  const cell = (name: string, value: number | null | undefined) => {
    if (/accuracy/i.test(name)) return percent(value);
    if (name === 'seconds') return duration(value);
    return /loss/i.test(name) ? decimals(value) : plain(value);
  };
  return numberTable(
    ['epoch', ...measures.map(heading)],
    history.map((epoch) => [
      String(epoch.epoch),
      ...measures.map((name) => cell(name, epoch[name])),
    ]),
  );
}

function rankTable({ ranks }: Run): Markup {
  const rows = ranks.map((own) => {
    const all = rankSeconds(own);
    const cell = (seconds: number) =>
      `${duration(seconds)} (${percent(all > 0 ? seconds / all : undefined)})`;
    const parts = RANK_PARTS.map(({ key }) => cell(own[key]));
    return [`${own.rank} on ${own.host}`, plain(own.examples), ...parts];
  });
  return numberTable(['rank', 'examples', ...RANK_PARTS.map(({ name }) => name)], rows);
}

/** `valLoss` as `validation loss`. */
function heading(measure: string): string {
  const words: Record<string, string> = { lr: 'learning rate', seconds: 'time' };
  const { metric, isOnValidation } = metricOf(measure);
  return words[measure] ?? (isOnValidation ? `validation ${metric}` : metric);
}

function settingsTable({ settings }: Run): Markup | undefined {
  const { summary: _, ...others } = settings;
  const rows = Object.entries(others).map(([name, value]) => {
    const text = typeof value === 'string' ? value : textOf(value);
    return html`<tr><th scope="row">${name}</th><td class="setting">${text}</td></tr>\n`;
  });
  return rows.length ? html`<table><tbody>${rows}</tbody></table>` : undefined;
}

/** A value as JSON. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    return `cannot be shown: ${messageOf(error)}`; // nested too deeply
  }
}

function fileList({ files }: Run): Markup | undefined {
  const others = files.filter(({ path }) => path !== RUN_FILES.report);
  if (others.length === 0) return undefined;
  const address = (path: string) => path.split('/').map(encodeURIComponent).join('/');
  return html`<ul class="files">${others.map(({ path, bytes }) => html`<li><a href="${address(path)}">${path}</a> <span class="muted">${size(bytes)}</span></li>`)}</ul>`;
}
