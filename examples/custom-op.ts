// An op of one's own: a function of tensors. It is computed in one kernel where it is elementwise,
// and its gradient follows from what it is made of, unless it is given another.
//   npm run example examples/custom-op.ts
import { type AnyTensor, device, grad, gradcheck, linspace, realize, stopGradient } from 'wgrad';

/** x · tanh(ln(1 + eˣ)) (Misra, 2019); any shape. */
function mish(x: AnyTensor) {
  return x.mul(x.softplus().tanh());
}

/**
 * The sign of x, with the gradient of clip(x, −1, 1), since its own is 0 everywhere (a
 * "straight-through estimator", Bengio et al., 2013). Whatever `stopGradient` has seen counts as a
 * constant: the value is sign(x), the slope that of the rest.
 */
function binarize(x: AnyTensor) {
  const clipped = x.clip(-1, 1);
  return clipped.add(stopGradient(x.sign().sub(clipped)));
}

const x = linspace(-2, 2, 9);
await gradcheck(mish, [x]); // against finite differences; throws where they disagree
console.log('the gradient of mish is right');

const before = (await device()).counters.dispatches;
const activated = mish(x);
await realize(activated);
console.log(`kernels run for mish: ${(await device()).counters.dispatches - before}`);
console.log('mish     ', await row(activated));
console.log('slope    ', await row(grad(mish(x).sum(), [x])[0]));
console.log('binarized', await row(binarize(x)));
console.log('slope    ', await row(grad(binarize(x).sum(), [x])[0]));

async function row(t: AnyTensor): Promise<string> {
  return Array.from(await t.data(), (value) => value.toFixed(2).padStart(5)).join(' ');
}
