import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MissingPackageError } from '../src/errors.ts';
import { loadPackage } from '../src/optional-package.ts';
import { rejection } from './data/tiny-images.ts';

const test = suite('optional package');

test('a package that is not installed is named, with the command that installs it', async () => {
  const name = 'wgrad-package-that-nobody-has';
  const error = await rejection(loadPackage(name, 'to test', () => import(name)));
  assert.instance(error, MissingPackageError);
  assert.match(
    error.message,
    `${name} is needed to test and is not installed: npm install ${name}`,
  );
});

test('a package that fails in another way says so itself', async () => {
  const fault = new Error('broken');
  const load = () => Promise.reject(fault);
  assert.is(await rejection(loadPackage('sharp', 'to test', load)), fault);
  // One of its own packages is missing.
  const within = () => import('wgrad-other-package' as string);
  const error = await rejection(loadPackage('sharp', 'to test', within));
  assert.not.instance(error, MissingPackageError);
});

test.run();
