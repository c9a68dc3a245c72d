import { suite } from 'uvu';
import type { WgradError } from '../../src/index.ts';
import { rejects } from '../tensor/refusal.ts';

/** What somebody may write, the error it must give, and what that must say. */
export type Mistakes = Readonly<
  Record<
    string,
    readonly [
      call: () => unknown,
      kind: abstract new (...args: never[]) => WgradError,
      message: RegExp,
    ]
  >
>;

/** A test for each mistake: the call, or the promise it gives, must fail as the table says. */
export function testMistakes(area: string, mistakes: Mistakes): void {
  const test = suite(`mistakes: ${area}`);
  for (const [mistake, [call, kind, message]] of Object.entries(mistakes)) {
    test(mistake, () => rejects(async () => call(), kind, message));
  }
  test.run();
}

// biome-ignore lint/suspicious/noExplicitAny: mistakes that the compiler finds are made in JavaScript
export const any = (value: unknown): any => value;
