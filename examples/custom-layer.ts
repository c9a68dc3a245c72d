// A layer of one's own: a residual block that is switched off at first and learns how much of it to
// add (ReZero, Bachlechner et al., 2021). So a network of twenty such blocks trains from the start.
//   npm run example examples/custom-layer.ts
import {
  type AnyTensor,
  data,
  evaluate,
  fit,
  losses,
  nn,
  optim,
  random,
  Variable,
  zeros,
} from 'wgrad';

/** x + scale · inner(x), a scale for each feature: [N, features] → [N, features]. */
class ReZero extends nn.Layer {
  readonly type = 'reZero';
  /** What a property holds is trained, saved and named with the layer: `inner.weight`. */
  readonly inner: nn.Layer;
  scale!: Variable;

  constructor(inner: nn.Layer) {
    super();
    this.inner = inner;
  }

  /** Called when the layer first sees an input, whose shape is known then, batch axis included. */
  protected override createVariables(shape: readonly number[]): void {
    this.scale = this.own(new Variable(zeros([shape.at(-1) ?? 1]), { name: 'scale' }));
  }

  /** Hands on `mode`, for layers inside that do something else in training, such as dropout. */
  protected compute(x: AnyTensor, mode: nn.Mode): AnyTensor {
    return x.add(this.inner.forward(x, mode).mul(this.scale.value));
  }
}

random.seed(1);
const blocks = Array.from({ length: 20 }, () => new ReZero(nn.dense(32, { activation: 'relu' })));
const model = nn.sequential([nn.flatten(), nn.dense(32), ...blocks, nn.dense(10)]);
model.build([28, 28, 1]);
console.log([...model.namedVariables().keys()].slice(2, 5).join(', '));

const digits = data.syntheticDigits({ train: 2000, test: 500, seed: 1 });
const judged = { loss: losses.crossEntropy, metrics: ['accuracy'] } as const;
await fit(model, data.fromImages(digits.train), {
  ...judged,
  optimizer: optim.adam(model.trainableVariables, { lr: 2e-3 }),
  epochs: 4,
});

const { accuracy } = await evaluate(model, data.fromImages(digits.test), judged);
const scales = await Promise.all(blocks.map(({ scale }) => scale.value.abs().mean().item()));
console.log(`accuracy on ${digits.test.count} new digits: ${accuracy?.toFixed(3)}`);
console.log(`mean scale of each block: ${scales.map((scale) => scale.toFixed(3)).join(' ')}`);
