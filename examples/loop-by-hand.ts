// The training loop without fit: any function of tensors is a model, and a step is a loss.
//   npm run example examples/loop-by-hand.ts
import { data, losses, metrics, optim, random, Variable, zeros } from 'wgrad';

const EPOCHS = 3;
const digits = data.syntheticDigits({ train: 4000, test: 1000, seed: 1 });
const batches = data.fromImages(digits.train).shuffle({ seed: 1 }).batch(64);
const { inputs: images } = await data.fromImages(digits.test).get(range(digits.test.count));

// Two dense layers, from nothing but variables: 784 pixels → 64 units → 10 digits.
random.seed(1);
const weight1 = new Variable(random.normal([784, 64], { std: 0.05 }));
const bias1 = new Variable(zeros([64]));
const weight2 = new Variable(random.normal([64, 10], { std: 0.1 }));
const bias2 = new Variable(zeros([10]));

function model(x: typeof images) {
  const hidden = x.reshape([-1, 784]).matMul(weight1.value).add(bias1.value).relu();
  return hidden.matMul(weight2.value).add(bias2.value);
}

const optimizer = optim.adam([weight1, bias1, weight2, bias2], { lr: 1e-3 });
for (let epoch = 0; epoch < EPOCHS; epoch++) {
  let sum = 0;
  for await (const { inputs, targets, count } of batches.epoch(epoch)) {
    const loss = losses.crossEntropy(model(inputs), targets);
    await optimizer.step(loss); // computes the loss, its gradients and the new weights at once
    sum += count * (await loss.item());
  }
  console.log(`epoch ${epoch + 1}: loss ${(sum / digits.train.count).toFixed(3)}`);
}

const predicted = await model(images).argMax(1).data();
const accuracy = metrics.accuracy(digits.test.labels, predicted);
console.log(`accuracy on ${digits.test.count} new digits: ${accuracy.toFixed(3)}`);

function range(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i);
}
