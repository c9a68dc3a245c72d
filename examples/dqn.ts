// Q-learning by a network (Mnih et al., 2015): a pole that is balanced on a cart, simulated here.
//   npm run example examples/dqn.ts [EPISODES]
import { type AnyTensor, compile, losses, nn, oneHot, optim, random, tensor } from 'wgrad';

const [BATCH, MEMORY, LONGEST, UNITS, ROW] = [64, 20_000, 200, 64, 10];
const [DISCOUNT, TAU, LEAST_RANDOM] = [0.99, 0.005, 0.02];
const episodes = Number(process.argv[2] ?? 250);
random.seed(1);

const relu = { activation: 'relu' } as const;
const network = () =>
  nn.sequential([nn.dense(UNITS, relu), nn.dense(UNITS, relu), nn.dense(2)]).build([4]);
const [online, target] = [network(), network()];
nn.copyWeights(online, target);
const optimizer = optim.adam(online.variables, { lr: 5e-4, clipNorm: 10 });

const act = compile((state: AnyTensor) => online.forward(state).argMax(1));
const learn = compile((rows: AnyTensor) => {
  const columns = (from: number, to: number) => rows.slice([0, from], [BATCH, to]);
  const [state, action, stands, next] = [
    columns(0, 4),
    columns(4, 5),
    columns(5, 6),
    columns(6, 10),
  ];
  // A step is worth 1 and what may come after it, nothing after a fall: the online network chooses the
  // next action, the target network says its worth (van Hasselt et al., 2016).
  const choice = oneHot(online.forward(next).argMax(1), 2);
  const later = target.forward(next).mul(choice).sum(1, true);
  const worth = stands.mul(later).mul(DISCOUNT).add(1);
  const chosen = oneHot(action.squeeze(1).cast('i32'), 2);
  const guess = online.forward(state).mul(chosen).sum(1, true);
  optimizer.step(losses.huber(guess, worth)); // of the variables of `online` alone
  nn.copyWeights(online, target, { tau: TAU });
});

const draw = await uniform();
const memory = new Float32Array(MEMORY * ROW);
const lengths: number[] = [];
let steps = 0;
for (let episode = 1; episode <= episodes; episode++) {
  let state = Array.from({ length: 4 }, () => 0.1 * draw() - 0.05);
  let length = 0;
  for (let stands = true; stands && length < LONGEST; length++, steps++) {
    const isRandom = draw() < Math.max(LEAST_RANDOM, 1 - steps / 2000);
    const action = isRandom ? Math.floor(2 * draw()) : await (await act(tensor([state]))).item();
    const next = moved(state, action);
    stands = Math.abs(next[0]!) < 2.4 && Math.abs(next[2]!) < 0.2095;
    memory.set([...state, action, Number(stands), ...next], (steps % MEMORY) * ROW);
    state = next;
    if (steps >= 500) await learn(remembered());
  }
  lengths.push(length);
  if (episode % 20 === 0) console.log(`episode ${episode}: ${mean(lengths.slice(-20))} steps`);
}
console.log(`mean length of the first 20 episodes: ${mean(lengths.slice(0, 20))}`);
console.log(`mean length of the last 20 episodes: ${mean(lengths.slice(-20))}`);

/** A cart of 1 kg with a pole of 0.1 kg and 1 m, pushed by 10 N for 0.02 s (Barto et al., 1983). */
function moved(state: readonly number[], action: number): number[] {
  const [x, speed, angle, turning] = state as [number, number, number, number];
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const pushed = ((action === 1 ? 10 : -10) + 0.05 * turning ** 2 * sin) / 1.1;
  const turn = (9.8 * sin - cos * pushed) / (0.5 * (4 / 3 - (0.1 * cos ** 2) / 1.1));
  const push = pushed - (0.05 * turn * cos) / 1.1;
  return [x + 0.02 * speed, speed + 0.02 * push, angle + 0.02 * turning, turning + 0.02 * turn];
}

/** Random rows of the memory, [BATCH, ROW]: state, action, whether the pole stands, next state. */
function remembered(): AnyTensor {
  const rows = new Float32Array(BATCH * ROW);
  for (let i = 0; i < BATCH; i++) {
    const at = ROW * Math.floor(draw() * Math.min(steps + 1, MEMORY));
    rows.set(memory.subarray(at, at + ROW), i * ROW);
  }
  return tensor(rows, [BATCH, ROW]);
}

/** Numbers in [0, 1), taken one after the other from a long row that begins again at its end. */
async function uniform(): Promise<() => number> {
  const numbers = await random.uniform([1_000_003]).data();
  let at = 0;
  return () => numbers[at++ % numbers.length]!;
}

function mean(numbers: readonly number[]): string {
  return (numbers.reduce((sum, x) => sum + x, 0) / numbers.length).toFixed(1);
}
