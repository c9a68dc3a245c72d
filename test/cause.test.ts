import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { codeOf, messageOf } from '../src/cause.ts';

const test = suite('cause');

test('an error says its message, anything else that was thrown what it is as text', () => {
  assert.is(messageOf(new RangeError('out of room')), 'out of room');
  assert.is(messageOf('no such file'), 'no such file');
  assert.is(messageOf(undefined), 'undefined');
});

test("a system's error has a code, of which only text is one", () => {
  const failed = (code: unknown) => Object.assign(new Error('failed'), { code });
  assert.is(codeOf(failed('ENOENT')), 'ENOENT');
  assert.is(codeOf(failed(20)), undefined);
  assert.is(codeOf(new Error('ENOENT')), undefined);
  assert.is(codeOf({ code: 'ENOENT' }), undefined);
  assert.is(codeOf(null), undefined);
});

test.run();
