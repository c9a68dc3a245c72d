import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { IMAGE_SHAPE, type ModelName, models } from '../../examples/mnist/models.ts';
import { nn } from '../../src/index.ts';

const test = suite("the MNIST example's models");

const parameters: Record<ModelName, number> = { dnn: 15_866, convnet: 93_322, resnet: 348_362 };

for (const [name, count] of Object.entries(parameters) as [ModelName, number][]) {
  test(`${name} has ${count.toLocaleString('en-US')} parameters, all trained`, () => {
    const model = models[name]().build(IMAGE_SHAPE);
    assert.is(model.parameterCount, count);
    assert.is(
      model.trainableVariables.reduce((sum, { size }) => sum + size, 0),
      count,
    );
  });

  test(`${name} gives ten numbers for each image`, () => {
    const summary = nn.summary(models[name](), IMAGE_SHAPE);
    assert.match(summary, `Total params: ${count.toLocaleString('en-US')}`);
    const layers = summary.split('\n').filter((line) => line.includes('(None, '));
    assert.match(layers.at(-1)!, /^dense(_\d)? +\(None, 10\) /);
  });
}

test("both paths of the resnet's residual end in 4×4 images of 128 channels", () => {
  const rows = nn.summary(models.resnet(), IMAGE_SHAPE).split('\n');
  assert.is(rows.filter((row) => row.includes('(None, 4, 4, 128)')).length >= 3, true);
});

test.run();
