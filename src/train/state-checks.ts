// What the parts of a checkpoint must look like: it may be damaged, or of another program.

type Check<T> = (value: unknown) => value is T;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** NaN and infinities are numbers too: a loss may be one. */
export function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

/** A whole number of 0 or more. */
export function isCount(value: unknown): value is number {
  return isNumber(value) && Number.isSafeInteger(value) && value >= 0;
}

export function isListOf<T>(value: unknown, fits: Check<T>): value is T[] {
  return Array.isArray(value) && value.every(fits);
}

export function isRecordOf<T>(value: unknown, fits: Check<T>): value is Record<string, T> {
  return isObject(value) && Object.values(value).every(fits);
}
