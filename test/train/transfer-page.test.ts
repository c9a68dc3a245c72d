import { suite } from 'uvu';
import { printsWhatItSays } from '../page.ts';

const test = suite('docs/transfer.md');

test('its examples print what it says', () => printsWhatItSays('transfer.md'));

test.run();
