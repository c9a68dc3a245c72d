// docs/guide: what its pages print is what they say.
import { readdir } from 'node:fs/promises';
import { suite } from 'uvu';
import { printsWhatItSays } from '../page.ts';

const test = suite('docs/guide');
const folder = new URL('../../docs/guide/', import.meta.url);

for (const page of await readdir(folder)) {
  test(`the examples of ${page} print what it says`, () => printsWhatItSays(`guide/${page}`));
}

test.run();
