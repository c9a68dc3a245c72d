import { inWords, requireText } from '../../arguments.ts';
import { ArgumentError, DataError } from '../../errors.ts';

/** Texts as whole numbers, one a character, and back. As JSON it is its vocabulary. */
export class CharacterTokenizer {
  /** The characters, each at the place of its number. */
  readonly vocabulary: readonly string[];
  readonly #numbers: ReadonlyMap<string, number>;

  constructor(vocabulary: readonly string[]) {
    this.vocabulary = [...vocabulary];
    this.#numbers = new Map(this.vocabulary.map((character, i) => [character, i]));
    if (this.#numbers.size === vocabulary.length && vocabulary.every(isCharacter)) return;
    throw new ArgumentError(
      'characterTokenizer: a vocabulary is a list of single characters, each of them once.',
    );
  }

  /** How many characters there are: the count of an embedding, and the units of the layer that predicts. */
  get size(): number {
    return this.vocabulary.length;
  }

  /**
   * The number of each character (code point) of a text.
   * @throws DataError where one is not in the vocabulary, naming it and its place.
   * @throws ArgumentError where it is no text.
   */
  encode(text: string): Int32Array {
    if (typeof text !== 'string') {
      throw new ArgumentError(`characterTokenizer: encodes a text; got ${inWords(text)}.`);
    }
    return Int32Array.from([...text], (character, at) => {
      const number = this.#numbers.get(character);
      if (number !== undefined) return number;
      throw new DataError(
        `characterTokenizer: character ${at} of the text, ${JSON.stringify(character)}, is none of the ` +
          `${this.size} of the vocabulary. Make the tokenizer of a text that has all of them.`,
      );
    });
  }

  /**
   * The text of so many numbers.
   * @throws DataError where one is that of no character.
   * @throws ArgumentError where they are no list of numbers.
   */
  decode(numbers: ArrayLike<number>): string {
    if (!Number.isInteger(Object(numbers).length)) {
      throw new ArgumentError(
        `characterTokenizer: decodes a list of numbers, such as await x.data(); got ${inWords(numbers)}.`,
      );
    }
    return Array.from(numbers, (number) => {
      const character = this.vocabulary[number];
      if (character !== undefined) return character;
      throw new DataError(
        `characterTokenizer: ${number} is the number of no character; there are ${this.size}, from 0.`,
      );
    }).join('');
  }

  /** Its characters, in the order of their numbers. */
  toJSON(): readonly string[] {
    return this.vocabulary;
  }
}

function isCharacter(text: unknown): boolean {
  return typeof text === 'string' && [...text].length === 1;
}

/**
 * A tokenizer of the characters of a text, numbered in the order of their code points, or of a vocabulary,
 * such as one kept as JSON.
 * @throws ArgumentError where the text is empty, or a vocabulary no list of different characters.
 */
export function characterTokenizer(
  textOrVocabulary: string | readonly string[],
): CharacterTokenizer {
  if (Array.isArray(textOrVocabulary)) return new CharacterTokenizer(textOrVocabulary);
  requireText('characterTokenizer', 'text', textOrVocabulary);
  const codes = new Set([...textOrVocabulary].map((character) => character.codePointAt(0) ?? 0));
  return new CharacterTokenizer(
    [...codes].sort((a, b) => a - b).map((code) => String.fromCodePoint(code)),
  );
}
