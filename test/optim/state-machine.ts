import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  type AnyVariable,
  ArgumentError,
  grad,
  io,
  optim,
  realize,
  StaleTensorError,
  tensor,
  Variable,
} from '../../src/index.ts';
import { apply, type Op } from '../../src/tensor/op.ts';
import {
  adagrad,
  adam,
  areOld,
  OptimizerModel,
  type ReadModel,
  type RuleModel,
  rmsprop,
  sgd,
  type Values,
  VariableModel,
} from './state-model.ts';

/** Which command, numbers that choose its operands, and whether the program waits for it. */
export type Command = readonly [command: number, a: number, b: number, waits: boolean];

type Create = (variables: readonly AnyVariable[]) => optim.Optimizer;

const SHAPES = [[2], [3], [1], [2, 2]];
const epsilon = 1e-2;

/** Optimizers whose sets overlap, each with its model, variables and clipping. */
const kinds: readonly [Create, RuleModel, of: readonly number[], clipNorm?: number][] = [
  [(v) => optim.sgd(v, { lr: 0.1 }), sgd(), [0, 1]],
  [(v) => optim.sgd(v, { lr: 0.1, momentum: 0.9, weightDecay: 0.1 }), sgd(0.9, 0.1), [2, 1]],
  [(v) => optim.adam(v, { lr: 0.1, epsilon }), adam(epsilon), [0, 1, 2, 3]],
  [(v) => optim.adamW(v, { lr: 0.1, epsilon, weightDecay: 0.1 }), adam(epsilon, 0.1), [0, 1, 2, 3]],
  [
    (v) => optim.rmsprop(v, { epsilon, momentum: 0.5, centered: true }),
    rmsprop(epsilon, 0.5),
    [3, 0],
  ],
  [
    ([a, b]) =>
      optim.adagrad([{ variables: [a!] }, { variables: [b!] }], {
        lr: 0.1,
        epsilon,
        initialAccumulator: 0.5,
      }),
    adagrad(epsilon, 0.5),
    [0, 2],
  ],
  [(v) => optim.sgd(v, { lr: 0.1, clipNorm: 0.5 }), sgd(), [1, 3], 0.5],
];

interface Part {
  readonly read: ReadModel;
  readonly gradient: Values;
}

interface Loss {
  readonly tensor: AnyTensor;
  readonly value: number;
  readonly parts: ReadonlyMap<VariableModel, Part>;
}

interface Pair {
  readonly optimizer: optim.Optimizer;
  readonly model: OptimizerModel;
}

const ofValues = (values: Values, shape: readonly number[]): AnyTensor =>
  tensor(Float32Array.from(values), [...shape]);

/** An op whose kernel does not compile. */
const broken: Op = {
  name: 'broken',
  lowering: { kind: 'elementwise', wgsl: ([x]) => `no_such_function(${x})` },
};
const breakDown = (x: AnyTensor): AnyTensor =>
  apply(broken, [x], { shape: x.shape, dtype: 'f32' }) as AnyTensor;

/** A program of the library and the same in f64, command by command. */
export class StateMachine {
  /** How often each command was carried out, and how often something was refused as stale. */
  readonly counts: Record<string, number> = { stale: 0 };
  private readonly models = SHAPES.map((shape, i) => {
    const size = shape.reduce((a, b) => a * b);
    return new VariableModel(Array.from({ length: size }, (_, at) => at - i / 2));
  });
  private readonly variables = SHAPES.map(
    (shape, i) =>
      new Variable(ofValues(this.models[i]!.values, shape), { name: `v${i}` }) as AnyVariable,
  );
  private readonly pairs = kinds.map(([create, rule, of, clipNorm]): Pair => {
    const optimizer = create(of.map((i) => this.variables[i]!));
    const variables = of.map((i) => this.models[i]!);
    return { optimizer, model: new OptimizerModel(rule, variables, optimizer.lr, clipNorm) };
  });
  private readonly reads: { tensor: AnyTensor; read: ReadModel; values: Values }[] = [];
  private readonly losses: Loss[] = [];
  private readonly copies: { variable: AnyVariable; model: VariableModel }[] = [];
  private readonly saves: {
    weights: Awaited<ReturnType<typeof io.weightsOf>>;
    values: Values[];
  }[] = [];
  private readonly running: Promise<unknown>[] = [];
  /** Whether what comes next depends on how the command ends. */
  private mustWait = false;

  async run(program: readonly Command[]): Promise<void> {
    const commands = Object.entries(this.commands);
    for (const [name] of commands) this.counts[name] = 0;
    for (const [number, a, b, waits] of program) {
      const [name, command] = commands[number % commands.length]!;
      this.counts[name]!++;
      this.mustWait = false;
      const done = Promise.resolve(command(a, b));
      if (waits || this.mustWait) await done;
      else this.running.push(done.catch((error) => Promise.reject(error)));
      for (const promise of this.running) promise.catch(() => {});
    }
    await Promise.all(this.running);
    await this.checkAll();
  }

  private readonly commands: Readonly<Record<string, (a: number, b: number) => unknown>> = {
    assign: (a, b) => {
      const [variable, model] = this.variable(a);
      const values = model.values.map((_, at) => ((b + at) % 9) / 4 - 1);
      variable.assign(ofValues(values, variable.shape));
      model.set(values);
    },
    'assign from itself': (a) => {
      const [variable, model] = this.variable(a);
      variable.assign((variable.value as AnyTensor).mul(0.5).add(0.25));
      model.set(model.values.map((x) => x * 0.5 + 0.25));
    },
    'assign from another': (a, b) => {
      const [[variable, model], [other, source]] = [this.variable(a), this.variable(b)];
      variable.assign(
        (variable.value as AnyTensor).mul(0.5).add((other.value as AnyTensor).mean()),
      );
      const mean = source.values.reduce((sum, x) => sum + x, 0) / source.values.length;
      model.set(model.values.map((x) => x * 0.5 + mean));
    },
    read: (a, b) => {
      const [variable, model] = this.variable(a);
      const [value, factor] = [variable.value as AnyTensor, (b % 3) - 1];
      this.reads.push({
        tensor: b % 2 ? value : value.mul(factor),
        read: model.read(),
        values: b % 2 ? model.values : model.values.map((x) => x * factor),
      });
    },
    'use a read': async (a, b) => {
      const picked = pick(this.reads, a);
      if (!picked) return;
      const { tensor, read, values } = picked;
      const sum = b % 2 ? tensor.add(1) : tensor;
      const expected = b % 2 ? values.map((x) => x + 1) : values;
      await this.check(sum.data(), expected, 'a value read before', areOld([read]));
    },
    'read now': async (a) => {
      const [variable, model] = this.variable(a);
      await this.check(variable.data(), model.values, variable.name);
    },
    realize: () => realize(),
    'a computation that fails': (a) => {
      const [variable] = this.variable(a);
      return this.fails(() => realize(breakDown((variable.value as AnyTensor).add(1))));
    },
    'a step that fails': (a, b) => {
      const { optimizer } = pick(this.pairs, a)!;
      const gradients = optimizer.variables.map(({ value }) => (value as AnyTensor).mul(2));
      const at = optimizer.variables.findIndex(({ trainable }) => trainable);
      if (at < 0) return;
      if (b % 2) gradients[at] = breakDown(gradients[at]!);
      return this.fails(() =>
        optimizer.apply(gradients, b % 2 ? [] : [breakDown(gradients[0]!.sum())]),
      );
    },
    copy: (a) => {
      const [{ value }, { values }] = this.variable(a);
      const variable = new Variable(value, { name: 'copy' }) as AnyVariable;
      this.copies.push({ variable, model: new VariableModel(values) });
    },
    average: (a) => {
      const copy = pick(this.copies, a);
      const source =
        copy && this.models.findIndex(({ values }) => values.length === copy.model.values.length);
      if (!copy || source === undefined) return;
      const [variable, model] = this.variable(source);
      const mean = (copy.variable.value as AnyTensor)
        .mul(0.75)
        .add((variable.value as AnyTensor).reshape(copy.variable.shape).mul(0.25));
      copy.variable.assign(mean);
      copy.model.set(copy.model.values.map((x, i) => x * 0.75 + model.values[i]! * 0.25));
    },
    loss: (a, b) => {
      const chosen = this.models.flatMap((model, i) => (((a + 1) >> i) & 1 ? [{ model, i }] : []));
      const parts = new Map<VariableModel, Part>();
      const terms: AnyTensor[] = [tensor(0) as AnyTensor];
      let value = 0;
      for (const { model, i } of chosen) {
        const x = this.variables[i]!.value as AnyTensor;
        const [isLinear, factor] = [b % 4 === 0, 0.5 + i / 4];
        const target = ((b + i) % 5) / 2 - 1;
        terms.push((isLinear ? x.sub(target) : x.sub(target).square()).sum().mul(factor));
        const gradient = model.values.map((v) => factor * (isLinear ? 1 : 2 * (v - target)));
        parts.set(model, { read: model.read(), gradient });
        for (const v of model.values) value += factor * (isLinear ? v - target : (v - target) ** 2);
      }
      const sum = terms.reduce((left, right) => left.add(right));
      this.losses.push({ tensor: sum, value, parts });
    },
    'value of a loss': async (a) => {
      const loss = pick(this.losses, a);
      if (!loss) return;
      await this.check(loss.tensor.data(), [loss.value], 'a loss', areOld(readsOf(loss)));
    },
    grad: async (a, b) => {
      const loss = pick(this.losses, a);
      if (!loss) return;
      const wrt = this.models.flatMap((model, i) => (((b + 1) >> i) & 1 ? [{ model, i }] : []));
      const isOld = areOld(readsOf(loss));
      let gradients: readonly AnyTensor[] = [];
      const take = () => {
        gradients = grad(
          loss.tensor,
          wrt.map(({ i }) => this.variables[i]!),
        ) as AnyTensor[];
      };
      if (!this.attempt(isOld, take)) return;
      await Promise.all(
        wrt.map(({ model }, at) => {
          const expected = loss.parts.get(model)?.gradient ?? model.values.map(() => 0);
          return this.check(gradients[at]!.data(), expected, 'a gradient', isOld);
        }),
      );
    },
    backward: (a) => {
      const loss = pick(this.losses, a);
      if (!loss) return;
      const from = readsOf(loss);
      if (!this.attempt(areOld(from), () => loss.tensor.backward())) return;
      for (const [model, { gradient }] of loss.parts) {
        if (!model.trainable) continue;
        const sum = model.gradient;
        model.gradient = {
          values: gradient.map((g, i) => g + (sum?.values[i] ?? 0)),
          from: [...from, ...(sum?.from ?? [])],
        };
      }
    },
    step: (a, b) => {
      const [pair, loss] = [pick(this.pairs, a)!, pick(this.losses, b)];
      if (!loss) return;
      return this.step(
        pair,
        trainedAlone(pair, (variable) => loss.parts.get(variable)?.gradient),
        areOld(readsOf(loss)),
        () => pair.optimizer.step(loss.tensor),
      );
    },
    'step on a loss of now': (a, b) => {
      this.commands.loss!(a, b);
      return this.commands.step!(b, this.losses.length - 1);
    },
    'step on what backward left': (a) => {
      const pair = pick(this.pairs, a)!;
      const left = trainedAlone(pair, ({ gradient }) => gradient);
      if (left.some((gradient) => gradient)) {
        for (const variable of pair.model.variables) variable.gradient = undefined;
      }
      const from = left.flatMap((gradient) => gradient?.from ?? []);
      return this.step(
        pair,
        left.map((gradient) => gradient?.values),
        areOld(from),
        () => pair.optimizer.step(),
      );
    },
    'restore moments': (a, b) => {
      const { optimizer, model } = pick(this.pairs, a)!;
      const factor = b % 2 ? 1 : 0.5;
      optimizer.setMoments(
        optimizer
          .moments()
          .map((moment) => ({ ...moment, value: moment.value.mul(factor) as AnyTensor })),
      );
      model.moments = model.moments.map((moments) =>
        Object.fromEntries(
          Object.entries(moments).map(([name, values]) => [name, values.map((x) => x * factor)]),
        ),
      );
    },
    "take over another's moments": (a) => {
      const [own, other] = a % 2 ? [2, 3] : [3, 2];
      const [to, from] = [this.pairs[own]!, this.pairs[other]!];
      to.optimizer.setMoments(from.optimizer.moments());
      to.optimizer.steps = from.optimizer.steps;
      to.model.moments = from.model.moments.map((moments) => ({ ...moments }));
      to.model.steps = from.model.steps;
      to.model.missed = [...from.model.missed];
    },
    'read moments': (a) => this.checkMoments(pick(this.pairs, a)!),
    'change the rate': (a, b) => {
      const { optimizer, model } = pick(this.pairs, a)!;
      optimizer.lr = model.lr = 0.05 + (b % 4) / 20;
    },
    freeze: (a) => {
      const [variable, model] = this.variable(a);
      variable.trainable = model.trainable = false;
    },
    thaw: (a) => {
      const [variable, model] = this.variable(a);
      variable.trainable = model.trainable = true;
    },
    save: async () => {
      const values = this.models.map((model) => model.values);
      const weights = await io.weightsOf(this.named);
      this.saves.push({ weights, values });
    },
    load: (a) => {
      const saved = pick(this.saves, a);
      if (!saved) return;
      const loading = io.setWeights(this.named, saved.weights);
      // It assigns when it has sent them.
      this.mustWait = true;
      return loading.then(() => {
        saved.values.forEach((values, i) => {
          this.models[i]!.set(values);
        });
      });
    },
  };

  private get named(): ReadonlyMap<string, AnyVariable> {
    return new Map(this.variables.map((variable) => [variable.name, variable]));
  }

  private variable(at: number): [AnyVariable, VariableModel] {
    return [pick(this.variables, at)!, pick(this.models, at)!];
  }

  /** A step: refused where nothing reaches its variables, and perhaps where a value is gone. */
  private async step(
    { model }: Pair,
    against: readonly (Values | undefined)[],
    isOld: boolean,
    call: () => Promise<void>,
  ): Promise<void> {
    if (against.every((gradient) => !gradient)) {
      const error = await call().then(
        () => undefined,
        (error: unknown) => error,
      );
      if (!(isOld && error instanceof StaleTensorError)) assert.instance(error, ArgumentError);
      return;
    }
    const apply = () => model.step(against);
    if (!isOld) {
      const done = call();
      apply();
      return done;
    }
    this.mustWait = true;
    try {
      await call();
    } catch (error) {
      return this.isStale(error);
    }
    apply();
  }

  /** A call that fails changes nothing. What is asked for before it has failed would fail too. */
  private async fails(call: () => Promise<void>): Promise<void> {
    this.mustWait = true;
    const error = await call().then(
      () => undefined,
      (error: unknown) => error,
    );
    assert.match(String(error), /does not compile/);
  }

  /** Whether a call was carried out; where it may be stale, it may be refused. */
  private attempt(mayBeOld: boolean, call: () => void): boolean {
    try {
      call();
      return true;
    } catch (error) {
      if (!mayBeOld) throw error;
      this.isStale(error);
      return false;
    }
  }

  private isStale(error: unknown): void {
    if (!(error instanceof StaleTensorError)) throw error;
    this.counts.stale!++;
  }

  private async check(
    reading: Promise<ArrayLike<number>>,
    expected: Values,
    what: string,
    mayBeOld = false,
  ): Promise<void> {
    let actual: number[];
    try {
      actual = Array.from(await reading);
    } catch (error) {
      if (!mayBeOld) throw error;
      return this.isStale(error);
    }
    const isNear = (x: number, i: number) =>
      Math.abs(x - expected[i]!) <= 1e-3 * Math.max(1, Math.abs(expected[i]!));
    assert.ok(
      actual.length === expected.length && actual.every(isNear),
      `${what} is [${actual}], not [${expected}]`,
    );
  }

  private async checkMoments({ optimizer, model }: Pair): Promise<void> {
    const expected = optimizer.moments().map((moment) => {
      const i = this.variables.indexOf(moment.variable);
      return {
        ...moment,
        values: model.moments[model.variables.indexOf(this.models[i]!)]![moment.name]!,
      };
    });
    await Promise.all(
      expected.map(({ name, variable, value, values }) =>
        this.check(value.data(), values, `${optimizer.kind}'s ${name} of ${variable.name}`),
      ),
    );
  }

  /** Everything there is, at the end of the program. */
  private async checkAll(): Promise<void> {
    for (const i of this.models.keys()) await this.commands['read now']!(i, 0);
    for (const { variable, model } of this.copies) {
      await this.check(variable.data(), model.values, 'a copy');
    }
    for (const pair of this.pairs) {
      assert.is(pair.optimizer.steps, pair.model.steps);
      await this.checkMoments(pair);
    }
  }
}

/** What belongs to an optimizer's variables, nothing for frozen ones. */
function trainedAlone<T>(
  { model }: Pair,
  of: (variable: VariableModel) => T | undefined,
): (T | undefined)[] {
  return model.variables.map((variable) => (variable.trainable ? of(variable) : undefined));
}

function pick<T>(list: readonly T[], at: number): T | undefined {
  return list[at % Math.max(list.length, 1)];
}

function readsOf({ parts }: Loss): ReadModel[] {
  return [...parts.values()].map(({ read }) => read);
}
