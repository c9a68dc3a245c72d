import { suite } from 'uvu';
import { printsWhatItSays } from '../page.ts';

const test = suite('docs/loops.md');

test('its examples print what it says', () => printsWhatItSays('loops.md'));

test.run();
