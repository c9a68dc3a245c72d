import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import source from '../../src/kernels/wgsl/optimizers/update/sgd.wgsl';
import { Optimizer } from '../../src/optim/optimizer.ts';
import { zeros } from '../../src/tensor/ops/creation.ts';
import { Variable } from '../../src/tensor/variable.ts';

const test = suite('optimizer rules');

function make(scalars: Readonly<Record<string, number>>): Optimizer {
  const rule = { kind: 'plain', source, moments: [], settings: {}, scalars: () => scalars };
  return new Optimizer(rule, [new Variable(zeros([2]))], {}, { lr: 0.1, weightDecay: 0 });
}

test('the scalars of a rule are those of its shader, or the error lists them', () => {
  assert.is(make({ lr: 0.1, weightDecay: 0 }).kind, 'plain');
  assert.throws(
    () => make({ lr: 0.1 }),
    /^plain: scalars: weightDecay is missing\. The shader has lr, weightDecay\.$/,
  );
  assert.throws(() => make({ lr: 0.1, weightDecay: 0, extra: 3 }), /extra is unknown/);
});

test.run();
