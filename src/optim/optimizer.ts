import { requireWhole } from '../arguments.ts';
import { pendingAssignments } from '../graph/cell.ts';
import { realize } from '../graph/execution/realize.ts';
import { recording } from '../graph/execution/recording.ts';
import { Node, type Scalars } from '../graph/node.ts';
import type { Operation } from '../graph/operation.ts';
import { pack } from '../graph/pack.ts';
import { requireNames } from '../kernels/launch.ts';
import {
  type Clipping,
  scalarNames,
  type UpdateContext,
  update,
} from '../kernels/optimizers/update.ts';
import type { AnyTensor } from '../tensor/tensor.ts';
import type { AnyVariable } from '../tensor/variable.ts';
import { checkClipping, normScale } from './clipping.ts';
import { FlatWeights, type Moment } from './flat-weights.ts';
import { checkGradients, lossGradients, takeGradients } from './gradients.ts';
import {
  areGroups,
  checkedRate,
  type Group,
  groupsOf,
  rateAt,
  requireVariables,
  type Variables,
} from './groups.ts';
import { LossScale, type LossScaleOptions } from './loss-scale.ts';
import type { Rule } from './rule.ts';
import { describeRate, type Schedule } from './schedules.ts';
import {
  describeClipping,
  describeGroup,
  type OptimizerOptions,
  type OptimizerSettings,
} from './settings.ts';

/** What changes a model's weights from a loss or from gradients. */
export class Optimizer {
  /** The groups it was given, or one of all variables; their `lr` may be set at no cost. */
  readonly groups: readonly Group[];
  /** The variables it updates: the trainable ones, in the order of the groups. */
  readonly variables: readonly AnyVariable[];
  private readonly rule: Rule;
  private readonly operation: Operation<Clipping>;
  private readonly options: OptimizerOptions;
  private readonly flat: FlatWeights;
  private readonly isGrouped: boolean;
  private readonly weightDecay: number;
  private rate: number | Schedule;
  private scaling: LossScale | undefined;
  private taken = 0;

  /** Optimizers come from `sgd`, `adam` and their like, which say what the defaults are. */
  constructor(
    rule: Rule,
    variables: Variables,
    options: OptimizerOptions,
    defaults: { readonly lr: number; readonly weightDecay: number },
  ) {
    requireVariables(rule.kind, variables);
    checkClipping(options);
    this.rule = rule;
    const given = Object.keys(rule.scalars(1, 0, 0));
    requireNames(`${rule.kind}: scalars`, scalarNames(rule), given);
    const launch = (context: UpdateContext) => update(rule, context);
    this.operation = { name: rule.kind, lowering: { kind: 'kernel', launch } };
    this.options = options;
    const { lr = defaults.lr, weightDecay = defaults.weightDecay } = options;
    this.rate = checkedRate(lr);
    this.weightDecay = weightDecay;
    this.groups = groupsOf(variables, this, this.weightDecay);
    this.isGrouped = areGroups(variables);
    this.variables = this.groups.flatMap((group) => group.variables);
    this.flat = new FlatWeights(this.groups, rule.moments);
    if (options.lossScale) this.scaleLosses(options.lossScale);
  }

  /** The update rule, by the name of the function that made it. */
  get kind(): string {
    return this.rule.kind;
  }

  /** The options it works with now, in plain JSON, for descriptions of a run. */
  get settings(): OptimizerSettings {
    return {
      lr: describeRate(this.rate),
      weightDecay: this.weightDecay,
      ...this.rule.settings,
      ...describeClipping(this.options),
      ...(this.scaling ? { lossScale: this.scaling.settings } : {}),
      ...(this.isGrouped ? { groups: this.groups.map(describeGroup) } : {}),
    };
  }

  /**
   * The learning rate of the next step, for groups without one of their own. It may be set before
   * every step at no cost; a number set takes the place of a schedule.
   */
  get lr(): number {
    return rateAt(this.rate, this.taken);
  }

  set lr(rate: number | Schedule) {
    this.rate = checkedRate(rate);
  }

  /** How many steps have been taken. Set it, and the moments, to go on where another run ended. */
  get steps(): number {
    return this.taken;
  }

  set steps(steps: number) {
    requireWhole('optimizer', { steps }, { from: 0 });
    this.taken = steps;
  }

  /**
   * The moments as they are now, one for each variable and name ('velocity', 'mean', …), in the
   * variable's shape; before the first step, what they start with. Read or realise the values
   * before the next step: it replaces them.
   */
  moments(): Moment[] {
    return this.flat.moments();
  }

  /**
   * Replaces all moments. With those, the weights and `steps` of another run, training goes on as
   * that run would have.
   * @throws CheckpointError where a moment is missing, unknown, or not of its variable's shape
   */
  setMoments(moments: readonly Moment[]): void {
    this.flat.setMoments(moments);
  }

  /** What losses are scaled by, for gradients stored as f16: with the option `lossScale`, or `scaleLosses`. */
  get lossScale(): LossScale | undefined {
    return this.scaling;
  }

  /** Scales losses from here on, unless it does already: what the option `lossScale` does from the start. */
  scaleLosses(options: LossScaleOptions = {}): void {
    this.scaling ??= new LossScale(options);
  }

  /**
   * A loss times the loss scale, where there is one. `step(loss)` scales by itself; gradients that
   * `backward` leaves or that are given to `apply` are to be those of the scaled loss.
   */
  scaled(loss: AnyTensor): AnyTensor {
    return this.scaling ? this.scaling.times(loss) : loss;
  }

  /**
   * Takes one step: against the gradients of `loss`, or against those `loss.backward()` has left.
   * Computes the loss, its gradients, the new weights and all pending assignments in one
   * submission; reading the loss afterwards is free. Resolves when the work is queued.
   * @throws ArgumentError where the loss depends on none of the variables, or nothing was left.
   * @throws ShapeError where the loss is not a scalar.
   * @throws StaleTensorError where a value that the loss or a gradient needs has been replaced.
   */
  async step(loss?: AnyTensor): Promise<void> {
    const gradients = loss
      ? lossGradients(this.variables, this.scaled(loss))
      : takeGradients(this.variables);
    await this.apply(gradients, loss ? [loss] : []);
  }

  /**
   * Takes one step against given gradients, one for each of `variables`; `alongside` is computed
   * in the same submission.
   */
  async apply(
    gradients: readonly AnyTensor[],
    alongside: readonly AnyTensor[] = [],
  ): Promise<void> {
    checkGradients(this.variables, gradients);
    const scalars = new Map(this.groups.map((group) => [group, this.scalarsOf(group)]));
    const nodes = [...alongside.map(({ node }) => node)];
    const wanted = gradients.map(({ node }) => node);
    // A weight assigned by hand gets its new value first; the step then changes that one. Nobody
    // waits in between: what the program asks for meanwhile comes after the step.
    const isAssigned = this.variables.some(({ cell }) => pendingAssignments.has(cell));
    const before = isAssigned ? realize([...nodes, ...wanted]) : undefined;
    const parts = this.flat.layOut();
    let next = 0;
    const packs = parts.map(({ variables }) => {
      const start = next;
      next += variables.length;
      return pack(wanted.slice(start, next));
    });
    const { clipNorm = Number.POSITIVE_INFINITY, clipValue } = this.options;
    const { lossScale } = this;
    const skips = lossScale !== undefined;
    const scales = skips || clipNorm < Number.POSITIVE_INFINITY;
    const scale = scales ? [normScale(parts, packs, clipNorm, lossScale?.state.node)] : [];
    const clipping = { scales, skips, clipValue: clipValue !== undefined };
    const { constants, moments: kinds } = this.rule;
    // Together with the op's name these tell one formula from another.
    const attributes = { ...clipping, ...constants, moments: kinds.map(({ name }) => name) };
    const updates = parts.map(({ group, weights, moments }, i) => {
      const state = moments.map((moment) => moment.read());
      const inputs = [weights.read(), packs[i] as Node, ...state, ...scale];
      const type = { shape: [0], dtype: 'f32' } as const;
      const node = new Node(this.operation, inputs, type, attributes, scalars.get(group));
      return { node, writes: [weights, ...moments] };
    });
    const effects = lossScale ? [...updates, lossScale.update(scale[0] as Node)] : updates;
    const undo = () => {
      this.taken--;
    };
    recording()?.repeat({
      holds: () => this.flat.layOut() === parts,
      next: () => {
        const now = [...scalars].map(([group, own]) => [own, this.scalarsOf(group)] as const);
        this.taken++;
        return now;
      },
      undo,
    });
    this.taken++;
    try {
      await Promise.all([before, realize(nodes, effects)]);
    } catch (error) {
      undo();
      throw error;
    }
  }

  /** The numbers of the next step. */
  private scalarsOf(group: Group): Scalars {
    const own = this.rule.scalars(this.taken + 1, group.lr, group.weightDecay);
    return { ...own, clipValue: this.options.clipValue ?? 0 };
  }
}
