import { writeAtomically } from '../files/atomic-file.ts';
import { extremes } from './extremes.ts';
import { html, type Markup } from './html.ts';
import { decimals, duration, NONE, percent, plain } from './number-text.ts';
import { gallery, page, section, statusBadge, wideTable } from './page-shell.ts';
import { finite } from './pictures/line-chart.ts';
import { type Run, readRuns } from './read-run.ts';
import { RUN_FILES } from './run-folder.ts';
import { trainingSeconds } from './run-page.ts';
import { comparisonPictures, onPage } from './run-pictures.ts';

interface Column {
  readonly name: string;
  readonly value: (run: Run) => unknown;
  readonly format?: (value: number) => string;
  /** Whether the best run on a data set has the most or the least; of some there is no best. */
  readonly best?: 'most' | 'least';
}

/** The data set's name, without the folder it was read from. */
function datasetOf({ settings }: Run): string | undefined {
  return settings.dataset?.replace(/ \(.*\)$/, '');
}

/** Each run's best epoch by a measure. */
const bestEpoch =
  (measure: string, which: 'most' | 'least') =>
  ({ history }: Run) =>
    extreme(
      history.map((epoch) => epoch[measure]),
      which,
    );

const COLUMNS: readonly Column[] = [
  { name: 'model', value: ({ settings }) => settings.model },
  { name: 'optimizer', value: ({ settings }) => settings.optimizer },
  { name: 'learning rate', value: ({ settings }) => settings.lr, format: String },
  {
    name: 'test accuracy',
    value: ({ metrics }) => metrics.accuracy,
    format: percent,
    best: 'most',
  },
  { name: 'macro F1', value: ({ metrics }) => metrics.macroF1, format: decimals, best: 'most' },
  { name: 'log loss', value: ({ metrics }) => metrics.logLoss, format: decimals, best: 'least' },
  {
    name: 'validation accuracy',
    value: bestEpoch('valAccuracy', 'most'),
    format: percent,
    best: 'most',
  },
  {
    name: 'validation loss',
    value: bestEpoch('valLoss', 'least'),
    format: decimals,
    best: 'least',
  },
  { name: 'loss', value: ({ history }) => history.at(-1)?.loss, format: decimals, best: 'least' },
  { name: 'epochs', value: ({ history }) => history.at(-1)?.epoch, format: plain },
  { name: 'time', value: ({ history }) => trainingSeconds(history), format: duration },
  { name: 'parameters', value: ({ settings }) => settings.parameters, format: plain },
  { name: 'batch', value: ({ settings }) => settings.batchSize, format: plain },
  { name: 'seed', value: ({ settings }) => settings.seed, format: String },
  { name: 'data set', value: datasetOf },
  { name: 'device', value: ({ settings }) => settings.device },
];

/** A click on a heading sorts by it, another the other way; what is unknown stays last. */
const SORT = `
for (const button of document.querySelectorAll('th button')) button.onclick = () => {
  const head = button.parentElement, body = head.closest('table').tBodies[0];
  const sign = head.ariaSort === 'ascending' ? -1 : 1;
  for (const other of head.parentElement.cells) other.ariaSort = null;
  head.ariaSort = sign > 0 ? 'ascending' : 'descending';
  const value = (row) => row.cells[head.cellIndex].dataset.value;
  const compare = (a, b) => a === '' || b === '' ? (a === '') - (b === '')
    : sign * (isNaN(a) || isNaN(b) ? a.localeCompare(b) : a - b);
  body.append(...[...body.rows].sort((a, b) => compare(value(a), value(b))));
};
`;

/**
 * Writes `index.html` into the folder that holds the folders of runs: a table to sort, the best of
 * each measure on a data set marked, and everybody's curves together, on a page that needs no other file and no
 * network. Runs that go on or are broken are in it too. Losses and accuracies of validation are
 * the best of all epochs, the loss is that of the last. Node only.
 *
 * @returns the path of the page
 * @throws DataError where the folder cannot be read or written
 * @throws MissingPackageError without the package echarts
 */
export async function writeIndex(runsFolder: string): Promise<string> {
  const { join } = await import('node:path');
  const runs = await readRuns(runsFolder);
  const pictures = await Promise.all(comparisonPictures(runs).map(onPage));
  const count = runs.length === 1 ? '1 run' : `${runs.length} runs`;
  const problems = runs.flatMap(({ name, problems }) =>
    problems.map((problem) => html`<div>${name}: ${problem}</div>`),
  );
  const body = html`
${problems.length ? html`<div class="problems">${problems}</div>` : undefined}
${section('Comparison', runs.length ? table(runs) : html`<p>There is no run in this folder.</p>`)}
${section('Curves', pictures.length ? gallery(pictures) : undefined)}`;
  const file = join(runsFolder, 'index.html');
  await writeAtomically(file, page('Runs', html`<span class="muted">${count}</span>`, body, SORT));
  return file;
}

function table(runs: readonly Run[]): Markup {
  const columns = COLUMNS.map((column) => ({ column, values: runs.map(column.value) }))
    // A column in which no run has anything is left out.
    .filter(({ values }) => values.some((value) => value !== undefined && value !== null))
    .map(({ column, values }) => ({ ...column, values, records: recordsOf(runs, column) }));
  const headings = [{ name: 'run' }, { name: 'status' }, ...columns].map(
    ({ name, format }: Partial<Column>) =>
      html`<th scope="col" class="${format ? 'number' : ''}"><button type="button">${name}</button></th>`,
  );
  const rows = runs.map((run, at) => {
    const target = run.files.some(({ path }) => path === RUN_FILES.report) ? RUN_FILES.report : '';
    const cells = columns.map(({ name, values, format, records }) =>
      cell(name, values[at], format, records.get(datasetOf(run))),
    );
    return html`<tr><th scope="row" data-value="${run.name}"><a href="${encodeURIComponent(run.name)}/${target}">${run.name}</a></th>
<td data-value="${run.status ?? 'unknown'}" data-heading="status">${statusBadge(run.status)}</td>${cells}</tr>\n`;
  });
  const onTest = runs.filter(({ settings }) => settings.validation === 'test');
  const validated =
    onTest.length === 0
      ? ''
      : onTest.length === runs.length
        ? ' Validation is on the test set.'
        : ` Validation is on the test set in ${onTest.map(({ name }) => name).join(', ')}.`;
  const parts = html`<thead><tr>${headings}</tr></thead>
<tbody>
${rows}</tbody>`;
  return html`${wideTable('run', parts, ' many')}
<p class="muted">★ best of its column on its data set. Click a heading to sort.${validated}</p>`;
}

function cell(
  heading: string,
  value: unknown,
  format: Column['format'],
  record: number | undefined,
): Markup {
  if (value === undefined || value === null)
    return html`<td data-value="" data-heading="${heading}" class="${format ? 'number' : ''}">${NONE}</td>`;
  if (typeof value !== 'number')
    return html`<td data-value="${String(value)}" data-heading="${heading}" class="words">${String(value)}</td>`;
  const best = value === record;
  const text = format?.(value) ?? String(value);
  return html`<td data-value="${value}" data-heading="${heading}" class="number${best ? ' best' : ''}">${best ? '★ ' : ''}${text}</td>`;
}

/** The best value on each data set that several runs share. */
function recordsOf(runs: readonly Run[], { best, value }: Column) {
  const records = new Map<string | undefined, number | undefined>();
  if (!best) return records;
  for (const name of new Set(runs.map(datasetOf))) {
    const own = runs.filter((run) => datasetOf(run) === name).map(value);
    if (own.length > 1) records.set(name, extreme(own, best));
  }
  return records;
}

/** The most or the least of what is a finite number; undefined where nothing is. */
function extreme(values: readonly unknown[], which: 'most' | 'least'): number | undefined {
  const numbers = values.filter(finite);
  if (numbers.length === 0) return undefined;
  return extremes(numbers)[which === 'most' ? 1 : 0];
}
