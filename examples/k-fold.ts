// How well does a network do that has 300 digits to learn from? One split tells it by 60 of them; five folds
// validate with each digit once, and how far they lie apart says how little to trust any one.
//   npm run example examples/k-fold.ts [EPOCHS]
import { data, evaluate, fit, nn, optim, random } from 'wgrad';

const epochs = Number(process.argv[2] ?? 20);
const FOLDS = 5;
const made = data.syntheticDigits({ train: 300, test: 2000, seed: 1 });
const digits = data.fromImages(made.train);
const judged = { loss: 'crossEntropy', metrics: ['accuracy'] } as const;

/** The accuracy on `validation` of a network that starts anew and has seen `train`. */
async function accuracyOf(train: typeof digits, validation: typeof digits): Promise<number> {
  random.seed(1); // each starts from the same weights: what differs are the digits
  const layers = [nn.flatten(), nn.dense(64, { activation: 'relu' }), nn.dense(10)];
  const model = nn.sequential(layers).build([28, 28, 1]);
  const optimizer = optim.adam(model.variables, { lr: 2e-3 });
  await fit(model, train, { ...judged, optimizer, epochs });
  const { accuracy } = await evaluate(model, validation, judged);
  return accuracy!;
}

const [most, held] = digits.split(1 / FOLDS, { seed: 1, stratify: made.train.labels });
const once = await accuracyOf(most, held);
console.log(`one split, accuracy on ${held.count} digits: ${once.toFixed(3)}`);

const accuracies: number[] = [];
for (const { train, validation } of digits.kFold(FOLDS, { seed: 1, stratify: made.train.labels })) {
  accuracies.push(await accuracyOf(train, validation));
}
console.log(`${FOLDS} folds: ${accuracies.map((accuracy) => accuracy.toFixed(3)).join(' ')}`);

const mean = accuracies.reduce((sum, accuracy) => sum + accuracy) / FOLDS;
const squares = accuracies.map((accuracy) => (accuracy - mean) ** 2);
const std = Math.sqrt(squares.reduce((sum, square) => sum + square) / (FOLDS - 1));
console.log(`mean of the folds: ${mean.toFixed(3)}, standard deviation ${std.toFixed(3)}`);

// Only known here since digits cost nothing: what the estimates were of.
const truth = await accuracyOf(digits, data.fromImages(made.test));
console.log(`trained on all ${digits.count}, accuracy on 2000 new digits: ${truth.toFixed(3)}`);
