// What was learned of many digits from 0 to 4 serves to tell 5 to 9 apart by some 5 examples each: a saved base is
// frozen under a new head, then trained on at a small rate. The same network from scratch is what it competes with.
//   npm run example examples/transfer.ts [EPOCHS]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { data, evaluate, fit, io, nn, optim, random } from 'wgrad';

const epochs = Number(process.argv[2] ?? 20);
random.seed(1);
const digits = data.syntheticDigits({ train: 6000, test: 2000, seed: 1 });

/** The digits from `first` to `first` + 4, counted from 0, and no more than `count` of them. */
function half(from: data.LabelledImages, first: number, count = Number.POSITIVE_INFINITY) {
  const { images, labels, height, width, channels } = from;
  const isOurs = (i: number) => labels[i]! >= first && labels[i]! < first + 5;
  const chosen = [...labels.keys()].filter(isOurs).slice(0, count);
  const size = height * width * channels;
  const pixels = chosen.flatMap((i) => [...images.subarray(i * size, (i + 1) * size)]);
  return data.fromImages({
    ...{ count: chosen.length, height, width, channels },
    images: Uint8Array.from(pixels),
    labels: Uint8Array.from(chosen, (i) => labels[i]! - first),
  });
}

function network() {
  const conv = (filters: number) => [
    nn.conv2d(filters, 3, { activation: 'relu' }),
    nn.batchNorm({ momentum: 0.9 }),
  ];
  const base = nn.sequential([
    ...[...conv(16), nn.maxPool2d(2)],
    ...[...conv(32), nn.maxPool2d(2)],
    ...[...conv(32), nn.flatten()],
  ]);
  const head = nn.dense(5);
  return { base, head, model: nn.sequential([base, head]).build([28, 28, 1]) };
}

const judged = { loss: 'crossEntropy', metrics: ['accuracy'] } as const;
const [few, unseen] = [half(digits.train, 5, 25), half(digits.test, 5)];
const report = async (what: string, model: nn.Layer) => {
  const { accuracy } = await evaluate(model, unseen, judged);
  console.log(`${what}: ${accuracy!.toFixed(3)}`);
};

const folder = await mkdtemp(join(tmpdir(), 'wgrad-transfer-'));
const file = join(folder, 'base.safetensors');
try {
  const { base, model } = network();
  const optimizer = optim.adam(model.variables, { lr: 2e-3 });
  await fit(model, half(digits.train, 0), { ...judged, optimizer, epochs: Math.ceil(epochs / 5) });
  await io.saveWeights(file, base);

  const scratch = network();
  const alone = optim.adam(scratch.model.variables, { lr: 2e-3 });
  await fit(scratch.model, few, { ...judged, optimizer: alone, epochs: 2 * epochs });
  await report('from scratch, accuracy on new digits', scratch.model);

  const next = network();
  await io.loadWeights(file, next.base);
  next.base.trainable = false;
  const groups = [{ variables: next.base.variables, lr: 2e-4 }, { variables: next.head.variables }];
  const tuned = optim.adam(groups, { lr: 5e-3 });
  await fit(next.model, few, { ...judged, optimizer: tuned, epochs });
  await report('with a frozen base, accuracy', next.model);

  next.base.trainable = true;
  tuned.lr = 1e-3;
  await fit(next.model, few, { ...judged, optimizer: tuned, epochs });
  await report('fine-tuned, accuracy', next.model);
} finally {
  await rm(folder, { recursive: true });
}
