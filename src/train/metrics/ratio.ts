/** `part / whole`, and 0 of nothing: as scikit-learn with `zero_division=0`. */
export function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
