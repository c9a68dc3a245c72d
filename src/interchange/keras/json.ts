import { inWords } from '../../arguments.ts';
import { messageOf } from '../../cause.ts';
import { CheckpointError } from '../../errors.ts';

export type Json = Readonly<Record<string, unknown>>;

/** The object that a text contains. @throws CheckpointError where it is none; `what` names it. */
export function parseObject(text: string | Uint8Array, what: string, source: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(typeof text === 'string' ? text : new TextDecoder().decode(text));
  } catch (cause) {
    throw new CheckpointError(
      `${source}: ${what} is no JSON: ${messageOf(cause)}. The file is damaged, or of another format.`,
      { cause },
    );
  }
  return objectOf(value, what, source);
}

/** @throws CheckpointError where it is no object. */
export function objectOf(value: unknown, what: string, source: string): Json {
  if (isJson(value)) return value;
  throw new CheckpointError(
    `${source}: ${what} is ${inWords(value)}, no object. The file is damaged, or of another format.`,
  );
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws CheckpointError where it is no list. */
export function listOf(value: unknown, what: string, source: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new CheckpointError(
    `${source}: ${what} is ${inWords(value)}, no list. The file is damaged, or of another format.`,
  );
}
