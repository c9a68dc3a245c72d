// What the commands of the bench have in common.
import { InvalidArgumentError } from 'commander';

/** Progress goes to stderr, so that stdout has the results alone. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * An option that chooses names by a pattern, whatever their case.
 * @throws InvalidArgumentError where the text is no regular expression
 */
export function pattern(text: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch (error) {
    throw new InvalidArgumentError(String(error));
  }
}
