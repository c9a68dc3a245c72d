import { suite } from 'uvu';
import { printsWhatItSays } from '../page.ts';

const test = suite('docs/custom-layers.md');

test('its examples print what it says', () => printsWhatItSays('custom-layers.md'));

test.run();
