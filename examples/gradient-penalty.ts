// A Wasserstein GAN with a gradient penalty (Gulrajani et al., 2017): points on a ring of eight Gaussians.
// The penalty is on the critic's gradient, so that its own gradient is a second one.
//   npm run example examples/gradient-penalty.ts [STEPS]
import { type AnyTensor, compile, grad, nn, optim, random, stack, stopGradient } from 'wgrad';

const [MODES, RADIUS, SPREAD] = [8, 2, 0.05];
const [BATCH, NOISE, UNITS, CRITIC_STEPS, PENALTY] = [256, 4, 128, 5, 1];
const steps = Number(process.argv[2] ?? 1500);
random.seed(1);

const network = (inputs: number, outputs: number) =>
  nn
    .sequential([
      nn.dense(UNITS, { activation: 'relu' }),
      nn.dense(UNITS, { activation: 'relu' }),
      nn.dense(outputs),
    ])
    .build([inputs]);
const [generator, critic] = [network(NOISE, 2), network(2, 1)];
const rates = { lr: 5e-4, beta1: 0.5, beta2: 0.9 } as const;
const generatorOptimizer = optim.adam(generator.variables, rates);
const criticOptimizer = optim.adam(critic.variables, rates);

const trainCritic = compile(() => {
  const [real, made] = [onRing(BATCH), stopGradient(generated(BATCH))];
  const between = random.uniform([BATCH, 1]);
  const mixed = made.add(real.sub(made).mul(between));
  const [slope] = grad(critic.forward(mixed).sum(), [mixed]);
  const length = slope.square().sum(1).add(1e-12).sqrt();
  const distance = critic.forward(real).mean().sub(critic.forward(made).mean());
  criticOptimizer.step(length.sub(1).square().mean().mul(PENALTY).sub(distance), {
    alongside: [distance],
  });
  return { distance };
});
const trainGenerator = compile(() => {
  generatorOptimizer.step(critic.forward(generated(BATCH)).mean().neg());
});

for (let step = 1; step <= steps; step++) {
  let distance: AnyTensor | undefined;
  for (let i = 0; i < CRITIC_STEPS; i++) ({ distance } = await trainCritic());
  await trainGenerator();
  if (step % Math.ceil(steps / 10) === 0) {
    console.log(`step ${step}: distance ${(await distance!.item()).toFixed(3)}`);
  }
}

// A point is of a mode where it lies within four deviations of its centre.
const points = await generated(1000).data();
const counts = new Array<number>(MODES).fill(0);
for (let i = 0; i < 1000; i++) {
  const [x, y] = points.subarray(2 * i);
  const mode = Math.round((Math.atan2(y!, x!) * MODES) / (2 * Math.PI) + MODES) % MODES;
  const angle = (2 * Math.PI * mode) / MODES;
  const away = Math.hypot(x! - RADIUS * Math.cos(angle), y! - RADIUS * Math.sin(angle));
  if (away < 4 * SPREAD) counts[mode]!++;
}
const near = counts.reduce((sum, count) => sum + count);
console.log(`points of 1000 by mode: ${counts.join(' ')}`);
console.log(`modes covered: ${counts.filter((count) => count >= 20).length} of ${MODES}`);
console.log(`points near a mode: ${near}`);

function generated(count: number): AnyTensor {
  return generator.forward(random.normal([count, NOISE]));
}

function onRing(count: number): AnyTensor {
  const angle = random
    .uniform([count])
    .mul(MODES)
    .floor()
    .mul((2 * Math.PI) / MODES);
  return stack([angle.cos(), angle.sin()], 1)
    .mul(RADIUS)
    .add(random.normal([count, 2], { std: SPREAD }));
}
