import { CheckpointError } from '../errors.ts';
import { Cell, cellOf } from '../graph/cell.ts';
import { areIn, flatten } from '../graph/flat.ts';
import { pack, packedLayout } from '../graph/pack.ts';
import { blockLengths } from '../kernels/optimizers/clip-norm.ts';
import { full, tensor } from '../tensor/ops/creation.ts';
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
}

/** What an optimizer keeps for every weight, and with which value it starts. */
export interface MomentKind {
  readonly name: string;
  readonly initial: number;
}

/** Weights of a group in one buffer, and each of their moments in another, laid out alike. */
export interface FlatPart {
  readonly group: Group;
  readonly variables: readonly AnyVariable[];
  readonly weights: Cell;
  readonly moments: readonly Cell[];
  /** How much of each block of the layout belongs to a variable: [blocks], u32. */
  readonly lengths: AnyTensor;
}

/**
 * The weights and moments of an optimizer: one flat buffer for each group, or a few where it is
 * over 128 MiB, so that a step is one dispatch for each.
 */
export class FlatWeights {
  private readonly groups: readonly Group[];
  private readonly kinds: readonly MomentKind[];
  private parts: readonly FlatPart[] = [];

  constructor(groups: readonly Group[], kinds: readonly MomentKind[]) {
    this.groups = groups;
    this.kinds = kinds;
  }

  /** Moves the weights into flat buffers, unless they are there; another optimizer may have them. */
  layOut(): readonly FlatPart[] {
    if (this.parts.length > 0 && areIn(this.parts.map(({ weights }) => weights))) return this.parts;
    const before = this.parts;
    this.parts = this.groups
      .flatMap((group) => {
        let next = 0;
        return flatten(group.variables.map(({ cell }) => cell)).map((weights) => {
          const variables = group.variables.slice(next, next + weights.members.length);
          next += variables.length;
          return { group, variables, weights };
        });
      })
      .map((part, i) => {
        const { moments, lengths } = before[i] ?? this.fresh(part);
        return { ...part, moments, lengths };
      });
    return this.parts;
  }

  /** One entry for each variable and kind, in that order. */
  moments(): Moment[] {
    if (this.parts.length === 0) {
      return this.groups.flatMap(({ variables }) =>
        variables.flatMap((variable) =>
          this.kinds.map(({ name, initial }) => ({
            name,
            variable,
            value: full(variable.shape, initial) as AnyTensor,
          })),
        ),
      );
    }
    return this.parts.flatMap(({ variables, moments }) => {
      const { offsets } = packedLayout(variables);
      return variables.flatMap((variable, i) =>
        this.kinds.map(({ name }, k) => {
          const start = (offsets[i] as number) / 4;
          const flat = new Tensor((moments[k] as Cell).read()) as AnyTensor;
          const own = slice(flat, [start], [start + variable.size]);
          return { name, variable, value: reshape(own, variable.shape) };
        }),
      );
    });
  }

  /** Replaces all moments. @throws CheckpointError where one is missing, unknown or does not fit */
  setMoments(entries: readonly Moment[]): void {
    const given = new Map<AnyVariable, Map<string, AnyTensor>>();
    const known = new Set(this.groups.flatMap(({ variables }) => variables));
    for (const { name, variable, value } of entries) {
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
    }
    const valueFor = (variable: AnyVariable, name: string): AnyTensor => {
      const value = given.get(variable)?.get(name);
      if (value) return value;
      throw new CheckpointError(
        `setMoments: the moment '${name}' of variable '${variable.name}' is missing.`,
      );
    };
    const moments = this.layOut().map(({ variables }) =>
      this.kinds.map(({ name }) => {
        const values = variables.map((variable) => valueFor(variable, name).node);
        return cellOf(pack(values), name, false);
      }),
    );
    this.parts = this.parts.map((part, i) => ({ ...part, moments: moments[i] as Cell[] }));
  }

  private fresh({ variables, weights }: Pick<FlatPart, 'variables' | 'weights'>) {
    const lengths = blockLengths(variables.map(({ size }) => size));
    return {
      moments: this.kinds.map(
        ({ name, initial }) => new Cell(full(weights.shape, initial).node, name, false),
      ),
      lengths: tensor(lengths, [lengths.length]) as AnyTensor,
    };
  }
}
