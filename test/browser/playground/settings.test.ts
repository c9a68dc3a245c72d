import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fromHash, toHash } from '../../../examples/browser/settings/link.ts';

const test = suite('playground: settings');
const standard = fromHash('');

test('a link carries what is not standard, and is read back', () => {
  assert.is(toHash(standard), '');
  const layers = "flatten(),\ndense(10, { activation: 'relu' }), // 100 % & more #";
  const settings = { ...standard, model: 'custom' as const, layers, lr: 1e-3, threads: 2 };
  assert.match(toHash(settings), /^model=custom&layers=.*&lr=0\.001&threads=2$/);
  assert.equal(fromHash(`#${toHash(settings)}`), settings);
});

for (const nonsense of [
  'lr=0',
  'lr=x',
  'epochs=1.5',
  'model=gpt',
  'model=toString',
  'threads=-1',
  'x=1',
  '%',
]) {
  test(`a link's ${nonsense} counts for nothing`, () => {
    assert.equal(fromHash(`#${nonsense}&seed=7`), { ...standard, seed: 7 });
  });
}

test.run();
