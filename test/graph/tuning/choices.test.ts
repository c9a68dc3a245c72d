import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DeviceLimits } from '../../../src/device/device.ts';
import { Choices } from '../../../src/graph/tuning/choices.ts';
import type { DType } from '../../../src/kernels/dtype.ts';
import { NO_EPILOGUE } from '../../../src/kernels/epilogue.ts';
import type { KernelContext, Launches } from '../../../src/kernels/launch.ts';
import { picked, sizesOf } from '../../../src/kernels/pick.ts';

const test = suite('tuning: choices');

const ways = new Map([
  ['small', 1],
  ['large', 2],
]);

/** A rule whose kernel has what was picked in its text. */
const ruleOf =
  (text: string) =>
  (context: KernelContext): Launches => {
    const source = `${text} ${picked(context, 'problem 4', ways)}`;
    const program = { name: 'kernel', source };
    return { launches: [{ program, bindings: [], params: [], workgroups: 1 }] };
  };

const contextOf = (dtype: DType): KernelContext => ({
  attributes: {},
  inputs: [{ shape: [4], dtype }],
  output: { shape: [4], dtype },
  limits: {} as DeviceLimits,
  epilogue: NO_EPILOGUE,
});

function sourceBy(choices: Choices, text: string, dtype: DType = 'f32'): string | undefined {
  const [rule, context] = [ruleOf(text), contextOf(dtype)];
  const pick = choices.pickFor(rule, context);
  return rule({ ...context, pick }).launches[0]?.program.source;
}

test('what is not known is guessed and noted, once, with the launches of each way', () => {
  const choices = new Choices();
  assert.is(sourceBy(choices, 'text'), 'text 1');
  assert.is(sourceBy(choices, 'text'), 'text 1');
  const [noted, ...others] = [...choices.takeMissing()];
  assert.is(others.length, 0);
  assert.equal(noted?.[1].inputs, [{ shape: [4], dtype: 'f32' }]);
  const sources = [...noted![1].ways].map(([name, launches]) => [
    name,
    launches().launches[0]?.program.source,
  ]);
  assert.equal(sources, [
    ['small', 'text 1'],
    ['large', 'text 2'],
  ]);
  assert.is(choices.takeMissing().size, 0);
});

test('what is known is picked, and not of other kernels', () => {
  const choices = new Choices();
  sourceBy(choices, 'text');
  const [problem = ''] = choices.takeMissing().keys();
  choices.add([[problem, 'large']]);
  choices.add([[problem, 'small']]);
  assert.is(sourceBy(choices, 'text'), 'text 2');
  assert.is(choices.takeMissing().size, 0);
  const later = new Choices();
  later.add(choices.all);
  assert.is(sourceBy(later, 'changed text'), 'changed text 1');
  assert.is(later.takeMissing().size, 1);
});

test('a problem of another dtype is another problem', () => {
  const choices = new Choices();
  sourceBy(choices, 'text');
  const [problem = ''] = choices.takeMissing().keys();
  choices.add([[problem, 'large']]);
  assert.is(sourceBy(choices, 'text', 'f16'), 'text 1');
  const [[other = '', contest] = []] = choices.takeMissing();
  assert.match(other, /^problem 4 f16 #/);
  assert.equal(contest?.inputs, [{ shape: [4], dtype: 'f16' }]);
});

test('sizes are told apart by two bits, and by whether they are whole vec4s', () => {
  assert.is(sizesOf([1, 3, 4, 5, 97, 100, 128, 129, 1000]), '1+x3+x4x6+x128+x128x128x192+x1024');
});

test.run();
