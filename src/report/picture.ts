import { requireChoice, requireOptions } from '../arguments.ts';
import { ArgumentError } from '../errors.ts';
import { writeAtomically } from '../files/atomic-file.ts';
import { loadPackage } from '../optional-package.ts';
import { standaloneSvg } from './standalone-svg.ts';
import { echartsTheme, type Theme, type ThemeName, themes } from './theme.ts';

/** Something to draw: what it is called, how large it is, and how it looks in a theme. */
export interface Picture {
  readonly title: string;
  /** In pixels, as is the height. */
  readonly width: number;
  readonly height: number;
  /** The ECharts option; colours, fonts and the title come from the theme where it names none. */
  readonly option: (theme: Theme) => object;
  /** The same for the page of a phone, where it is drawn otherwise there. */
  readonly narrow?: Picture | undefined;
}

/**
 * A picture as SVG text that stands alone: valid XML without scripts, style sheets or references
 * to anything outside. The same picture always gives the same bytes.
 *
 * @throws MissingPackageError without the package echarts
 */
export async function toSvg(picture: Picture, theme: ThemeName = 'light'): Promise<string> {
  requireChoice('toSvg', { theme }, Object.keys(themes));
  const echarts = await loadPackage('echarts', 'to draw pictures', importEcharts);
  const { title, width, height } = picture;
  const chart = echarts.init(null, echartsTheme(themes[theme]), {
    renderer: 'svg',
    ssr: true,
    width,
    height,
  });
  try {
    chart.setOption({ animation: false, title: { text: title }, ...picture.option(themes[theme]) });
    return standaloneSvg(chart.renderToSVGString(), title);
  } finally {
    chart.dispose();
  }
}

/**
 * Draws a picture into a file, SVG or PNG by the name's ending. The file appears when it is
 * whole; its folder is made where missing.
 *
 * @throws ArgumentError where the file has another ending
 * @throws MissingPackageError without the package echarts or, for PNG, sharp
 */
export async function savePicture(
  file: string,
  picture: Picture,
  options: { theme?: ThemeName } = {},
): Promise<void> {
  requireOptions('savePicture', options, ['theme']);
  const ending = /\.(svg|png)$/i.exec(file)?.[1]?.toLowerCase();
  if (ending === undefined) {
    throw new ArgumentError(`savePicture: ${file} ends neither in .svg nor in .png.`);
  }
  const svg = await toSvg(picture, options.theme);
  await writeAtomically(file, ending === 'svg' ? svg : [await toPng(svg)]);
}

/** SVG text as the bytes of a PNG file, two pixels for each of the picture's: screens are fine. */
async function toPng(svg: string): Promise<Uint8Array> {
  const { default: sharp } = await loadPackage('sharp', 'to write PNG', () => import('sharp'));
  return sharp(Buffer.from(svg), { density: 144 }).png().toBuffer();
}

/** What is used of ECharts: the file below comes without the types of the package. */
interface Echarts {
  init(element: null, theme: object, options: object): Chart;
}

interface Chart {
  setOption(option: object): void;
  renderToSVGString(): string;
  dispose(): void;
}

/** All of it in one file, which loads in a small part of the time of its six hundred modules. */
function importEcharts(): Promise<Echarts> {
  // @ts-expect-error: see above.
  return import('echarts/dist/echarts.esm.min.mjs');
}
