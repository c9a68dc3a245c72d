import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { callbacks, FileError } from '../../../src/index.ts';
import { withFolder } from '../../data/tiny-images.ts';
import { rejects } from '../../tensor/refusal.ts';
import { perceptron } from '../small-training.ts';
import { valuesTraining } from './told-values.ts';

const test = suite('csv and JSON lines logs');

test('have a row for each epoch with all there is to it', () =>
  withFolder(async (folder) => {
    const [csv, lines] = [join(folder, 'new', 'log.csv'), join(folder, 'log.jsonl')];
    const history = await valuesTraining(
      perceptron(),
      'a "b", c',
      [0.5, Number.NaN, 2],
      [callbacks.csvLog(csv), callbacks.jsonLinesLog(lines)],
    );
    const { epochs } = history;
    const rows = parse(await readFile(csv), { columns: true }) as Record<string, string>[];
    const numbers = rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, Number(value)])),
    );
    assert.equal(numbers, epochs);
    const text = await readFile(lines, 'utf8');
    const parsed = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const withNull = epochs.map((logs) => ({ ...logs }) as Record<string, unknown>);
    withNull[1]!['a "b", c'] = null;
    assert.equal(parsed, withNull);
  }));

test('what cannot be written is an error', () =>
  withFolder(async (folder) => {
    const training = valuesTraining(perceptron(), 'x', [1], [callbacks.csvLog(folder)]);
    await rejects(() => training, FileError, /cannot be written/);
  }));

test.run();
