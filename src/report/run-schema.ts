// What the files of a run must look like to be read: they may be of another version, half written
// or edited by hand, and a page about a run must not fail over them.
import type { RankTimes } from '../train/callbacks/rank-times.ts';
import { isPngDataUrl } from './pictures/png-data-url.ts';
import type { Sample } from './pictures/sample-grid.ts';
import type { ClassRecord, EpochRecord, RocRecord, RunMetrics, RunSettings } from './run-folder.ts';

type Check<T> = (value: unknown) => value is T;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf<T>(fits: Check<T>): Check<T[]> {
  return (value): value is T[] => Array.isArray(value) && value.every(fits);
}

export function isSettings(value: unknown): value is Partial<RunSettings> {
  return (
    isObject(value) &&
    ['command', 'model', 'dataset', 'device', 'optimizer', 'validation', 'summary', 'wgrad'].every(
      (name) => optional(isText)(value[name] ?? undefined),
    ) &&
    ['parameters', 'seed', 'lr', 'batchSize'].every((name) =>
      optional(isNumber)(value[name] ?? undefined),
    )
  );
}

export function isEpoch(value: unknown): value is EpochRecord {
  return (
    isObject(value) &&
    Number.isSafeInteger(value.epoch) &&
    Number(value.epoch) >= 0 &&
    Object.values(value).every(isMeasure)
  );
}

export function isSample(value: unknown): value is Sample {
  if (!isObject(value)) return false;
  const { image, label, predicted, probability } = value;
  return (
    [label, predicted].every(isText) &&
    isText(image) &&
    isPngDataUrl(image) &&
    (probability === undefined || isNumber(probability))
  );
}

export function isRankTimes(value: unknown): value is RankTimes {
  if (!isObject(value)) return false;
  const { rank, host, examples, computing, waiting, reducing } = value;
  return (
    isText(host) &&
    [rank, examples, computing, waiting, reducing].every((count) => isNumber(count) && count >= 0)
  );
}

export function isMetrics(value: unknown): value is Partial<RunMetrics> {
  if (!isObject(value)) return false;
  const { status, accuracy, macroF1, logLoss, confusion, classNames, perClass, roc } = value;
  const classes = [confusion, classNames, perClass, roc].filter((list) => list !== undefined);
  const counts = new Set(classes.map((list) => (Array.isArray(list) ? list.length : -1)));
  return (
    (status === undefined || STATUSES.has(status)) &&
    [accuracy, macroF1, logLoss].every((score) => score === undefined || isMeasure(score)) &&
    counts.size <= 1 &&
    optional(listOf(isText))(classNames) &&
    optional(listOf(isClassRecord))(perClass) &&
    optional(listOf(isCurve))(roc) &&
    optional(listOf(listOf(isNumber)))(confusion) &&
    (confusion ?? []).every((row) => row.length === confusion?.length)
  );
}

const STATUSES = new Set<unknown>(['running', 'finished', 'stopped', 'interrupted', 'diverged']);

function isClassRecord(value: unknown): value is ClassRecord {
  if (!isObject(value)) return false;
  return isNumber(value.support) && [value.precision, value.recall, value.f1].every(isMeasure);
}

function isCurve(value: unknown): value is RocRecord {
  if (!isObject(value)) return false;
  const { fpr, tpr, auc } = value;
  const rates = listOf(isNumber);
  return rates(fpr) && rates(tpr) && fpr.length === tpr.length && isMeasure(auc);
}

function optional<T>(fits: Check<T>): Check<T | undefined> {
  return (value): value is T | undefined => value === undefined || fits(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

/** A number that may have been NaN when it was written. */
function isMeasure(value: unknown): value is number | null {
  return isNumber(value) || value === null;
}
