// What the programs of `npm run test:soak` found, as a table for people and for the document.
import { cpus } from 'node:os';

const at = (list) => list?.at(-1);

/** In a few words what a program's line of JSON says, by the part it belongs to. */
const sayings = {
  steps: ({ steps, loss, repeated, samples, deviceMB }) =>
    `${count(steps)} steps, mean loss ${short(loss[0])} → ${short(loss[1])}, ` +
    `the bits of ${count(repeated)} of them again, ${held(samples, deviceMB)}`,
  shapes: ({ shapes, mostPlans, kernels, samples, deviceMB }) =>
    `${count(shapes)} shapes, ${count(kernels)} kernels, at most ${mostPlans} plans, ` +
    held(samples, deviceMB),
  memory: ({ rounds, samples, deviceMB }) =>
    `${count(rounds)} rounds, ${held(samples, deviceMB)}, at most ${Math.max(...deviceMB)} on the device`,
  fuzz: ({ inputs, values, errors }) =>
    `${count(inputs)} inputs: ${count(values)} read, ${count(inputs - values)} refused` +
    Object.keys(errors)
      .map((name, i) => (i === 0 ? ` by ${name}` : `, ${name}`))
      .join(''),
  kills: ({ kills, resumed, equal }) =>
    `${count(kills)} kills, ${count(resumed)} runs resumed, ${count(equal)} equal to the one nobody killed`,
};

function held(samples, deviceMB) {
  const middle = samples[Math.floor(samples.length / 2)];
  return `process ${middle} MB half-way and ${at(samples)} MB at the end, device ${at(deviceMB)} MB`;
}

const count = (value) => value.toLocaleString('en');
const short = (value) => Number(value.toPrecision(2));

export function said({ part, passed, line, problem }) {
  if (passed) return sayings[part](line);
  const failures = line?.failures ?? [];
  const grows = line?.flat === false ? 'memory grows' : undefined;
  const what = problem ?? line?.error ?? failures[0] ?? grows ?? 'its exit code is not 0';
  return `FAILED: ${String(what).split('\n')[0]}`;
}

/** One line a program, columns of equal width. */
export function textTable(results) {
  const rows = results.map((result) => [
    result.passed ? '✔' : '✘',
    result.program,
    result.device ?? '',
    `${Math.round(result.seconds)} s`,
    said(result),
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
    .join('\n');
}

/** The table between the marks of docs/reliability.md, and where its figures come from. */
export function markdownTable(results) {
  const [{ model = 'an unknown processor' } = {}, ...others] = cpus();
  const last = results
    .map(({ ended }) => ended.slice(0, 10))
    .sort()
    .at(-1);
  const rows = results.map((result) => {
    const cells = [result.program, result.device ?? '–', said(result), Math.round(result.seconds)];
    return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return [
    `Measured on ${1 + others.length} cores (${model}), Node ${process.versions.node}, ${last}.`,
    '',
    '| program | device | what came of it | seconds |',
    '| --- | --- | --- | ---: |',
    ...rows,
  ].join('\n');
}
