// `npm run bench:isa`, as far as every machine can run it.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findToolchain } from '../../../bench/isa/toolchain.ts';
import { ScriptProcess } from '../../examples/script-process.ts';

const test = suite('bench:isa');
const script = 'bench/isa/main.ts';

test('says what is missing and how to install it', async () => {
  // Where no command is found, neither are the compiler and the assembler.
  const { code, stderr } = await new ScriptProcess(script, [], { PATH: '' }).ended;
  assert.is(code, 1);
  if (process.platform === 'linux') {
    assert.match(stderr, 'a C compiler: sudo apt-get install gcc');
    assert.match(stderr, 'spirv-as: sudo apt-get install spirv-tools');
  }
  assert.not.match(stderr, /^\s+at /m);
});

test('counts dispatches without any of it', async () => {
  const { code, stdout } = await new ScriptProcess(script, ['--dispatches'], { PATH: '' }).ended;
  assert.is(code, 0);
  assert.match(stdout, /^dnn +128 +\d+ +\d+ +\d+$/m);
  assert.match(stdout, /^resnet50 +32 +\d+ +\d+ +\d+$/m);
});

test('refuses a library and a work that it does not know', async () => {
  const library = await new ScriptProcess(script, ['--libraries', 'torch']).ended;
  assert.is(library.code, 1);
  assert.match(library.stderr, 'known: wgrad, tfjs, jax-js');
});

test('reads a kernel as compiled, where there is a compiler', async () => {
  if ('missing' in findToolchain()) return;
  const args = ['--libraries', 'wgrad', '--only', '^matMul 1024x1024x1024$'];
  const { code, stdout } = await new ScriptProcess(script, args).ended;
  assert.is(code, 0);
  assert.match(stdout, /^matMul 1024x1024x1024 +wgrad +matmul\w* +1 +\d+ +\d+ +\d+ +\d+ +\d+/m);
  assert.match(stdout, /\d+ %$/m);
});

test.run();
