/** The version of Keras' definitions, by what a file says: there are those before 3, and those since. */
export function versionOf(written: unknown): 2 | 3 {
  return Number.parseInt(String(written), 10) >= 3 ? 3 : 2;
}
