// Lists of numbers from a file as layers take them: one for each axis that a window moves along.

export function inOne([length = Number.NaN]: readonly number[]): number {
  return length;
}

export function inTwo([height = Number.NaN, width = Number.NaN]: readonly number[]) {
  return [height, width] as const;
}

export function inThree([d = Number.NaN, h = Number.NaN, w = Number.NaN]: readonly number[]) {
  return [d, h, w] as const;
}
