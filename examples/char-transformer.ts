// A small transformer that learns to write, character by character: sentences of a grammar made here.
//   npm run example examples/char-transformer.ts
import { type AnyTensor, compile, data, losses, nn, optim, random, tensor } from 'wgrad';

const [LENGTH, BATCH, WIDTH, HEADS, BLOCKS] = [64, 16, 128, 4, 4];
const steps = Number(process.argv[2] ?? 300);
random.seed(1);
let dice = 1;

// A text of some tens of kB: what subjects do to objects, and when.
const text = sentences(1500);
const alphabet = data.characterTokenizer(text);
const ids = alphabet.encode(text);
console.log(`${text.length} characters, ${alphabet.size} different ones`);

const model = nn
  .sequential([
    nn.embedding(alphabet.size, WIDTH),
    nn.positionalEmbedding(LENGTH),
    ...Array.from({ length: BLOCKS }, () => nn.transformerBlock({ heads: HEADS, causal: true })),
    nn.layerNorm(),
    nn.dense(alphabet.size),
  ])
  .build([LENGTH]);

const optimizer = optim.adam(model.variables, { lr: 1e-3 });
const step = compile((inputs: AnyTensor, targets: AnyTensor) => {
  const loss = losses.crossEntropy(model.forward(inputs, { training: true }), targets);
  optimizer.step(loss);
  return loss;
});
for (let i = 1; i <= steps; i++) {
  // Stretches from anywhere in the text; the target of each place is the character behind it.
  const starts = Array.from({ length: BATCH }, () => whole(ids.length - LENGTH - 1));
  const stretches = (from: number) =>
    tensor(
      Int32Array.from(starts.flatMap((at) => [...ids.subarray(at + from, at + from + LENGTH)])),
      [BATCH, LENGTH],
    );
  const loss = await step(stretches(0), stretches(1));
  if (i % 50 === 0 || i === steps) console.log(`step ${i}: loss ${(await loss.item()).toFixed(3)}`);
}

// It goes on with its own words: each character is drawn from what the model says comes next.
const predict = compile((inputs: AnyTensor) => model.forward(inputs).softmax());
let written = 'The ';
while (written.length < 240) {
  const seen = alphabet.encode(written.slice(-LENGTH));
  const input = new Int32Array(LENGTH);
  input.set(seen);
  const shares = await (await predict(tensor(input, [1, LENGTH]))).data();
  const next = shares.subarray((seen.length - 1) * alphabet.size, seen.length * alphabet.size);
  written += alphabet.decode([drawn(next)]);
}
console.log(`\n${written}`);

/** The number of a share, as often as it is large. */
function drawn(shares: Float32Array): number {
  let left = chance();
  const at = shares.findIndex((share) => {
    left -= share;
    return left < 0;
  });
  return Math.max(0, at);
}

/** From 0 to 1, the same numbers in every run. */
function chance(): number {
  dice = (Math.imul(dice, 1664525) + 1013904223) >>> 0;
  return dice / 2 ** 32;
}

function whole(below: number): number {
  return Math.floor(chance() * below);
}

function sentences(count: number): string {
  const one = (words: string) => {
    const list = words.split(', ');
    return list[whole(list.length)] as string;
  };
  const nouns = 'cat, dog, old farmer, child, grey owl, miller, sailor, fox';
  const sentence = () => {
    const begun = `The ${one(nouns)} ${one('sees, follows, calls, feeds, finds')} a ${one(nouns)}`;
    return `${begun} ${one('in the garden, by the river, at night, every morning, under the bridge')}.`;
  };
  return Array.from({ length: count }, sentence).join(' ');
}
