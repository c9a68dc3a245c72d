import { shortened } from '../../cause.ts';
import { DataError } from '../../errors.ts';

/** Digits with a point, a sign and a power of ten where wanted; `Number` reads '0x10' too. */
const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

export interface CsvRow {
  readonly values: readonly string[];
  /** Where it ends in the file, counted from 1. */
  readonly line: number;
}

/** The rows of a table and the names of its columns. */
export class CsvTable {
  readonly rows: readonly CsvRow[];
  private readonly file: string;
  private readonly names: readonly string[];

  /** @param rows all rows, the first of which names the columns */
  constructor(file: string, rows: readonly CsvRow[]) {
    const [header, ...rest] = rows;
    if (!header || rest.length === 0) {
      throw new DataError(`${file} has no rows below a line with the names of its columns.`);
    }
    this.file = file;
    this.names = header.values;
    this.rows = rest;
  }

  /** A column of finite numbers, as f32. @throws DataError with the line, for anything else */
  numbers(name: string): Float32Array {
    const numbers = this.column(name, (text, where) => {
      if (!DECIMAL.test(text)) {
        throw new DataError(`${where} is '${shortened(text)}', not a number such as -1.5 or 2e-3.`);
      }
      const value = Math.fround(Number(text));
      if (Number.isFinite(value)) return value;
      throw new DataError(`${where} is ${shortened(text)}, beyond what an f32 holds (3.4e38).`);
    });
    return Float32Array.from(numbers);
  }

  /** A column of class names as numbers. @throws DataError where one is not in `given` */
  labels(name: string, given?: readonly string[]) {
    const classes = given ?? inOrder([...new Set(this.column(name, (text) => text))]);
    const numberOf = new Map(classes.map((text, label) => [text, label]));
    const labels = this.column(name, (text, where) => {
      const label = numberOf.get(text);
      if (label !== undefined) return label;
      throw new DataError(
        `${where} is '${shortened(text)}', none of the classes ${listed(classes)}.`,
      );
    });
    return { classes, labels: Int32Array.from(labels) };
  }

  private column<T>(name: string, read: (text: string, where: string) => T): T[] {
    const at = this.names.indexOf(name);
    if (at < 0 || this.names.indexOf(name, at + 1) >= 0) {
      throw new DataError(
        `${this.file} has ${at < 0 ? 'no column' : 'several columns'} '${name}'; its columns are ${listed(this.names)}.`,
      );
    }
    return this.rows.map(({ values, line }) => {
      const text = values[at] as string;
      const where = `${this.file}, line ${line}: column '${name}'`;
      if (text === '') throw new DataError(`${where} is empty. Fill it in or remove the row.`);
      return read(text, where);
    });
  }
}

/** Names as a message takes them: it need not have all of a thousand. */
function listed(names: readonly string[]): string {
  return shortened(names.join(', '), 1000);
}

/** Numbers by their size; names by their letters, also where some of them are numbers. */
function inOrder(names: string[]): string[] {
  names.sort();
  const areNumbers = names.every((name) => DECIMAL.test(name));
  return areNumbers ? names.sort((a, b) => Number(a) - Number(b)) : names;
}
