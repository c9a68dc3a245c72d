import { cp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as tfjs from '../../../src/interchange/tfjs/index.ts';
import * as nn from '../../../src/nn/index.ts';
import '../../../src/tensor/methods.ts';
import { ones } from '../../../src/tensor/ops/creation.ts';
import { withFolder } from '../../data/tiny-images.ts';

const test = suite('tfjs.save over a former model');

const inputShape = [4];
const modelOf = (units: number) => nn.sequential([nn.dense(units), nn.dense(2)]).build([4]);
const outputOf = async (model: nn.Layer) => Array.from(await model.forward(ones([1, 4])).data());

test('a save that is cut off leaves the former model, and a whole one no file of it', () =>
  withFolder(async (folder) => {
    const [one, other] = [join(folder, 'one'), join(folder, 'other')];
    // As many numbers in both, so that weights of one would be read as those of the other.
    const models = [modelOf(3), modelOf(3), modelOf(5)];
    let former = models[0]!;
    await tfjs.save(one, former, { inputShape });
    for (const model of models.slice(1)) {
      await cp(one, other, { recursive: true });
      await tfjs.save(other, model, { inputShape });
      const written = await readdir(other);
      assert.is(written.length, 2, String(written));
      assert.equal(await outputOf(await tfjs.load(other)), await outputOf(model));
      // What is there once all but model.json is written.
      for (const name of written.filter((file) => file !== 'model.json'))
        await cp(join(other, name), join(one, name));
      assert.equal(await outputOf(await tfjs.load(one)), await outputOf(former));
      // The next save takes away what the one cut off has left.
      await tfjs.save(one, model, { inputShape });
      assert.is((await readdir(one)).length, 2);
      assert.equal(await outputOf(await tfjs.load(one)), await outputOf(model));
      await rm(other, { recursive: true });
      former = model;
    }
  }));

test.run();
