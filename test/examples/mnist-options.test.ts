import { CommanderError } from 'commander';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type MnistOptions, mnistCommand } from '../../examples/mnist/options.ts';

const test = suite("the MNIST example's options");

/** Parses a command line without ending the process; what would be printed is in `said`. */
function parse(...args: string[]) {
  const said: string[] = [];
  const write = (text: string) => said.push(text.trim());
  const command = mnistCommand()
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: write, getOutHelpWidth: () => 100 });
  try {
    const options = command.parse(args, { from: 'user' }).opts<MnistOptions>();
    return { options, said: said.join('\n'), exitCode: undefined };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { options: undefined, said: said.join('\n'), exitCode: error.exitCode };
  }
}

test('nothing asked for is a short run of the smallest model', () => {
  assert.equal(parse().options, {
    model: 'dnn',
    device: 'auto',
    epochs: 10,
    batchSize: 32,
    optimizer: 'adam',
    seed: 0,
    runs: 'runs',
  });
});

test('everything may be asked for', () => {
  const args =
    '--model resnet --device wasm --epochs 2 --batch-size 64 --lr 3e-4 --optimizer rmsprop --seed 7 --data synthetic --limit 100 --weights w.safetensors --runs there --resume there/run --distributed --json out.json --profile trace.json';
  assert.equal(parse(...args.split(' ')).options, {
    model: 'resnet',
    device: 'wasm',
    epochs: 2,
    batchSize: 64,
    lr: 3e-4,
    optimizer: 'rmsprop',
    seed: 7,
    data: 'synthetic',
    limit: 100,
    weights: 'w.safetensors',
    runs: 'there',
    resume: 'there/run',
    distributed: true,
    json: 'out.json',
    profile: 'trace.json',
  });
});

const wrong: [args: string[], sentence: RegExp][] = [
  [['--model', 'gpt'], /Allowed choices are dnn, convnet, resnet\./],
  [['--device', 'tpu'], /Allowed choices are auto, webgpu, wasm\./],
  [
    ['--optimizer', 'lbfgs'],
    /Allowed choices are adam, sgd, rmsprop, adagrad, adadelta, adamW, adamax, nadam, radam, lamb, lars, lion\./,
  ],
  [['--epochs', '0'], /whole number from 1 to/],
  [['--epochs', '1.5'], /whole number from 1 to/],
  [['--batch-size', '-3'], /whole number from 1 to/],
  [['--batch-size', '99999999999'], /whole number from 1 to/],
  [['--limit', ''], /whole number from 1 to/],
  [['--seed', 'x'], /whole number from 0 to/],
  [['--lr', '0'], /number above 0/],
  [['--lr', 'fast'], /number above 0/],
  [['--json', 'nonexistent/out.json'], /No file can be written in nonexistent\./],
  [['--json', 'test'], /It is a folder\./],
  [['--profile', 'nonexistent/trace.json'], /No file can be written in nonexistent\./],
  [['--epoch', '3'], /unknown option '--epoch'/],
  [['mnist'], /too many arguments/],
  [['--data'], /argument missing/],
];

for (const [args, sentence] of wrong) {
  test(`${args.join(' ')} is refused with a reason`, () => {
    const { said, exitCode } = parse(...args);
    assert.is(exitCode, 1);
    assert.match(said, sentence);
    assert.match(said, /^error: /);
  });
}

test('a profile needs no file', () => {
  assert.is(parse('--profile').options?.profile, true);
  assert.is(parse('--epochs', '1').options?.profile, undefined);
});

test('--help names each option, its default and examples', () => {
  const { said, exitCode } = parse('--help');
  assert.is(exitCode, 0);
  for (const option of 'model epochs batch-size optimizer lr seed data limit runs resume json'.split(
    ' ',
  )) {
    assert.match(said, `--${option} <`);
  }
  assert.match(said, '--profile [file]');
  assert.match(said.replace(/\s+/g, ' '), 'in a training step, of all ranks together');
  assert.match(said, /default: "dnn"/);
  assert.match(said, /Examples:\n {2}npm run mnist /);
});

test.run();
