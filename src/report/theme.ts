/** On light or dark ground. */
export type ThemeName = 'light' | 'dark';

/** Colours of pictures, all as `#rrggbb`. */
export interface Theme {
  readonly name: ThemeName;
  readonly background: string;
  /** Titles and the numbers one is meant to read. */
  readonly text: string;
  /** Axis names and labels. */
  readonly muted: string;
  readonly axis: string;
  readonly grid: string;
  /** One for each run, model or class; beyond its end colours repeat with another dash or symbol. */
  readonly categories: readonly string[];
  /** From none to much. */
  readonly sequential: readonly [string, string];
  /** From negative over zero to positive. */
  readonly diverging: readonly [string, string, string];
  readonly right: string;
  readonly wrong: string;
}

/**
 * Paul Tol's "vibrant" scheme (Colour Schemes, SRON/EPS/TN/09-002, 2021), made to be told apart
 * with any colour vision: blue, orange, teal, magenta, cyan and red.
 */
const VIBRANT = ['#0077bb', '#ee7733', '#009988', '#ee3377', '#33bbee', '#cc3311'] as const;
export const COLOURS = VIBRANT.length;

/** Ends from Tol's "BuRd", the colour-blind safe diverging scheme of the same report. */
const BLUE_RED = ['#2166ac', '#b2182b'] as const;

/** The colours of each theme. */
export const themes: Readonly<Record<ThemeName, Theme>> = {
  light: {
    name: 'light',
    background: '#ffffff',
    text: '#1b1f24',
    muted: '#4d5560',
    axis: '#8a929c',
    grid: '#e3e6ea',
    categories: VIBRANT,
    sequential: ['#f4f7fa', '#00507f'],
    diverging: [BLUE_RED[0], '#f7f7f7', BLUE_RED[1]],
    right: '#00705f',
    wrong: '#c02c0d',
  },
  dark: {
    name: 'dark',
    background: '#15181d',
    text: '#eef1f4',
    muted: '#b3bac3',
    axis: '#717a85',
    grid: '#2c3138',
    categories: VIBRANT.map((colour) => mix(colour, '#ffffff', 0.25)),
    sequential: ['#1d2229', '#6ec6f5'],
    diverging: ['#6aaee8', '#22262c', '#ff7a6b'],
    right: '#4cc9b4',
    wrong: '#ff8a66',
  },
};

export const FONT = 'system-ui, Helvetica, Arial, sans-serif';
/** In pixels at 100 %. */
export const FONT_SIZE = 13;
const TITLE_SIZE = 16;

/** What every ECharts picture of a theme has in common, as a theme object for `echarts.init`. */
export function echartsTheme(theme: Theme): object {
  const label = { color: theme.muted, fontSize: FONT_SIZE, fontFamily: FONT };
  const axis = {
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.axis } },
    axisTick: { show: true, lineStyle: { color: theme.axis } },
    axisLabel: label,
    splitLine: { show: true, lineStyle: { color: theme.grid } },
    nameTextStyle: label,
    nameLocation: 'middle',
  };
  return {
    color: theme.categories,
    backgroundColor: theme.background,
    textStyle: { fontFamily: FONT, fontSize: FONT_SIZE, color: theme.text },
    title: {
      left: 16,
      top: 12,
      textStyle: { color: theme.text, fontSize: TITLE_SIZE, fontWeight: 600, fontFamily: FONT },
    },
    legend: { textStyle: { ...label, color: theme.text } },
    visualMap: { textStyle: label },
    valueAxis: axis,
    logAxis: axis,
    categoryAxis: { ...axis, splitLine: { show: false } },
  };
}

/** The colour a fraction `t` in [0, 1] of the way from one to another. */
export function mix(from: string, to: string, t: number): string {
  const [a, b] = [channels(from), channels(to)];
  const between = (start: number, end: number) =>
    Math.round(start + (end - start) * t)
      .toString(16)
      .padStart(2, '0');
  return `#${between(a.red, b.red)}${between(a.green, b.green)}${between(a.blue, b.blue)}`;
}

/** Black or white, whichever is easier to read on a colour (the contrast ratio of WCAG 2). */
export function inkOn(background: string): string {
  const linear = (value: number) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  const { red, green, blue } = channels(background);
  const luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  return 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 ? '#ffffff' : '#000000';
}

/** The parts of `#rrggbb`, from 0 to 255. */
function channels(colour: string): { red: number; green: number; blue: number } {
  const at = (start: number) => Number.parseInt(colour.slice(start, start + 2), 16);
  return { red: at(1), green: at(3), blue: at(5) };
}
