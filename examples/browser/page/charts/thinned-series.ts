/** More points than a chart has pixels would only take memory. */
const MOST = 500;

export type Point = [x: number, y: number];

/** A line of any length in few points: when there are too many, each two neighbours become their mean. */
export class ThinnedSeries {
  points: Point[] = [];
  #merged = 1;
  #pending: Point[] = [];

  add(x: number, y: number): void {
    this.#pending.push([x, y]);
    if (this.#pending.length < this.#merged) return;
    this.points.push(meanOf(this.#pending));
    this.#pending = [];
    if (this.points.length < MOST) return;
    const { points } = this;
    this.points = points.flatMap((point, i) =>
      i % 2 === 0 ? [meanOf([point, points[i + 1] ?? point])] : [],
    );
    this.#merged *= 2;
  }
}

function meanOf(points: readonly Point[]): Point {
  const sum = points.reduce<Point>(([x, y], point) => [x + point[0], y + point[1]], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}
