import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { onInterrupt } from '../../../experiments/command/interrupt.ts';

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

test.run();
