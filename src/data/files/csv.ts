import { requireChoice, requireList, requireOptions, requireText } from '../../arguments.ts';
import { messageOf, shortened } from '../../cause.ts';
import { ArgumentError, DataError } from '../../errors.ts';
import { otherFormat } from '../../files/other-format.ts';
import { readRegularFile } from '../../files/regular-file.ts';
import { loadPackage } from '../../optional-package.ts';
import { owning, tensor } from '../../tensor/ops/creation.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import { stored } from '../pipeline/stored.ts';
import { type CsvRow, CsvTable } from './csv-table.ts';
import { LabelledDataset } from './labelled-dataset.ts';

export interface CsvOptions {
  /** The columns of numbers to learn from, by their names in the first line. */
  readonly inputs: readonly string[];
  /** The column to predict. */
  readonly target: string;
  /** Whether the target is the name of a class (default) or a number. */
  readonly targetType?: 'class' | 'number';
  /** The classes in the order of their numbers, where those of another file are to be kept. */
  readonly classes?: readonly string[];
  /** What stands between columns. Default a comma. */
  readonly delimiter?: string;
}

/**
 * A table in UTF-8 with the names of its columns in the first line, as a data set: inputs f32 [count,
 * columns], targets i32 [count] for classes, numbered in the order of their names (numbers by
 * size), or f32 [count, 1] for numbers. Lines may end as on any system. Numbers are decimal and
 * rounded to f32. Needs the package csv-parse. Node only.
 *
 * @throws DataError with the line, for a value that is missing, no number, beyond f32 or of no given
 * class, and for a malformed file; MissingPackageError without csv-parse.
 */
export async function csv(file: string, options: CsvOptions): Promise<LabelledDataset> {
  requireOptions('csv', options, ['inputs', 'target', 'targetType', 'classes', 'delimiter']);
  const { inputs: names, target, targetType = 'class' } = options;
  requireText('csv', 'file', file);
  requireList('csv', names, "columns' names, as in inputs: ['width']");
  requireText('csv', 'target', target);
  requireChoice('csv', { targetType }, ['class', 'number']);
  if (names.length === 0) throw new ArgumentError('csv: inputs must name at least one column.');
  const table = new CsvTable(file, await rowsOf(file, options.delimiter ?? ','));
  const count = table.rows.length;
  const columns = names.map((name) => table.numbers(name));
  const inputs = new Float32Array(count * names.length);
  columns.forEach((column, at) => {
    column.forEach((value, row) => {
      inputs[row * names.length + at] = value;
    });
  });
  const features = owning(inputs, [count, names.length], 'f32');
  if (targetType === 'number') {
    return labelled(count, features, tensor(table.numbers(target), [count, 1]), []);
  }
  const { classes, labels } = table.labels(target, options.classes);
  return labelled(count, features, tensor(labels, [count]), classes);
}

function labelled(
  count: number,
  inputs: AnyTensor,
  targets: AnyTensor,
  classes: readonly string[],
): LabelledDataset {
  const source = stored(count, () => ({ inputs, targets }));
  return new LabelledDataset(source, classes);
}

async function rowsOf(file: string, delimiter: string): Promise<CsvRow[]> {
  const { parse } = await loadPackage(
    'csv-parse',
    'to read CSV files',
    () => import('csv-parse/sync'),
  );
  const cannotRead = (cause: unknown) =>
    new DataError(
      `${file} cannot be read as CSV: ${shortened(messageOf(cause), 500)}. Check the file and the delimiter '${delimiter}'.`,
      { cause },
    );
  const bytes = await readRegularFile(file).catch((cause) => {
    throw cannotRead(cause);
  });
  const format = otherFormat(bytes);
  if (format) {
    throw new DataError(
      `${file} is ${format}, no CSV. Tables are read from text: in Python, pandas' to_csv or numpy.savetxt writes it.`,
    );
  }
  try {
    // One kind of line end: files grow on several systems, and the parser counts a CRLF within
    // quotes as two lines.
    const text = textOf(bytes).replace(/\r\n?/g, '\n');
    const rows: unknown = parse(text, {
      delimiter,
      info: true,
      record_delimiter: '\n',
      skip_empty_lines: true,
      trim: true,
    });
    // With `info` a row comes with its place, which its type does not say.
    return (rows as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
      values: record,
      line: info.lines,
    }));
  } catch (cause) {
    throw cannotRead(cause);
  }
}

/** UTF-8, with or without a byte order mark. @throws Error with the line that is something else */
function textOf(bytes: Uint8Array): string {
  const decode = (part: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(part);
  try {
    return decode(bytes);
  } catch (cause) {
    let line = 1;
    for (let start = 0, end: number; start < bytes.length; start = end, line++) {
      end = bytes.indexOf(0x0a, start) + 1 || bytes.length;
      try {
        decode(bytes.subarray(start, end));
      } catch {
        throw new Error(`line ${line} is not UTF-8. Save it as UTF-8`, { cause });
      }
    }
    throw cause;
  }
}
