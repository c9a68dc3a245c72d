import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { requirePackages } from '../../../experiments/command/require-packages.ts';
import { MissingPackageError } from '../../../src/errors.ts';

const test = suite('packages asked for before a training');

test('those that reports need are here', () => requirePackages());

test('one that is missing is named, with the command that installs it', () => {
  const name = 'wgrad-package-that-nobody-has';
  assert.throws(
    () => requirePackages(['echarts', name]),
    (error: Error) =>
      error instanceof MissingPackageError && error.message.endsWith(`npm install ${name}`),
  );
});

test.run();
