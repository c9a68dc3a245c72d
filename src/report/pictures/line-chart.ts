import { emptyNote, legendColumn } from '../layout.ts';
import type { Picture } from '../picture.ts';
import { COLOURS, type Theme } from '../theme.ts';

export interface Line {
  readonly name: string;
  /** Position in the palette: lines of one run share it. */
  readonly category: number;
  /** What sets it apart within its category. */
  readonly dash?: 'solid' | 'dashed' | 'dotted';
  /** A point without a finite y is a gap. */
  readonly points: readonly (readonly [x: number, y: number | null | undefined])[];
  /** Which points get one; default those with no neighbour to draw a line to. */
  readonly symbols?: 'all' | 'lonely' | 'none';
  /** A point to mark, by its index. */
  readonly marked?: number | undefined;
}

type Axis = { readonly name: string; readonly [option: string]: unknown };

interface LineChart {
  readonly title: string;
  /** ECharts options of the axes; `name` is the quantity with its unit. */
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  /** Further series, by the theme. */
  readonly extra?: (theme: Theme) => readonly object[];
  /** The plot itself, without axis labels and legend, in pixels. */
  readonly plot?: { readonly width: number; readonly height: number };
  /** A part drawn again, larger, in the lower right of the plot. */
  readonly corner?: { readonly x: Axis; readonly y: Axis } | undefined;
}

const MARGIN = { left: 76, top: 56, bottom: 60, right: 24 };
/** A plot for phones, whose legend is below it: with its margins it is as wide as their pages. */
const NARROW = { width: 270, height: 270 };
/** Letters of a name in a legend that is no wider than that. */
const NARROW_NAME = 42;
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond'];
/** The same with a hole, so that a single point of a dashed line is another than a solid one's. */
const HOLLOW = [
  'path://M-10,0a10,10 0 1,0 20,0a10,10 0 1,0 -20,0M-6,0a6,6 0 1,1 12,0a6,6 0 1,1 -12,0',
  'path://M-10,-10h20v20h-20zM-6,-6v12h12v-12z',
  'path://M0,-10L10,10L-10,10zM0,-1L-4,7L4,7z',
  'path://M0,-10L10,0L0,10L-10,0zM0,-5L-5,0L0,5L5,0z',
];

/** Lines over two numeric axes, with the legend in a column to the right. */
export function lineChart(chart: LineChart): Picture {
  const { lines, plot = { width: 560, height: 320 } } = chart;
  const names = lines.map(({ name }) => name);
  const right = MARGIN.left + plot.width + MARGIN.right;
  const beside = legendColumn(names, { left: right, top: MARGIN.top - 6 });
  const height = Math.max(plot.height, beside.height);
  const bottom = MARGIN.top + NARROW.height + MARGIN.bottom;
  const below = legendColumn(names, { left: 16, top: bottom }, NARROW_NAME);
  return {
    ...drawn(chart, { ...plot, height }, beside),
    width: right + beside.width,
    height: MARGIN.top + height + MARGIN.bottom,
    narrow: {
      ...drawn(chart, NARROW, below),
      width: Math.max(MARGIN.left + NARROW.width + MARGIN.right, below.width),
      height: bottom + below.height + 16,
    },
  };
}

/** What a chart shows in a plot of a size. */
function drawn(
  chart: LineChart,
  plot: { readonly width: number; readonly height: number },
  legend: ReturnType<typeof legendColumn>,
): Pick<Picture, 'title' | 'option'> {
  const { title, lines, corner } = chart;
  const values = new Set(lines.flatMap(({ points }) => points.map(([, y]) => y).filter(finite)));
  const place = { left: MARGIN.left, top: MARGIN.top, ...plot };
  return {
    title,
    option: (theme) => ({
      grid: corner ? [place, cornerOf(place, theme)] : place,
      legend: {
        ...legend.option,
        // ECharts would show a dot for a line without any.
        data: lines.map((line) => ({
          name: line.name,
          itemStyle: hasSymbols(line) ? {} : { opacity: 0 },
        })),
      },
      xAxis: [
        { type: 'value', nameGap: 34, ...chart.x },
        ...(corner ? [{ type: 'value', gridIndex: 1, z: 4, ...corner.x }] : []),
      ],
      yAxis: [
        // Around a single value there is no scale but that from zero.
        { type: 'value', nameGap: 54, scale: values.size > 1, ...chart.y },
        ...(corner ? [{ type: 'value', gridIndex: 1, z: 4, ...corner.y }] : []),
      ],
      graphic:
        values.size > 0
          ? []
          : [emptyNote(MARGIN.left + plot.width / 2, MARGIN.top + plot.height / 2, theme)],
      series: [
        ...lines.map((line) => seriesOf(line, theme)),
        ...(chart.extra?.(theme) ?? []),
        ...(corner ? lines.map((line) => ({ ...seriesOf(line, theme), ...IN_CORNER })) : []),
      ],
    }),
  };
}

/** Above all that is drawn in the plot itself. */
const IN_CORNER = { xAxisIndex: 1, yAxisIndex: 1, z: 5, clip: true };

/** Where the part that is drawn again stands, on ground of its own. */
function cornerOf(
  plot: { left: number; top: number; width: number; height: number },
  theme: Theme,
): object {
  const [width, height] = [0.52 * plot.width, 0.5 * plot.height];
  return {
    left: plot.left + plot.width - width - 14,
    top: plot.top + plot.height - height - 34,
    width,
    height,
    show: true,
    z: 3,
    backgroundColor: theme.background,
    borderColor: theme.axis,
  };
}

function seriesOf(line: Line, theme: Theme): object {
  const { name, category, dash = 'solid', points, marked } = line;
  const color = theme.categories[category % COLOURS];
  const round = roundOf(line);
  const shapes = dash === 'dashed' ? HOLLOW : SYMBOLS;
  const shape = shapes[round % shapes.length];
  const bare = !hasSymbols(line);
  return {
    name,
    type: 'line',
    data: points.map(([x, y], at) => {
      const value = [x, finite(y) ? y : '-'];
      if (bare) return value;
      const symbol = hasSymbol(line, at) ? shape : 'none';
      return { value, symbol, symbolSize: at === marked ? 13 : 7 };
    }),
    symbol: bare ? 'none' : shape,
    showAllSymbol: true,
    connectNulls: false,
    lineStyle: { width: 2, color, type: dash },
    itemStyle: { color },
  };
}

function hasSymbols(line: Line): boolean {
  return line.points.some((_, at) => hasSymbol(line, at));
}

function hasSymbol(line: Line, at: number): boolean {
  const { points, symbols = 'lonely', marked } = line;
  if (symbols === 'none') return false;
  // Where colours repeat, symbols tell the lines apart.
  if (symbols === 'all' || at === marked || roundOf(line) > 0) return true;
  // No line leads to a point between two gaps.
  return [at - 1, at + 1].every((neighbour) => !finite(points[neighbour]?.[1]));
}

/** How many times the palette has been used up before a line. */
function roundOf({ category }: Line): number {
  return Math.floor(category / COLOURS);
}

export function finite(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
