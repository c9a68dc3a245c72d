import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ModelName, models } from '../../../experiments/models/registry.ts';
import { reports } from '../../../experiments/reproduce/reports.ts';
import { dataSets } from '../../../experiments/trial/data.ts';
import { parameterCount } from '../../../experiments/trial/parameter-count.ts';
import { keyOf, titleOf } from '../../../experiments/trial/settings.ts';

const test = suite('the published reports');

/** As published, or where nothing is, as counted by hand in experiments/models/models.test.ts. */
const PARAMETERS: Record<ModelName, number> = {
  'mnist/dnn': 15_866,
  'mnist/convnet': 93_322,
  'mnist/resnet': 348_362,
  'mnist/plain': 344_138,
  'mnist-lr/dnn': 109_386,
  'mnist-lr/resnet': 820_106,
  'fashion/cnn': 6_484_330,
  'fashion/dense': 1_398_762,
  'fashion/resnet': 6_761_322,
  'fashion/inception': 324_458,
  'tiny/tiny': 6_722,
  'cifar10/simcnn': 122_570,
  'cifar10/resnet50': 25_696_138,
};

const entries = Object.values(reports).flatMap((report) => report.entries);

test('have models of the published sizes, all of which some report trains', () => {
  for (const { settings } of entries) {
    assert.is(parameterCount(settings), PARAMETERS[settings.model], titleOf(settings));
  }
  assert.equal(
    new Set(entries.map(({ settings }) => settings.model)),
    new Set(Object.keys(models)),
  );
});

for (const { name, entries: own, columns, pictures } of Object.values(reports)) {
  test(`${name} trains each thing once and names it so that --only can choose it`, () => {
    assert.is(reports[name]?.entries, own);
    assert.match(name, /^[a-z0-9-]+$/);
    assert.is(new Set(own.map(({ settings }) => keyOf(settings))).size, own.length);
    assert.is(new Set(own.map(({ settings }) => titleOf(settings))).size, own.length);
    assert.is(new Set(columns).size, columns.length);
    for (const { settings, theirs } of own) {
      assert.ok(settings.data in dataSets);
      for (const value of [theirs.accuracy, theirs.f1, theirs.auc]) {
        assert.ok(value === undefined || (value > 0 && value < 1), titleOf(settings));
      }
    }
    assert.type(pictures, 'function');
  });
}

test.run();
