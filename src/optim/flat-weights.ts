import { BINDING_ALIGNMENT } from '../device/device.ts';
import { CheckpointError } from '../errors.ts';
import { Cell, cellOf } from '../graph/cell.ts';
import { areIn, chunks, flatten } from '../graph/flat.ts';
import type { Node } from '../graph/node.ts';
import { pack, packedLayout } from '../graph/pack.ts';
import { blockLengths } from '../kernels/optimizers/block-lengths.ts';
import { full, tensor, zeros } from '../tensor/ops/creation.ts';
import { reshape, slice } from '../tensor/ops/views.ts';
import { sameShape } from '../tensor/shape.ts';
import { type AnyTensor, Tensor } from '../tensor/tensor.ts';
import type { AnyVariable } from '../tensor/variable.ts';
import type { Group } from './groups.ts';

/** One moment of one variable, such as its velocity. */
export interface Moment {
  readonly name: string;
  readonly variable: AnyVariable;
  /** In the variable's shape, f32. */
  readonly value: AnyTensor;
  /** How many of the optimizer's steps passed the variable by, since it was frozen. Default 0. */
  readonly missed?: number;
}

/** What an optimizer keeps for every weight, and with which value it starts. */
export interface MomentKind {
  readonly name: string;
  readonly initial: number;
}

/** Weights of a group that are trained or frozen together, and what is laid out as they are. */
interface Part {
  readonly group: Group;
  readonly variables: readonly AnyVariable[];
  readonly isTrained: boolean;
  /** How many of the optimizer's steps passed them by, since they were frozen. */
  missed: number;
  /** The buffer they lie in, once they have been trained. */
  readonly weights: Cell | undefined;
  readonly moments: readonly Cell[];
  /** The sums of gradients between two steps. */
  readonly sums: Cell;
  /** How much of each block of the layout belongs to a variable: [blocks], u32. */
  readonly lengths: AnyTensor;
  /** The block with which each variable begins, and the last ends: [variables + 1], u32. */
  readonly starts: AnyTensor;
}

/** Weights of a group in one buffer, and each of their moments in another, laid out alike. */
export interface FlatPart extends Part {
  readonly weights: Cell;
}

/**
 * The weights and moments of an optimizer: one flat buffer for those of a group that are trained and have
 * missed as many steps, or a few where it is over 128 MiB, so that a step is one dispatch for each. What
 * is frozen lies where it lay. Nothing else than that decides, so that a resumed training has the same.
 */
export class FlatWeights {
  private readonly groups: readonly Group[];
  private readonly kinds: readonly MomentKind[];
  private parts: readonly Part[] = [];
  /** What `layOut` has given last, as long as it is right. */
  private trained: readonly FlatPart[] | undefined;

  constructor(groups: readonly Group[], kinds: readonly MomentKind[]) {
    this.groups = groups;
    this.kinds = kinds;
  }

  /**
   * What is trained, the weights moved into flat buffers, unless they are there; another optimizer may
   * have them. The same list as before unless something was moved, frozen or thawed.
   */
  layOut(): readonly FlatPart[] {
    const isArranged =
      this.parts.length > 0 &&
      this.parts.every(({ variables, isTrained }) =>
        variables.every(({ trainable }) => trainable === isTrained),
      );
    if (isArranged && this.trained?.every(isFlat)) return this.trained;
    if (!isArranged) this.parts = this.arranged();
    this.parts = this.parts.map((part) => (part.isTrained && !isFlat(part) ? flat(part) : part));
    const trained = this.parts.filter((part): part is FlatPart => part.isTrained);
    this.trained = trained;
    return trained;
  }

  /** Counts a step, which frozen weights miss, or takes it back. */
  count(step: 1 | -1): void {
    for (const part of this.parts) if (!part.isTrained) part.missed += step;
  }

  /** One entry for each variable and kind, in that order. */
  moments(): Moment[] {
    const [missed, values] = [this.missed(), this.values((cell) => cell.read())];
    return this.groups.flatMap(({ variables }) =>
      variables.flatMap((variable) =>
        this.kinds.map(({ name, initial }, k) => ({
          name,
          variable,
          value: values.get(variable)?.[k] ?? (full(variable.shape, initial) as AnyTensor),
          missed: missed(variable),
        })),
      ),
    );
  }

  /** The sums of gradients times `scale`, of each of these variables; of those that are not trained, zeros. */
  gradients(scale: number, of: readonly AnyVariable[]): AnyTensor[] {
    const trained = this.parts.filter(({ isTrained }) => isTrained);
    const found = valuesIn(trained, ({ sums }) => [new Tensor(sums.read()).mul(scale)]);
    return of.map((variable) => found.get(variable)?.[0] ?? zeros(variable.shape));
  }

  /** Replaces all moments. @throws CheckpointError where one is missing, unknown or does not fit */
  setMoments(entries: readonly Moment[]): void {
    const given = new Map<AnyVariable, Map<string, AnyTensor>>();
    const missed = new Map<AnyVariable, number>();
    const known = new Set(this.groups.flatMap(({ variables }) => variables));
    for (const { name, variable, value, missed: steps = 0 } of entries) {
      const what = `the moment '${name}' of variable '${variable.name}'`;
      const own = given.get(variable) ?? new Map<string, AnyTensor>();
      if (!known.has(variable) || !this.kinds.some((kind) => kind.name === name)) {
        throw new CheckpointError(`setMoments: this optimizer does not keep ${what}.`);
      }
      if (own.has(name)) throw new CheckpointError(`setMoments: ${what} is given twice.`);
      if (value.dtype !== 'f32' || !sameShape(value.shape, variable.shape)) {
        throw new CheckpointError(
          `setMoments: ${what} must be f32[${variable.shape}], got ${value.dtype}[${value.shape}].`,
        );
      }
      given.set(variable, own.set(name, value));
      missed.set(variable, steps);
    }
    const valueFor = (variable: AnyVariable, name: string): AnyTensor => {
      const value = given.get(variable)?.get(name);
      if (value) return value;
      throw new CheckpointError(
        `setMoments: the moment '${name}' of variable '${variable.name}' is missing.`,
      );
    };
    this.parts = this.arranged(
      (variable) => missed.get(variable) ?? 0,
      (variables) =>
        this.kinds.map(({ name }) =>
          cellOf(pack(variables.map((variable) => valueFor(variable, name).node)), name, false),
        ),
    );
    this.trained = undefined;
  }

  /** Parts of what is to be laid out together, by the moments it has. */
  private arranged(
    missed = this.missed(),
    momentsOf = (variables: readonly AnyVariable[], known?: Part) =>
      known?.moments ?? this.momentsOf(variables),
  ): Part[] {
    return this.groups.flatMap((group) => {
      const alike = new Map<string, AnyVariable[]>();
      for (const variable of group.variables) {
        const key = `${variable.trainable} ${missed(variable)}`;
        alike.set(key, [...(alike.get(key) ?? []), variable]);
      }
      return [...alike.values()].flatMap(chunks).map((variables) => {
        const known = this.parts.find((part) => areSame(part.variables, variables));
        const moments = momentsOf(variables, known);
        const [first] = variables as [AnyVariable];
        const now = { isTrained: first.trainable, missed: missed(first) };
        return { ...(known ?? fresh(variables)), group, variables, moments, ...now };
      });
    });
  }

  /** The moments of variables that are laid out otherwise than before, or for the first time. */
  private momentsOf(variables: readonly AnyVariable[]): Cell[] {
    const values = this.values((cell) => cell.pending ?? cell.snapshot());
    return this.kinds.map(({ name, initial }, k) => {
      const own = variables.map((variable) => values.get(variable)?.[k]?.node as Node);
      const { bytes } = packedLayout(variables);
      const isFirst = this.parts.length === 0;
      return cellOf(isFirst ? full([bytes / 4], initial).node : pack(own), name, false);
    });
  }

  private missed(): (variable: AnyVariable) => number {
    const found = new Map(
      this.parts.flatMap(({ variables, missed }) => variables.map((own) => [own, missed] as const)),
    );
    return (variable) => found.get(variable) ?? 0;
  }

  /** The moments of each variable, of what is read of the cells that they lie in. */
  private values(read: (cell: Cell) => Node): Map<AnyVariable, AnyTensor[]> {
    return valuesIn(this.parts, ({ moments }) => moments.map((cell) => new Tensor(read(cell))));
  }
}

/** What each variable has of flat tensors that are laid out as its part. */
function valuesIn(
  parts: readonly Part[],
  flats: (part: Part) => readonly AnyTensor[],
): Map<AnyVariable, AnyTensor[]> {
  return new Map(
    parts.flatMap((part) => {
      const { offsets } = packedLayout(part.variables);
      const all = flats(part);
      return part.variables.map((variable, i) => {
        const start = (offsets[i] as number) / 4;
        const own = all.map((flat) => slice(flat, [start], [start + variable.size]));
        return [variable, own.map((value) => reshape(value, variable.shape))] as const;
      });
    }),
  );
}

function fresh(variables: readonly AnyVariable[]) {
  const { offsets, bytes } = packedLayout(variables);
  const lengths = blockLengths(variables.map(({ size }) => size));
  const starts = Uint32Array.from([...offsets, bytes], (at) => at / BINDING_ALIGNMENT);
  return {
    weights: undefined,
    sums: new Cell(zeros([bytes / 4]).node, 'gradients', false),
    lengths: tensor(lengths, [lengths.length]) as AnyTensor,
    starts: tensor(starts, [starts.length]) as AnyTensor,
  };
}

function areSame(some: readonly AnyVariable[], others: readonly AnyVariable[]): boolean {
  return some.length === others.length && some.every((one, i) => one === others[i]);
}

function isFlat({ weights }: Part): boolean {
  return weights !== undefined && areIn([weights]);
}

function flat(part: Part): FlatPart {
  const [weights] = flatten(part.variables.map(({ cell }) => cell));
  return { ...part, weights: weights as Cell };
}

/** The gradients of all variables, in their order, laid out as the weights of each part, or of its buckets. */
export function packed(
  parts: readonly Pick<Part, 'variables'>[],
  variables: readonly AnyVariable[],
  gradients: readonly Node[],
): Node[] {
  const found = new Map(variables.map((variable, i) => [variable, gradients[i] as Node]));
  return parts.map((part) => pack(part.variables.map((own) => found.get(own) as Node)));
}
