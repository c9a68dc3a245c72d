/** What a failed system call or package says of itself, in its own words. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** A text out of a file, which may be of any length, as a message takes it. */
export function shortened(text: string, most = 100): string {
  return text.length > most ? `${text.slice(0, most)}… (${text.length} characters)` : text;
}

/** The system's name of a failure, such as `ENOENT`; undefined where it has none. */
export function codeOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error && 'code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}
