import { suite } from 'uvu';
import { printsWhatItSays } from '../page.ts';

const test = suite('docs/optimizers.md');

test('its examples print what it says', () => printsWhatItSays('optimizers.md'));

test.run();
