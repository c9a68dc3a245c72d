import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { interruptedCode, onInterrupt } from '../../../experiments/command/interrupt.ts';

const test = suite("the MNIST example's Ctrl-C");

test('the first one aborts the signal, a second one ends the process', async () => {
  const source = new EventEmitter();
  const exits: number[] = [];
  const signal = onInterrupt(source, (code) => exits.push(code));
  assert.not(signal.aborted);
  source.emit('SIGINT');
  assert.ok(signal.aborted);
  source.emit('SIGINT'); // the same one, passed on by npm
  assert.equal(exits, []);
  await sleep(500);
  source.emit('SIGINT');
  assert.equal(exits, [130]);
});

for (const [name, code] of [
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  test(`${name} is a request to end as well, and one of another kind is a second one`, () => {
    const source = new EventEmitter();
    const exits: number[] = [];
    const signal = onInterrupt(source, (code) => exits.push(code));
    assert.is(interruptedCode(signal), undefined);
    source.emit(name);
    assert.ok(signal.aborted);
    assert.is(interruptedCode(signal), code);
    assert.equal(exits, []);
    source.emit('SIGINT');
    assert.equal(exits, [130]);
  });
}

test('nobody reading on is a request to end, a terminal that fails is none', () => {
  const stdout = new EventEmitter();
  const source = Object.assign(new EventEmitter(), { stdout });
  const signal = onInterrupt(source, () => {});
  stdout.emit('error', Object.assign(new Error('gone'), { code: 'EIO' }));
  assert.not(signal.aborted);
  stdout.emit('error', Object.assign(new Error('gone'), { code: 'EPIPE' }));
  assert.is(interruptedCode(signal), 141);
});

test.run();
