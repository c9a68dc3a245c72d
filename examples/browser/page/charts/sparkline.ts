const SVG = 'http://www.w3.org/2000/svg';
const [WIDTH, HEIGHT] = [120, 28];

/** A histogram without axes, the height of a line; the numbers beside it say its scale. */
export function sparkline(counts: readonly number[]): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('class', 'sparkline');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  const [most, step] = [Math.max(...counts, 1), WIDTH / counts.length];
  const bars = counts.map((count) => `V${HEIGHT - (count / most) * HEIGHT}h${step}`);
  path.setAttribute('d', `M0 ${HEIGHT}${bars.join('')}V${HEIGHT}Z`);
  svg.append(path);
  return svg;
}
