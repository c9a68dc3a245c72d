import * as assert from 'uvu/assert';

/** The call throws an error of this very class, whose message says what it should. */
export function refuses(
  call: () => unknown,
  kind: abstract new (...args: never[]) => Error,
  message: RegExp,
): void {
  let thrown: unknown;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  assertError(thrown, kind, message);
}

/** As {@link refuses}, for a call that fails later. */
export async function rejects(
  call: () => Promise<unknown>,
  kind: abstract new (...args: never[]) => Error,
  message: RegExp,
): Promise<void> {
  const thrown = await call().then(
    () => undefined,
    (error: unknown) => error,
  );
  assertError(thrown, kind, message);
}

function assertError(
  thrown: unknown,
  kind: abstract new (...args: never[]) => Error,
  message: RegExp,
): void {
  assert.ok(thrown instanceof Error, `nothing was thrown, expected ${kind.name} ${message}`);
  const error = thrown as Error;
  assert.ok(error instanceof kind, `expected ${kind.name}, got ${error.stack}`);
  assert.match(error.message, message);
}
