// Which pixels of a noisy picture belong to a disc and which to a square: a U-Net (Ronneberger et al., 2015), whose
// way up to the picture's size is told at each size what the way down saw there.
//   npm run example examples/u-net.ts [EPOCHS] [PICTURE.svg]
import {
  arange,
  callbacks,
  data,
  fit,
  metrics,
  nn,
  optim,
  predict,
  random,
  tensor,
  where,
  zeros,
} from 'wgrad';
import { report } from 'wgrad/node';

const [TRAIN, UNSEEN, SIZE, NOISE, FILTERS] = [1000, 200, 32, 0.25, 12];
const CLASSES = ['background', 'disc', 'square'];
const [, , epochs = '8', file = 'u-net-predictions.svg'] = process.argv;
random.seed(1);

/** Noisy pictures of two discs and two squares, f32 [count, SIZE, SIZE, 1], and the class of each pixel. */
function drawn(count: number) {
  const across = arange(SIZE);
  const down = across.reshape([SIZE, 1]);
  const any = (low: number, high: number) => random.uniform([count, 1, 1], { low, high });
  let light = zeros([count, SIZE, SIZE]);
  let classes = zeros([count, SIZE, SIZE], { dtype: 'i32' });
  for (const kind of [1, 2, 1, 2]) {
    const [x, y] = [across.sub(any(4, SIZE - 4)), down.sub(any(4, SIZE - 4))];
    const away = kind === 1 ? x.square().add(y.square()).sqrt() : x.abs().maximum(y.abs());
    const inside = away.less(any(3, 7));
    light = where(inside, any(0.5, 1), light);
    classes = where(inside, kind, classes);
  }
  const pictures = light.add(random.normal(light.shape, { std: NOISE })).unsqueeze(-1);
  return { pictures, classes, dataset: data.fromTensors(pictures, classes) };
}

const conv = (x: nn.Symbolic, filters: number) =>
  nn
    .sequential([
      nn.conv2d(filters, 3, { padding: 'same' }),
      nn.batchNorm({ momentum: 0.9 }),
      nn.relu(),
    ])
    .apply(x);
const twice = (x: nn.Symbolic, filters: number) => conv(conv(x, filters), filters);

const picture = nn.input([SIZE, SIZE, 1]);
/** What is made of `x` at its size and the halves of it, `depth` times. */
function seen(x: nn.Symbolic, filters: number, depth: number): nn.Symbolic {
  const fine = twice(x, filters);
  if (depth === 0) return fine;
  const coarse = seen(nn.maxPool2d(2).apply(fine), 2 * filters, depth - 1);
  const up = nn.conv2dTranspose(filters, 2, { strides: 2 }).apply(coarse);
  return twice(nn.concat([fine, up]), filters);
}
const model = nn.model(picture, nn.conv2d(CLASSES.length, 1).apply(seen(picture, FILTERS, 2)));

const train = drawn(TRAIN);
await fit(model, train.dataset, {
  loss: 'crossEntropy',
  optimizer: optim.adam(model.variables, { lr: 3e-3 }),
  batchSize: 20,
  epochs: Number(epochs),
  callbacks: [callbacks.progress()],
});

const unseen = drawn(UNSEEN);
const outputs = await predict(model, unseen.dataset);
const guessed = tensor(outputs, [UNSEEN, SIZE, SIZE, CLASSES.length]).argMax(-1);
const [labels, predictions] = [await unseen.classes.data(), await guessed.data()];
const score = (guesses: ArrayLike<number>) => {
  const { counts } = metrics.confusionMatrix(labels, guesses, CLASSES.length);
  const at = (label: number, guess: number) => counts[label * CLASSES.length + guess]!;
  // Of each class: the pixels that are both it and taken for it, of those that are one or the other.
  const shares = CLASSES.map((_, of) => {
    const either = CLASSES.reduce((sum, _, other) => sum + at(of, other) + at(other, of), 0);
    return at(of, of) / (either - at(of, of));
  });
  const mean = shares.reduce((sum, share) => sum + share) / shares.length;
  return `${mean.toFixed(3)} (${CLASSES.map((name, of) => `${name} ${shares[of]!.toFixed(3)}`).join(', ')})`;
};
console.log(`mean intersection over union on ${UNSEEN} new pictures: ${score(predictions)}`);
console.log(`with all taken for background: ${score(new Uint8Array(labels.length))}`);

// The first eight: picture, classes of its pixels, and what they are taken for.
const [PAINT, AREA] = [[30, 30, 40, 250, 170, 60, 90, 170, 250], SIZE * SIZE];
const tile = async (bytes: number[], name: string) => {
  const pixels = { pixels: Uint8Array.from(bytes), height: SIZE, width: SIZE };
  const channels = bytes.length === AREA ? 1 : 3;
  return { image: await report.pngDataUrl({ ...pixels, channels }), label: name, predicted: name };
};
const painted = (classes: Iterable<number>) =>
  Array.from(classes).flatMap((of) => PAINT.slice(3 * of, 3 * of + 3));
const grey = await unseen.pictures.mul(255).clip(0, 255).data();
const tiles = Array.from({ length: 8 }, (_, i) => {
  const of = <T extends { subarray(from: number, to: number): T }>(all: T) =>
    all.subarray(i * AREA, (i + 1) * AREA);
  return [
    tile([...of(grey)], 'picture'),
    tile(painted(of(labels)), 'classes'),
    tile(painted(of(predictions)), 'predicted'),
  ];
});
const title = 'Discs and squares in new pictures';
await report.savePicture(
  file,
  report.sampleGrid(await Promise.all(tiles.flat()), { title, columns: 6 }),
);
console.log(`predictions: ${file}`);
