import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  type AnyVariable,
  device,
  optim,
  tensor,
  Variable,
  zeros,
} from '../../../src/index.ts';
import * as reference from '../../reference/optimizers.ts';
import { assertAgreement, gradientsOf, lossOf, parameters } from '../quadratic.ts';

const test = suite('LAMB');

test('groups without decay take the steps of Adam, unless told to adapt', async () => {
  for (const alwaysAdapt of [false, true]) {
    const { variables, values } = parameters();
    const [decayed, plain] = [
      { variables: variables.slice(0, 2), weightDecay: 0.3 },
      { variables: variables.slice(2), weightDecay: 0 },
    ];
    const optimizer = optim.lamb([decayed, plain], { lr: 0.02, alwaysAdapt });
    const options = { lr: 0.02, epsilon: 1e-6 };
    const first = reference.lamb({ ...options, weightDecay: 0.3 });
    const second = alwaysAdapt
      ? reference.lamb({ ...options, weightDecay: 0, alwaysAdapt })
      : reference.adam(options);
    for (let step = 0; step < 10; step++) {
      await optimizer.step(lossOf(variables, step));
      const gradients = gradientsOf(values, step);
      first.step(values.slice(0, 2), gradients.slice(0, 2));
      second.step(values.slice(2), gradients.slice(2));
    }
    await assertAgreement(variables, values);
  }
});

test('a variable that is 0 takes the step as it is', async () => {
  const none = new Variable(zeros([3])) as AnyVariable;
  const optimizer = optim.lamb([none], { lr: 0.1, epsilon: 0 });
  await optimizer.apply([tensor([1, -2, 3]) as AnyTensor]);
  await assertAgreement([none], [Float64Array.of(-0.1, 0.1, -0.1)], 1e-6);
});

test('norms cost two dispatches for each group, which other optimizers do not have', async () => {
  const dispatches = async (create: (variables: AnyVariable[]) => optim.Optimizer) => {
    const { variables } = parameters();
    const optimizer = create(variables);
    await optimizer.step(lossOf(variables, 0));
    const { counters } = await device();
    const before = counters.dispatches;
    await optimizer.step(lossOf(variables, 1));
    return counters.dispatches - before;
  };
  const { sgd, adam, adadelta, adamax, nadam, radam, lion, lamb } = optim;
  const one = await dispatches((v) => sgd(v));
  for (const create of [adam, adadelta, adamax, nadam, radam, lion]) {
    assert.is(await dispatches((v) => create(v)), one);
  }
  assert.is(await dispatches((v) => lamb(v)), one + 2);
});

test.run();
