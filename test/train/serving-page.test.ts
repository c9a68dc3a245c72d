import { suite } from 'uvu';
import { printsWhatItSays } from '../page.ts';

const test = suite('docs/serving.md');

test('its example runs, and prints what it says', () => printsWhatItSays('serving.md'));

test.run();
