import { FONT, FONT_SIZE, type Theme } from './theme.ts';

/** Room a text needs, in pixels. Glyphs are not measured: a wide sans-serif is assumed. */
export function textWidth(text: string, fontSize: number = FONT_SIZE): number {
  return Math.ceil(text.length * fontSize * 0.58);
}

/** The most room any of several texts needs, in pixels. */
export function widest(texts: readonly string[], fontSize: number = FONT_SIZE): number {
  return Math.max(0, ...texts.map((text) => textWidth(text, fontSize)));
}

/** A name that fits: the middle of a long one is left out, since runs differ at their ends. */
export function shorten(name: string, length = 40): string {
  if (name.length <= length) return name;
  const end = Math.floor((length - 1) / 2);
  return `${name.slice(0, length - 1 - end)}…${name.slice(-end)}`;
}

const ROW = 22;

/** A legend in a column of its own, with names of at most `longest` letters, and the room it takes in pixels. */
export function legendColumn(
  names: readonly string[],
  at: { left: number; top: number },
  longest = Number.POSITIVE_INFINITY,
) {
  const shown = (name: string) => shorten(name, longest);
  return {
    width: widest(names.map(shown)) + 48,
    height: names.length * ROW,
    option: {
      orient: 'vertical',
      ...at,
      itemGap: ROW - 14,
      itemWidth: 30,
      align: 'left',
      formatter: shown,
    },
  };
}

/** A power of ten as it is, everything else short: 0.0001, 1e-5, 1e5. */
export function logLabel(value: number): string {
  const rounded = Number(value.toPrecision(3)); // 10 ** -4 is a little less than 0.0001
  if (rounded >= 1e-4 && rounded < 1e4) return String(rounded);
  return Number(value.toPrecision(2)).toExponential().replace('+', '');
}

/** The powers of ten around positive values, as the ends of a logarithmic axis ticked at each. */
export function decades(values: readonly number[]) {
  if (values.length === 0) return undefined;
  const exponents = values.map(Math.log10);
  const min = Math.floor(Math.min(...exponents));
  const max = Math.max(Math.ceil(Math.max(...exponents)), min + 1);
  return { min: 10 ** min, max: 10 ** max, interval: Math.ceil((max - min) / 10) };
}

/** What stands in the middle of a plot without any value. */
export function emptyNote(x: number, y: number, theme: Theme): object {
  const font = `${FONT_SIZE}px ${FONT}`;
  return {
    type: 'text',
    x,
    y,
    style: { text: 'no finite values', fill: theme.muted, font, align: 'center' },
  };
}
