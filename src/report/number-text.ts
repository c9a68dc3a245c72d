/** What stands where there is no number: not measured, undefined or diverged. */
export const NONE = '–';

type Measure = number | null | undefined;

function formatted(value: Measure, format: (value: number) => string): string {
  return typeof value === 'number' && Number.isFinite(value) ? format(value) : NONE;
}

/** A share in [0, 1] as percent with two decimals. */
export function percent(share: Measure): string {
  return formatted(share, (value) => `${(value * 100).toFixed(2)} %`);
}

/** Four decimals, as scores and losses are given. */
export function decimals(value: Measure): string {
  return formatted(value, (number) => number.toFixed(4));
}

/** A whole number with its thousands apart, any other to four significant digits. */
export function plain(value: Measure): string {
  return formatted(value, (number) =>
    Number.isInteger(number) ? number.toLocaleString('en-US') : String(+number.toPrecision(4)),
  );
}

/** Seconds as `12.3 s`, `3 min 05 s` or `2 h 03 min`. */
export function duration(seconds: Measure): string {
  return formatted(seconds, (value) => {
    // What rounds to 60.0 is a minute.
    if (value < 59.95) return `${value.toFixed(1)} s`;
    const whole = Math.round(value);
    const two = (part: number) => String(Math.floor(part)).padStart(2, '0');
    if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
    return `${Math.floor(whole / 3600)} h ${two((whole % 3600) / 60)} min`;
  });
}

/** A file's size with a decimal unit. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
