import { Mistake } from '../error.ts';
import type { Token } from './tokens.ts';
import { ABSTRACT_FLOAT, ABSTRACT_INT, F32, I32, type ScalarType, U32 } from './types.ts';
import { whyRefused } from './unsupported.ts';

/** The value of a number as it is written, and the type that its form and suffix give it. */
export function readNumber({ text, at }: Token): { value: number; literalType: ScalarType } {
  const hexadecimal = /^0x/i.test(text);
  const suffix = (hexadecimal && !/p/i.test(text) ? /[iu]$/ : /[iufh]$/).exec(text)?.[0];
  const digits = suffix ? text.slice(0, -1) : text;
  const value = hexadecimal && /p/i.test(digits) ? hexadecimalFloat(digits) : Number(digits);
  if (suffix === 'h') throw new Mistake(at, whyRefused('f16') as string);
  if (suffix === 'f') return { value: Math.fround(value), literalType: F32 };
  const whole = hexadecimal ? !/p/i.test(digits) : /^\d+$/.test(digits);
  if (!whole) {
    if (suffix) throw new Mistake(at, `'${text}' is not a whole number`);
    return { value, literalType: ABSTRACT_FLOAT };
  }
  const limit = suffix === 'u' ? 0xffffffff : suffix === 'i' ? 0x7fffffff : Number.MAX_SAFE_INTEGER;
  if (value > limit) throw new Mistake(at, `'${text}' is too large for its type`);
  return { value, literalType: suffix === 'u' ? U32 : suffix === 'i' ? I32 : ABSTRACT_INT };
}

function hexadecimalFloat(text: string): number {
  const [mantissa = '', exponent = '0'] = text.slice(2).split(/p/i);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const scale = 2 ** (Number(exponent) - 4 * fraction.length);
  return Number.parseInt(`${whole}${fraction}` || '0', 16) * scale;
}
