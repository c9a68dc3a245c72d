const EULER = 0.5772156649015329;
const TERMS = 60;

/** Σ 1 / (x + k)^s over k ≥ 0 for x > 0: hundreds of terms, and Euler and Maclaurin's rest. */
function zetaAbove(s: number, x: number): number {
  if (x === Number.POSITIVE_INFINITY) return 0;
  const count = x > 300 ? 0 : 300;
  const a = x + count;
  let sum = a ** (1 - s) / (s - 1) + a ** -s / 2 + (s * a ** (-s - 1)) / 12;
  sum -= (s * (s + 1) * (s + 2) * a ** (-s - 3)) / 720;
  for (let k = count - 1; k >= 0; k--) sum += (x + k) ** -s;
  return sum;
}

const zetaLessOne = Array.from({ length: TERMS + 1 }, (_, k) => (k < 2 ? 0 : zetaAbove(k, 2)));

/** Sums up c(k)·(−z)ᵏ from k = `from` on, small terms first. */
function series(z: number, from: number, c: (k: number) => number): number {
  let sum = 0;
  for (let k = TERMS - 1; k >= from; k--) sum += c(k) * (-z) ** k;
  return sum;
}

/** ln Γ(2 + z) and ψ(2 + z) by their Taylor series, |z| ≤ 1. */
const logGammaAtTwo = (z: number) =>
  z * (1 - EULER) + series(z, 2, (k) => (zetaLessOne[k] as number) / k);
const digammaAtTwo = (z: number) => 1 - EULER - series(z, 1, (k) => zetaLessOne[k + 1] as number);

/** πx less whole turns and halves, exact for numbers that are far from 0, too. */
const turned = (x: number) => Math.PI * (x - Math.round(x));

export function lgamma(x: number): number {
  if (Number.isNaN(x)) return x;
  if (!Number.isFinite(x) || (x <= 0 && Number.isInteger(x))) return Number.POSITIVE_INFINITY;
  if (x < 0) return -Math.log(Math.abs(Math.sin(turned(x)) / Math.PI)) - Math.log(-x) - lgamma(-x);
  if (x < 1.5) return logGammaAtTwo(x - 1) - Math.log(x);
  if (x <= 2.5) return logGammaAtTwo(x - 2);
  let [y, product] = [x, 1];
  for (; y < 30; y++) product *= y;
  const stirling = (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI);
  return stirling + 1 / (12 * y) - 1 / (360 * y ** 3) + 1 / (1260 * y ** 5) - Math.log(product);
}

export function digamma(x: number): number {
  if (x === 0) return -1 / x;
  if (x === Number.POSITIVE_INFINITY) return x;
  if (!Number.isFinite(x)) return Number.NaN;
  if (x < 0)
    return Number.isInteger(x) ? Number.NaN : digamma(-x) - 1 / x - Math.PI / Math.tan(turned(x));
  let [y, sum] = [x, 0];
  if (x < 3) {
    for (; y < 1; y++) sum -= 1 / y;
    for (; y > 2.5; y--) sum += 1 / (y - 1);
    return digammaAtTwo(y - 2) + sum;
  }
  for (; y < 30; y++) sum -= 1 / y;
  const z = 1 / (y * y);
  return Math.log(y) - 0.5 / y - z * (1 / 12 - z * (1 / 120 - z * (1 / 252 - z / 240))) + sum;
}

/** Of what is below 0 those terms are added up first, or, of the first order, by sin² (πx). */
export function polygamma(n: number, x: number): number {
  let factor = n % 2 === 0 ? -1 : 1;
  for (let k = 2; k <= n; k++) factor *= k;
  if (Number.isNaN(x) || x === Number.NEGATIVE_INFINITY) return Number.NaN;
  if (n === 1 && x < -10) return (Math.PI / Math.sin(turned(x))) ** 2 - polygamma(1, 1 - x);
  let [y, sum] = [Math.abs(x) > 0 ? x : 0, 0];
  for (; y <= 0; y++) sum += y ** -(n + 1);
  return factor * (sum + zetaAbove(n + 1, y));
}

/** The share of the gamma distribution of shape `a` that is below x: its series, or Lentz's continued fraction. */
export function gammaBelow(a: number, x: number): number {
  if (x <= 0) return 0;
  const front = Math.exp(a * Math.log(x) - x - lgamma(a));
  if (x < a + 1) {
    let sum = 0;
    for (let [k, term] = [0, 1 / a]; term > sum * 1e-17; k++, term *= x / (a + k)) sum += term;
    return front * sum;
  }
  const tiny = 1e-300;
  let c = 1 / tiny;
  let d = 1 / (x + 1 - a);
  let fraction = d;
  for (let k = 1, change = 0; Math.abs(change - 1) > 1e-15; k++) {
    const [step, next] = [k * (a - k), x + 2 * k + 1 - a];
    d = 1 / (step * d + next || tiny);
    c = next + step / c || tiny;
    change = c * d;
    fraction *= change;
  }
  return 1 - front * fraction;
}
