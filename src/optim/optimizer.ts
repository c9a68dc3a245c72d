import { requireWhole } from '../arguments.ts';
import type { World } from '../distributed/world.ts';
import { pendingAssignments } from '../graph/cell.ts';
import { realize } from '../graph/execution/realize.ts';
import { recording } from '../graph/execution/recording.ts';
import { Node, type Scalars } from '../graph/node.ts';
import type { Operation } from '../graph/operation.ts';
import { requireNames } from '../kernels/launch.ts';
import { type Clipping, scalarNames } from '../kernels/optimizers/formula.ts';
import { zeros } from '../tensor/ops/creation.ts';
import type { AnyTensor } from '../tensor/tensor.ts';
import type { AnyVariable } from '../tensor/variable.ts';
import { Accumulation } from './accumulation.ts';
import { checkClipping, normScale } from './clipping.ts';
import { type FlatPart, FlatWeights, type Moment, packed } from './flat-weights.ts';
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
import { type AccumulateOptions, alongsideIn, ranksIn, type StepOptions } from './step-options.ts';
import { begun, submitted } from './submitted.ts';
import { trustOperation, trustRatios } from './trust.ts';
import { updateOperation } from './update-operation.ts';

/** What changes a model's weights from a loss or from gradients. */
export class Optimizer {
  /** The groups it was given, or one of all variables; their `lr` may be set at no cost. */
  readonly groups: readonly Group[];
  /** The weights it was given, in the order of the groups; a step updates those that are trainable. */
  readonly variables: readonly AnyVariable[];
  private readonly rule: Rule;
  private readonly operation: Operation<Clipping>;
  private readonly trust: Operation<Clipping> | undefined;
  private readonly options: OptimizerOptions;
  private readonly flat: FlatWeights;
  private readonly isGrouped: boolean;
  private readonly weightDecay: number;
  private rate: number | Schedule;
  private readonly accumulated = new Accumulation();
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
    this.operation = updateOperation(rule);
    this.trust = trustOperation(rule);
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
   * variable's shape, also of frozen ones; before the first step, what they start with. Read or realise
   * the values before the next step: it replaces them.
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
   * Takes one step: against the gradients of `loss`, or against those `loss.backward()` has left;
   * what {@link accumulate} has summed up is added. Computes the loss, its gradients, what is to be read
   * `alongside`, the new weights and all pending assignments in one submission; reading those
   * afterwards is free. Resolves when the work is queued.
   * @throws ArgumentError where the loss depends on none of the variables, or nothing was left.
   * @throws ShapeError where the loss is not a scalar.
   * @throws StaleTensorError where a value that the loss or a gradient needs has been replaced.
   */
  step(loss?: AnyTensor, options: StepOptions = {}): Promise<void> {
    return begun(() => {
      const alongside = alongsideIn('step', options);
      const world = ranksIn(options);
      if (world) {
        world.refuseWaiting();
        return this.stepTogether(world, loss, alongside);
      }
      if (loss) {
        const gradients = lossGradients(this.variables, this.scaled(loss));
        return this.update(gradients, [loss, ...alongside]);
      }
      const hasSums = this.accumulated.losses > 0;
      return this.update(takeGradients(this.variables, hasSums), alongside);
    });
  }

  /**
   * Adds the gradients of `loss` to those of the next step, and leaves the weights as they are. They sum
   * up, as PyTorch's `backward` has them: for their mean over n batches give `loss.div(n)`. Computes the
   * loss, the sums and what is to be read `alongside` in one submission, so that no batch's
   * intermediate values outlive it. `step()` then takes the step; `step(loss)` adds a last loss first.
   * @throws as {@link step} does
   */
  accumulate(loss: AnyTensor, options: AccumulateOptions = {}): Promise<void> {
    return begun(() => {
      const alongside = alongsideIn('accumulate', options);
      const gradients = lossGradients(this.variables, this.scaled(loss));
      return this.addGradients(gradients, [loss, ...alongside], ranksIn(options));
    });
  }

  /**
   * Makes what has been accumulated the mean over all ranks, in place: `step()` then takes the same step on each.
   * `step(loss, { world })` does it by itself; compiled functions cannot wait, and have it stand between them.
   * @throws ArgumentError where nothing has been accumulated, or it is the mean already; where something is
   *   frozen or thawed since, or the ranks cannot be reached, what was accumulated is dropped
   */
  async average(world: World): Promise<void> {
    await world.gradientSums(this.accumulated).average(this.flat.layOut());
  }

  /** What has been accumulated for the next `step()`, in the order of `variables`; zeros where nothing has. */
  gradients(): AnyTensor[] {
    const { losses, scale } = this.accumulated;
    this.accumulated.requireAveraged();
    if (losses === 0) return this.variables.map(({ shape }) => zeros(shape));
    return this.flat.gradients(scale, this.variables);
  }

  private async stepTogether(
    world: World,
    loss: AnyTensor | undefined,
    alongside: readonly AnyTensor[],
  ): Promise<void> {
    const left = loss ? undefined : takeGradients(this.variables, this.accumulated.losses > 0);
    if (loss) await this.accumulate(loss, { alongside, world });
    else if (left) await this.addGradients(left, alongside, world);
    await this.average(world);
    const sums = world.gradientSums(this.accumulated);
    await sums.orDrop(() => this.update(undefined, alongside));
  }

  private addGradients(
    gradients: readonly AnyTensor[],
    alongside: readonly AnyTensor[],
    world?: World,
  ): Promise<void> {
    const { nodes, wanted, before } = this.beforehand(gradients, alongside);
    const parts = this.flat.layOut();
    const { accumulated } = this;
    const { scalars } = accumulated;
    const packs = (of: Parameters<typeof packed>[0]) => packed(of, this.variables, wanted);
    const effects = accumulated.adding(parts, packs, scalars, world);
    const undo = () => accumulated.undo();
    accumulated.recorder = recording();
    recording()?.repeat({
      holds: () => this.flat.layOut() === parts && accumulated.isOwn,
      next: () => {
        const now = accumulated.scalars;
        accumulated.count(world);
        return [[scalars, now]];
      },
      undo,
    });
    accumulated.count(world);
    return submitted(before, realize(nodes, effects), undo);
  }

  /**
   * Takes one step against given gradients, one for each of `variables`; `alongside` is computed
   * in the same submission.
   * @throws ArgumentError where there is not a gradient of its shape for each variable
   */
  apply(gradients: readonly AnyTensor[], alongside: readonly AnyTensor[] = []): Promise<void> {
    return begun(() => {
      checkGradients(this.variables, gradients);
      return this.update(gradients, alongside);
    });
  }

  /** A step against gradients, and what has been accumulated. */
  private update(
    gradients: readonly AnyTensor[] | undefined,
    alongside: readonly AnyTensor[],
  ): Promise<void> {
    const { nodes, wanted, before } = this.beforehand(gradients ?? [], alongside);
    const parts = this.flat.layOut();
    const scalars = parts.map((part) => this.scalarsOf(part));
    const { accumulated } = this;
    const { losses, ofAll } = accumulated;
    const packs = accumulated.with(parts, gradients && packed(parts, this.variables, wanted));
    const { clipNorm = Number.POSITIVE_INFINITY, clipValue } = this.options;
    const { lossScale } = this;
    const skips = lossScale !== undefined;
    const scales = skips || clipNorm < Number.POSITIVE_INFINITY;
    const scale = scales ? [normScale(parts, packs, clipNorm, lossScale?.state.node)] : [];
    const clipping = { scales, skips, clipValue: clipValue !== undefined };
    const { constants, moments: kinds } = this.rule;
    // Together with the op's name these tell one formula from another.
    const attributes = { ...clipping, ...constants, moments: kinds.map(({ name }) => name) };
    const updates = parts.map((part, i) => {
      const { weights, moments } = part;
      const state = moments.map((moment) => moment.read());
      const inputs = [weights.read(), packs[i] as Node, ...state, ...scale];
      const step = { inputs, attributes, scalars: scalars[i] as Scalars };
      const ratios = this.trust ? [trustRatios(this.trust, part, step)] : [];
      const type = { shape: [0], dtype: 'f32' } as const;
      const all = [...inputs, ...ratios];
      const node = new Node(this.operation, all, type, attributes, step.scalars);
      return { node, writes: [weights, ...moments] };
    });
    const effects = lossScale ? [...updates, lossScale.update(scale[0] as Node)] : updates;
    const count = () => {
      this.taken++;
      this.flat.count(1);
      accumulated.drop();
    };
    const undo = () => {
      this.taken--;
      this.flat.count(-1);
      accumulated.losses = losses;
      accumulated.ofAll = ofAll;
    };
    const recorder = recording();
    const accumulates = recorder !== undefined && accumulated.recorder === recorder;
    recorder?.repeat({
      holds: () =>
        this.flat.layOut() === parts &&
        accumulated.ofAll === ofAll &&
        (accumulates || accumulated.losses > 0 === losses > 0),
      next: () => {
        const now = parts.map((part, i) => [scalars[i] as Scalars, this.scalarsOf(part)] as const);
        count();
        return now;
      },
      undo,
    });
    count();
    return submitted(before, realize(nodes, effects), undo);
  }

  /**
   * What is computed with a step. A weight assigned by hand gets its new value first; the step then
   * changes that one. Nobody waits in between: what the program asks for meanwhile comes after the step.
   */
  private beforehand(gradients: readonly AnyTensor[], alongside: readonly AnyTensor[]) {
    const nodes = alongside.map(({ node }) => node);
    const wanted = gradients.map(({ node }) => node);
    const isAssigned = this.variables.some(({ cell }) => pendingAssignments.has(cell));
    return { nodes, wanted, before: isAssigned ? realize([...nodes, ...wanted]) : undefined };
  }

  /** The numbers of the next step. */
  private scalarsOf({ group, missed }: FlatPart): Scalars {
    const own = this.rule.scalars(this.taken + 1 - missed, group.lr, group.weightDecay);
    return { ...own, clipValue: this.options.clipValue ?? 0 };
  }
}
