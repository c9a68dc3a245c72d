// Optimizers beside those of PyTorch 1.13, whose numbers these are: ten steps from [1, −0.5, 2] against the
// gradients 2 (w − [0.5, 0.25, −1]) in f32, as in
//
//   w = torch.tensor([1, -0.5, 2], requires_grad=True)
//   optimizer = torch.optim.NAdam([w], lr=0.05)
//   for _ in range(10):
//     optimizer.zero_grad(); ((w - target) ** 2).sum().backward(); optimizer.step()
//
// NAdam's are those of its documentation and of later releases: 1.13 multiplies the product of the momenta
// by the step's own twice where it corrects the mean.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyVariable, optim, tensor, Variable } from '../../../src/index.ts';

const test = suite('optimizers beside those of PyTorch');

type Row = [
  create: (variables: AnyVariable[]) => optim.Optimizer,
  afterOneStep: number[],
  afterTen: number[],
];

const rows: Row[] = [
  [
    (v) => optim.sgd(v, { lr: 0.01 }),
    [0.99000001, -0.48500001, 1.9400001],
    [0.90853637, -0.36280465, 1.4512186],
  ],
  [
    (v) => optim.sgd(v, { lr: 0.05, weightDecay: 0.1 }),
    [0.94499999, -0.42250001, 1.6900001],
    [0.64893478, -0.0053172042, 0.021268817],
  ],
  [
    (v) => optim.sgd(v, { lr: 0.05, momentum: 0.9, dampening: 0.3 }),
    [0.94999999, -0.42500001, 1.7],
    [0.22862984, 0.65705526, -2.628221],
  ],
  [
    (v) => optim.sgd(v, { lr: 0.05, momentum: 0.9, nesterov: true }),
    [0.90499997, -0.35750002, 1.4300001],
    [0.32671094, 0.50993359, -2.0397344],
  ],
  [(v) => optim.adam(v), [0.99900001, -0.49900001, 1.999], [0.99000657, -0.49000436, 1.9900011]],
  [
    (v) => optim.adam(v, { lr: 0.05, weightDecay: 0.1 }),
    [0.94999999, -0.44999999, 1.95],
    [0.53499085, -0.019466642, 1.5031369],
  ],
  [
    (v) => optim.adam(v, { lr: 0.05, beta1: 0.7, beta2: 0.9, amsgrad: true }),
    [0.94999999, -0.44999999, 1.95],
    [0.57189077, -0.035943832, 1.5060713],
  ],
  [(v) => optim.adamW(v), [0.99899, -0.49899501, 1.9989799], [0.98990691, -0.48995474, 1.9898013]],
  [
    (v) => optim.adamW(v, { lr: 0.05, weightDecay: 0.1 }),
    [0.94499999, -0.44749999, 1.9400001],
    [0.50651711, -0.0065325908, 1.4170209],
  ],
  [
    (v) => optim.adamW(v, { lr: 0.05, beta1: 0.7, beta2: 0.9, amsgrad: true }),
    [0.94949996, -0.44974998, 1.949],
    [0.56905597, -0.034750115, 1.497334],
  ],
  [
    (v) => optim.rmsprop(v, { lr: 0.01 }),
    [0.90000004, -0.40000001, 1.9],
    [0.61958712, -0.071947418, 1.51061],
  ],
  [
    (v) => optim.rmsprop(v, { lr: 0.05, weightDecay: 0.1 }),
    [0.5, 0.0, 1.5],
    [0.47619048, 0.23807961, -0.013772644],
  ],
  [
    (v) => optim.rmsprop(v, { lr: 0.05, alpha: 0.9, momentum: 0.5, centered: true }),
    [0.83333331, -0.33333331, 1.8333334],
    [0.51335448, 0.2675606, 0.24955155],
  ],
  [(v) => optim.adagrad(v), [0.99000001, -0.49000001, 1.99], [0.95078909, -0.45044971, 1.9499525]],
  [
    (v) => optim.adagrad(v, { lr: 0.05, weightDecay: 0.1 }),
    [0.94999999, -0.44999999, 1.95],
    [0.77543962, -0.26706064, 1.7531614],
  ],
  [
    (v) => optim.adagrad(v, { lr: 0.05, lrDecay: 0.1, initialAccumulator: 0.5 }),
    [0.95917517, -0.45477331, 1.9503436],
    [0.83728862, -0.32364583, 1.8081224],
  ],
  [
    (v) => optim.adadelta(v),
    [0.99683774, -0.49683774, 1.9968377],
    [0.96694595, -0.46671331, 1.9663646],
  ],
  [
    (v) => optim.adadelta(v, { lr: 0.05, weightDecay: 0.1 }),
    [0.99984187, -0.4998419, 1.9998419],
    [0.99831408, -0.49831364, 1.9983127],
  ],
  [
    (v) => optim.adadelta(v, { rho: 0.6, epsilon: 0.01 }),
    [0.84382623, -0.34275728, 1.841941],
    [0.49999982, 0.2499804, 0.22008903],
  ],
  [(v) => optim.adamax(v), [0.99800003, -0.498, 1.998], [0.98011649, -0.48004776, 1.9799743]],
  [
    (v) => optim.adamax(v, { lr: 0.05, weightDecay: 0.1 }),
    [0.94999999, -0.44999999, 1.95],
    [0.60963631, -0.079541057, 1.5193356],
  ],
  [
    (v) => optim.adamax(v, { lr: 0.05, beta1: 0.7, beta2: 0.9, epsilon: 0.001 }),
    [0.95004994, -0.45003331, 1.9500083],
    [0.5041815, 0.059778117, 1.4880908],
  ],
  [
    (v) => optim.nadam(v),
    [0.99788713, -0.4978871, 1.9978871],
    [0.98392749, -0.48389906, 1.9838566],
  ],
  [
    (v) => optim.nadam(v, { lr: 0.05, weightDecay: 0.1 }),
    [0.94717741, -0.44717741, 1.9471774],
    [0.65815544, -0.13769948, 1.6053478],
  ],
  [
    (v) => optim.nadam(v, { lr: 0.05, beta1: 0.7, beta2: 0.9, epsilon: 0.001 }),
    [0.94407064, -0.44405204, 1.944024],
    [0.61212051, -0.073173568, 1.5265256],
  ],
  [
    (v) => optim.nadam(v, { lr: 0.05, momentumDecay: 0.5 }),
    [0.94701964, -0.44701964, 1.9470197],
    [0.66349292, -0.14093889, 1.6123414],
  ],
  [(v) => optim.radam(v), [0.99900001, -0.49849999, 1.994], [0.99482065, -0.49232599, 1.9698749]],
  [
    (v) => optim.radam(v, { lr: 0.05, weightDecay: 0.1 }),
    [0.94499999, -0.42250001, 1.6900001],
    [0.74643153, -0.14627524, 0.61136067],
  ],
  [
    (v) => optim.radam(v, { lr: 0.05, beta1: 0.7, beta2: 0.9, epsilon: 0.001 }),
    [0.94999999, -0.42500001, 1.7],
    [0.69832331, -0.087609604, 0.59900278],
  ],
];

for (const [create, afterOneStep, afterTen] of rows) {
  const name = String(create)
    .replace(/^.*optim\./s, '')
    .replaceAll(/\s+/g, ' ');
  test(`${name} goes where PyTorch's goes`, async () => {
    const weights = new Variable(tensor([1, -0.5, 2]));
    const optimizer = create([weights as AnyVariable]);
    const target = tensor([0.5, 0.25, -1]);
    const step = () => optimizer.step(weights.value.sub(target).square().sum());
    await step();
    await assertNear(weights, afterOneStep);
    for (let at = 1; at < 10; at++) await step();
    await assertNear(weights, afterTen);
  });
}

async function assertNear(weights: Variable<[3]>, expected: readonly number[]): Promise<void> {
  const actual = [...(await weights.data())];
  const isNear = actual.every((w, i) => Math.abs(w - (expected[i] ?? Number.NaN)) < 5e-6);
  assert.ok(isNear, `[${actual}], not [${expected}]`);
}

test.run();
