import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, DataError, data } from '../../../src/index.ts';
import { refuses } from '../../tensor/refusal.ts';

const test = suite('data: character tokenizer');

test('numbers characters in order, and gives the text back', () => {
  const tokenizer = data.characterTokenizer('banana 🍌!');
  assert.equal(tokenizer.vocabulary, [' ', '!', 'a', 'b', 'n', '🍌']);
  assert.is(tokenizer.size, 6);
  const numbers = tokenizer.encode('ban 🍌');
  assert.equal([...numbers], [3, 2, 4, 0, 5]);
  assert.is(tokenizer.decode(numbers), 'ban 🍌');
  assert.is(tokenizer.decode([]), '');
});

test('any text comes back, by a tokenizer kept as JSON too', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
      const tokenizer = data.characterTokenizer(text);
      const kept = data.characterTokenizer(JSON.parse(JSON.stringify(tokenizer)) as string[]);
      assert.is(kept.decode(tokenizer.encode(text)), text);
    }),
  );
});

test('what is not in the vocabulary', () => {
  const tokenizer = data.characterTokenizer('abc');
  refuses(
    () => tokenizer.encode('abx'),
    DataError,
    /character 2 of the text, "x", is none of the 3/,
  );
  refuses(() => tokenizer.decode([0, 3]), DataError, /3 is the number of no character/);
  refuses(
    () => tokenizer.encode(undefined as never),
    ArgumentError,
    /encodes a text; got undefined/,
  );
  refuses(() => tokenizer.decode(null as never), ArgumentError, /decodes a list.*got null/);
  refuses(() => data.characterTokenizer(''), ArgumentError, /text '' must be/);
  refuses(() => data.characterTokenizer(['a', 'a']), ArgumentError, /each of them once/);
  refuses(() => data.characterTokenizer(['ab']), ArgumentError, /single characters/);
});

test.run();
