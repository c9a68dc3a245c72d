import { requireOptions, requireWhole } from '../../arguments.ts';
import { DataError } from '../../errors.ts';
import { requireSameLength } from './checks.ts';
import { type AveragedScores, type ClassScores, precisionRecallF1 } from './class-scores.ts';
import { confusionMatrix } from './confusion-matrix.ts';

/** The scores of one class under its name. */
export interface NamedClassScores extends ClassScores {
  /** The class's number. */
  readonly label: number;
  readonly name: string;
}

/** What a classification report says. */
export interface ClassificationScores extends Omit<AveragedScores, 'perClass'> {
  /** In the order of their numbers. */
  readonly perClass: NamedClassScores[];
  readonly accuracy: number;
}

export interface ClassificationReportOptions {
  /** The classes' names; the classes then are 0 to names.length − 1, whether they occur or not. */
  readonly names?: readonly string[];
  /** Decimal places, 0 to 20; 2 where left out. */
  readonly digits?: number;
}

/**
 * Precision, recall and F1 of every class, their averages and the accuracy, as data.
 *
 * @param labels true classes, whole numbers from 0, shape [count]
 * @param predictions predicted classes, likewise
 * @param names one for each class; where left out, the classes are those that occur among labels
 *   or predictions, named by their numbers
 *
 * @throws ShapeError where the lengths differ and DataError where a value is no class.
 */
export function classificationScores(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  names?: readonly string[],
): ClassificationScores {
  requireSameLength('classificationReport', labels, predictions);
  const classes = names ? [...names.keys()] : occurring(labels, predictions);
  const places = new Map(classes.map((label, place) => [label, place]));
  const place = (value: number) => {
    const found = places.get(value);
    if (found !== undefined) return found;
    const range = names ? `have names, 0 to ${names.length - 1}` : 'are whole numbers from 0';
    throw new DataError(`classificationReport: ${value} is no class; classes ${range}.`);
  };
  const { perClass, ...averages } = precisionRecallF1(
    confusionMatrix(Array.from(labels, place), Array.from(predictions, place), classes.length),
  );
  return {
    perClass: perClass.map((scores, at) => {
      const label = classes[at]!;
      return { label, name: names?.[label] ?? String(label), ...scores };
    }),
    ...averages,
    accuracy: averages.micro.recall,
  };
}

/**
 * {@link classificationScores} as the text that scikit-learn's `classification_report` gives,
 * with `zero_division=0`. There, a micro average takes the place of the accuracy when only some of
 * the classes are reported; here all always are.
 *
 * @throws ArgumentError where digits are not from 0 to 20, ShapeError where the lengths differ and
 * DataError where a value is no class.
 */
export function classificationReport(
  labels: ArrayLike<number>,
  predictions: ArrayLike<number>,
  options: ClassificationReportOptions = {},
): string {
  requireOptions('classificationReport', options, ['names', 'digits']);
  const { names, digits = 2 } = options;
  requireWhole('classificationReport', { digits }, { from: 0, to: 20 });
  const { perClass, accuracy, macro, weighted } = classificationScores(labels, predictions, names);
  const lengths = perClass.map(({ name }) => name.length);
  const width = Math.max('weighted avg'.length, digits, ...lengths);
  const line = (head: string, cells: readonly string[]) =>
    `${head.padStart(width)} ${cells.map((cell) => ` ${cell.padStart(9)}`).join('')}\n`;
  const row = (head: string, { precision, recall, f1, support }: ClassScores) =>
    line(head, [...[precision, recall, f1].map((score) => fixed(score, digits)), String(support)]);
  const heading = line('', ['precision', 'recall', 'f1-score', 'support']);
  const rows = perClass.map((scores) => row(scores.name, scores)).join('');
  const share = line('accuracy', ['', '', fixed(accuracy, digits), String(macro.support)]);
  const averages = row('macro avg', macro) + row('weighted avg', weighted);
  return `${heading}\n${rows}\n${share}${averages}`;
}

function occurring(...lists: ArrayLike<number>[]): number[] {
  const values = new Set(lists.flatMap((list) => Array.from(list)));
  return [...values].filter((v) => Number.isInteger(v) && v >= 0).sort((a, b) => a - b);
}

/**
 * As `toFixed`, but halves go to the even digit, as in C and Python: 0.125 is 0.12. A half is told
 * exactly: doubles that end there are multiples of a power of two.
 */
function fixed(value: number, digits: number): string {
  const longer = value.toFixed(digits + 1);
  const isHalf = Number.isInteger(value * 2 ** (digits + 1)) && longer.endsWith('5');
  if (!isHalf || Number(longer.at(digits === 0 ? -3 : -2)) % 2 === 1) return value.toFixed(digits);
  return longer.slice(0, digits === 0 ? -2 : -1);
}
