import { where } from '../../../../../tensor/ops/where.ts';
import type { AnyTensor } from '../../../../../tensor/tensor.ts';
import type { OperatorCall } from '../call.ts';

export type Activation = (x: AnyTensor) => AnyTensor;

interface Kind {
  /** What alpha and beta are where the file does not say; fewer are taken by those that have fewer. */
  readonly settings: readonly number[];
  readonly apply: (x: AnyTensor, alpha: number, beta: number) => AnyTensor;
}

const plain = (apply: Activation): Kind => ({ settings: [], apply });

const kinds: Readonly<Record<string, Kind>> = {
  affine: { settings: [1, 0], apply: (x, alpha, beta) => x.mul(alpha).add(beta) },
  elu: {
    settings: [1],
    apply: (x, alpha) => where(x.greater(0), x, x.minimum(0).expm1().mul(alpha)),
  },
  hardsigmoid: {
    settings: [0.2, 0.5],
    apply: (x, alpha, beta) => x.mul(alpha).add(beta).clip(0, 1),
  },
  leakyrelu: { settings: [0.01], apply: (x, alpha) => x.leakyRelu(alpha) },
  relu: plain((x) => x.relu()),
  scaledtanh: { settings: [1, 1], apply: (x, alpha, beta) => x.mul(beta).tanh().mul(alpha) },
  sigmoid: plain((x) => x.sigmoid()),
  softplus: plain((x) => x.softplus()),
  softsign: plain((x) => x.softsign()),
  tanh: plain((x) => x.tanh()),
  thresholdedrelu: {
    settings: [1],
    apply: (x, alpha) => where(x.greater(alpha), x, x.mul(0)),
  },
};

/**
 * The activations of a recurrent operator, direction by direction: those it names, or the usual ones,
 * of arguments that are cut off at `clip`. Each takes the alpha and beta it has from the lists of all.
 * @throws ArgumentError where one is not known.
 */
export function activationsOf(
  call: OperatorCall,
  usual: readonly string[],
  directions: number,
): Activation[][] {
  const most = call.float('clip', 0);
  const lists = [call.floats('activation_alpha') ?? [], call.floats('activation_beta') ?? []];
  const taken = lists.map((list) => list.values());
  const named = call.texts('activations')?.map((name) => name.toLowerCase());
  return Array.from({ length: directions }, (_, d) =>
    usual.map((otherwise, i): Activation => {
      const name = named?.[d * usual.length + i] ?? otherwise;
      const kind = kinds[name];
      if (!kind) throw call.unsupported(`the activation ${name}`);
      const [alpha = 0, beta = 0] = kind.settings.map(
        (setting, k): number => taken[k]?.next().value ?? setting,
      );
      return (x) => kind.apply(most > 0 ? x.clip(-most, most) : x, alpha, beta);
    }),
  );
}
