import type { Program } from '../device/device.ts';

/** A word of a shader's `struct Params`. */
export interface Field {
  readonly name: string;
  readonly type: 'f32' | 'i32' | 'u32';
}

/** A program, with the names that its text gives to what a dispatch has to pass. */
export interface NamedProgram extends Program {
  /** The fields of `struct Params`, in order. */
  readonly params: readonly Field[];
  /** The variables of the storage bindings, in the order of their numbers. */
  readonly bindings: readonly string[];
}

/**
 * A kernel file made into a program: named integer constants go in front of the text, and the
 * texts of the function files it uses behind them, each once.
 */
export function program(
  name: string,
  source: string,
  constants: Readonly<Record<string, number>> = {},
  functions: readonly string[] = [],
): NamedProgram {
  const lines = Object.entries(constants).map(([key, value]) => `const ${key} = ${value}u;\n`);
  const text = [...new Set(functions), source].join('');
  return {
    name,
    source: lines.join('') + text,
    params: fieldsOf(name, text),
    bindings: bindingsOf(name, withoutComments(text), constants),
  };
}

function withoutComments(text: string): string {
  return text.replace(/\/\/.*/g, '');
}

/**
 * The fields of `struct Params` in a text.
 * @throws Error where a field is no 32-bit number: only those can be passed by name.
 */
export function fieldsOf(program: string, text: string): Field[] {
  const [, body = ''] = /struct\s+Params\s*\{([^}]*)\}/.exec(withoutComments(text)) ?? [];
  return [...body.matchAll(/(\w+)\s*:\s*([^,]+?)\s*(?:,|$)/g)].map(([, name = '', type = '']) => {
    if (type === 'f32' || type === 'i32' || type === 'u32') return { name, type };
    throw new Error(`${program}: the parameter ${name} is ${type}, but must be f32, i32 or u32.`);
  });
}

/** @throws Error where the numbers of the storage bindings are not 1, 2, 3, …. */
function bindingsOf(
  program: string,
  code: string,
  constants: Readonly<Record<string, number>>,
): string[] {
  const names: string[] = [];
  for (const [, at = '', name = ''] of code.matchAll(
    /@binding\((\w+)\)\s*var<storage[^>]*>\s*(\w+)/g,
  )) {
    names[(constants[at] ?? Number(at)) - 1] = name;
  }
  for (let i = 0; i < names.length; i++) {
    if (names[i] === undefined) throw new Error(`${program}: nothing is at binding ${i + 1}.`);
  }
  return names;
}
