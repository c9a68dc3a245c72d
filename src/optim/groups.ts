import { inWords, requireList, requireNumber, requireOptions } from '../arguments.ts';
import { ArgumentError } from '../errors.ts';
import { type AnyVariable, Variable } from '../tensor/variable.ts';
import type { Schedule } from './schedules.ts';

/** Variables with a learning rate or weight decay of their own. */
export interface VariableGroup {
  readonly variables: readonly AnyVariable[];
  /** Default: the optimizer's, also when that changes. */
  readonly lr?: number | Schedule;
  /** Default: the optimizer's. */
  readonly weightDecay?: number;
}

/** What an optimizer updates: variables, or groups of them. */
export type Variables = readonly AnyVariable[] | readonly VariableGroup[];

/** What groups that say nothing of their own follow. */
interface GroupDefaults {
  readonly lr: number;
  readonly steps: number;
}

/** A group of an optimizer's variables. */
export class Group {
  /** The weights among those it was given. */
  readonly variables: readonly AnyVariable[];
  readonly weightDecay: number;
  /** The rate or schedule of its own; undefined where it follows the optimizer's. */
  rate: number | Schedule | undefined;
  private readonly defaults: GroupDefaults;

  constructor(group: VariableGroup, defaults: GroupDefaults, weightDecay: number) {
    requireOptions('optimizer', group, ['variables', 'lr', 'weightDecay']);
    this.variables = group.variables.filter(({ cell }) => cell.isWeight);
    this.weightDecay = group.weightDecay ?? weightDecay;
    requireNumber('optimizer', { weightDecay: this.weightDecay }, { from: 0 });
    this.defaults = defaults;
    if (group.lr !== undefined) this.lr = group.lr;
  }

  /** The learning rate of the next step; what is set becomes the group's own rate or schedule. */
  get lr(): number {
    return this.rate === undefined ? this.defaults.lr : rateAt(this.rate, this.defaults.steps);
  }

  set lr(rate: number | Schedule) {
    this.rate = checkedRate(rate);
  }
}

/** @throws ArgumentError where the rate is below 0; what a schedule gives is checked when it is asked. */
export function checkedRate(rate: number | Schedule): number | Schedule {
  if (typeof rate !== 'function') requireNumber('optimizer', { lr: rate }, { from: 0 });
  return rate;
}

/** The rate of a step. @throws ArgumentError where a schedule gives one that is below 0 or NaN */
export function rateAt(rate: number | Schedule, step: number): number {
  if (typeof rate === 'number') return rate;
  const scheduled = rate(step);
  requireNumber('optimizer', { [`lr at step ${step}`]: scheduled }, { from: 0 });
  return scheduled;
}

/** The groups of what an optimizer was given; without groups, one of all variables. */
export function groupsOf(
  variables: Variables,
  defaults: GroupDefaults,
  weightDecay: number,
): readonly Group[] {
  const given = areGroups(variables) ? variables : [{ variables }];
  const groups = given.map((group) => new Group(group, defaults, weightDecay));
  const cells = groups.flatMap((group) => group.variables.map(({ cell }) => cell));
  if (cells.length === 0) {
    throw new ArgumentError(
      'An optimizer needs trainable variables. Layers make theirs when they first see an input: call model.build(inputShape) or model.forward(x) first.',
    );
  }
  if (new Set(cells).size !== cells.length) {
    throw new ArgumentError('An optimizer was given the same variable twice.');
  }
  return groups;
}

/** @throws ArgumentError where they are no variables, and no groups of them. */
export function requireVariables(optimizer: string, variables: Variables): void {
  const such = 'variables, such as model.variables or [v], or of groups of them';
  requireList(optimizer, variables, such);
  const isGrouped = areGroups(variables);
  const refuse = (one: unknown): never => {
    throw new ArgumentError(
      `${optimizer}: takes an array of ${such}; got ${inWords(one)} among them.`,
    );
  };
  for (const one of variables) {
    if (isGroup(one) !== isGrouped) refuse(one);
    const own = isGroup(one) ? one.variables : [one];
    requireList(optimizer, own, 'variables in each group, as { variables: [v] }');
    for (const variable of own) if (!(variable instanceof Variable)) refuse(variable);
  }
}

function isGroup(one: unknown): one is VariableGroup {
  return 'variables' in Object(one);
}

export function areGroups(variables: Variables): variables is readonly VariableGroup[] {
  return isGroup(variables[0]);
}
