/**
 * Writes small valid WGSL programs, steered by a list of choices: the same choices give the same
 * program, and a program of zeros is the simplest one. What it writes has one defined result: no
 * data races, float arithmetic only where it is exact or rounded once, and no look at the bits of
 * a zero, whose sign is not defined.
 */
export const INVOCATIONS = 16;
export const GROUPS = 3;
/** Words of `floats` and `words`, the inputs, and of each invocation's results. */
export const INPUTS = 64;
export const RESULTS = 4;

type Scalar = 'f32' | 'i32' | 'u32' | 'bool';
interface Typed {
  readonly scalar: Scalar;
  readonly width: 1 | 2 | 3 | 4;
}
interface Variable extends Typed {
  readonly name: string;
  readonly mutable: boolean;
}

const SCALARS: readonly Scalar[] = ['u32', 'i32', 'f32', 'bool'];

export function generateProgram(choices: readonly number[]): string {
  return new Generator(choices).program();
}

function nameOf({ scalar, width }: Typed): string {
  return width === 1 ? scalar : `vec${width}<${scalar}>`;
}

class Generator {
  private readonly choices: readonly number[];
  private next = 0;
  private names = 0;
  private scope: Variable[] = [];
  private barriers = false;

  constructor(choices: readonly number[]) {
    this.choices = choices;
  }

  program(): string {
    this.barriers = this.below(2) === 1;
    const helpers = Array.from({ length: this.below(3) }, (_, i) => this.helper(i));
    this.scope = this.inputs();
    const body = this.block(2 + this.below(4), 2);
    const phases = this.barriers ? this.phases() : '';
    const results = Array.from({ length: RESULTS }, (_, i) => {
      const type: Typed = { scalar: SCALARS[i % 3] as Scalar, width: 1 };
      const value = this.expression(type, 3, helpers);
      return `result[own * ${RESULTS}u + ${i}u] = ${bits(value, type.scalar)};`;
    });
    return `struct Params { count: u32, zero: u32, one: u32, step: i32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> floats: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> words: array<u32>;
@group(0) @binding(3) var<storage, read_write> result: array<u32>;
${this.barriers ? `var<workgroup> shared_words: array<u32, ${INVOCATIONS}>;` : ''}
${helpers.map(({ text }) => text).join('\n')}
@compute @workgroup_size(${INVOCATIONS})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let own = group.x * ${INVOCATIONS}u + lane + params.zero;
  let x0 = floats[own & 15u];
  let n0 = words[own];
  let k0 = bitcast<i32>(words[own ^ 1u]);
  let t0 = (n0 & 4u) != 0u;
  ${body}
  ${phases}
  ${results.join('\n  ')}
}
`;
  }

  private inputs(): Variable[] {
    const variable = (name: string, scalar: Scalar, width: 1 | 4 = 1) => ({
      name,
      scalar,
      width,
      mutable: false,
    });
    return [
      variable('x0', 'f32', 4),
      variable('n0', 'u32'),
      variable('k0', 'i32'),
      variable('t0', 'bool'),
      variable('lane', 'u32'),
    ];
  }

  private below(limit: number): number {
    const choice = this.choices[this.next++] ?? 0;
    return choice % limit;
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  private fresh(prefix: string): string {
    return `${prefix}${++this.names}`;
  }

  private type(): Typed {
    return { scalar: this.pick(SCALARS), width: this.pick([1, 4, 2, 3] as const) };
  }

  /** A function of two numbers that may return early and change a variable by pointer. */
  private helper(index: number): { text: string; call: (a: string, b: string) => string } {
    const name = `helper${index}`;
    const outer = this.scope;
    this.scope = [
      { name: 'n0', scalar: 'u32', width: 1, mutable: false },
      { name: 'k0', scalar: 'i32', width: 1, mutable: false },
      { name: 'x0', scalar: 'f32', width: 1, mutable: false },
      { name: 't0', scalar: 'bool', width: 1, mutable: false },
      { name: 'total', scalar: 'u32', width: 1, mutable: true },
    ];
    const body = this.block(1 + this.below(3), 1);
    const early = this.expression({ scalar: 'bool', width: 1 }, 2);
    const value = this.expression({ scalar: 'u32', width: 1 }, 2);
    const last = this.expression({ scalar: 'u32', width: 1 }, 2);
    this.scope = outer;
    const text = `fn bump${index}(p: ptr<function, u32>, by: u32) { *p = *p * 3u + by; }
fn ${name}(n0: u32, k0: i32) -> u32 {
  var total = n0 ^ bitcast<u32>(k0);
  let x0 = f32(k0 % 17) / 4.0;
  let t0 = n0 > 99u;
  ${body}
  bump${index}(&total, n0);
  if (${early}) { return ${value}; }
  return ${last} + total;
}`;
    return { text, call: (a, b) => `${name}(${a}, ${b})` };
  }

  /** Writes to workgroup memory, waits, and reads what neighbours wrote, perhaps in a loop. */
  private phases(): string {
    const name = this.fresh('sum');
    const inLoop = this.below(2) === 1;
    const shift = 1 + this.below(5);
    const write = this.expression({ scalar: 'u32', width: 1 }, 2);
    const step = `shared_words[lane] = ${write} + ${name};
    workgroupBarrier();
    ${name} = ${name} * 5u + shared_words[(lane + ${shift}u) % ${INVOCATIONS}u];
    workgroupBarrier();`;
    this.scope.push({ name, scalar: 'u32', width: 1, mutable: true });
    const limit = this.below(2) === 1 ? 'params.count' : '3u';
    const text = inLoop ? `for (var turn = 0u; turn < ${limit}; turn++) { ${step} }` : step;
    const uniformIf = this.below(3) === 1 ? `if (params.one == 1u) { ${text} }` : text;
    return `var ${name} = n0 & 255u;\n  ${uniformIf}`;
  }

  private block(statements: number, depth: number): string {
    const lines: string[] = [];
    for (let i = 0; i < statements; i++) lines.push(this.statement(depth));
    return lines.join('\n  ');
  }

  /** A block whose declarations end with it. */
  private inner(depth: number): string {
    const count = this.scope.length;
    const text = this.block(1 + this.below(2), depth);
    this.scope = this.scope.slice(0, count);
    return `{ ${text} }`;
  }

  private statement(depth: number): string {
    const kinds = depth > 0 ? 9 : 3;
    switch (this.below(kinds)) {
      case 1:
        return this.assignment();
      case 2:
        return this.localArray();
      case 3: {
        const test = this.expression({ scalar: 'bool', width: 1 }, 2);
        return `if (${test}) ${this.inner(depth - 1)} else ${this.inner(depth - 1)}`;
      }
      case 4:
        return this.for(depth);
      case 5:
        return this.while(depth);
      case 6: {
        const selector = this.expression({ scalar: 'u32', width: 1 }, 2);
        return `switch ((${selector}) & 3u) {
    case 0u, 2u: ${this.inner(depth - 1)}
    case 1u: ${this.inner(depth - 1)}
    default: ${this.inner(depth - 1)}
  }`;
      }
      default:
        return this.declaration();
    }
  }

  private declaration(): string {
    const type = this.type();
    const value = this.expression(type, 3);
    const mutable = this.below(2) === 0;
    const name = this.fresh('v');
    this.scope.push({ ...type, name, mutable });
    return `${mutable ? 'var' : 'let'} ${name}: ${nameOf(type)} = ${value};`;
  }

  private assignment(): string {
    const targets = this.scope.filter(({ mutable }) => mutable);
    if (targets.length === 0) return this.declaration();
    const target = this.pick(targets);
    const lane = 'xyzw'[this.below(target.width)];
    if (target.width > 1 && this.below(2) === 1) {
      return `${target.name}.${lane} = ${this.expression({ ...target, width: 1 }, 2)};`;
    }
    const value = this.expression(target, 3);
    if (target.scalar === 'bool') return `${target.name} = ${value};`;
    return `${target.name} ${this.pick(['=', '+=', '-=', '*='])} ${value};`;
  }

  private localArray(): string {
    const name = this.fresh('list');
    const size = 2 + this.below(4);
    const [a, b] = [0, 0].map(() => this.expression({ scalar: 'u32', width: 1 }, 2));
    const value = this.expression({ scalar: 'i32', width: 1 }, 2);
    const read = this.fresh('v');
    this.scope.push({ name: read, scalar: 'i32', width: 1, mutable: false });
    return `var ${name}: array<i32, ${size}>;
  for (var e = 0u; e < ${size}u; e++) { ${name}[e] = k0 * i32(e); }
  ${name}[(${a}) % ${size}u] = ${value};
  let ${read} = ${name}[(${b}) % ${size}u];`;
  }

  private for(depth: number): string {
    const name = this.fresh('i');
    const limit = this.pick(['3u', 'params.count', '(n0 & 3u)', '5u']);
    const count = this.scope.length;
    this.scope.push({ name, scalar: 'u32', width: 1, mutable: false });
    const body = this.block(1 + this.below(2), depth - 1);
    const test = this.expression({ scalar: 'bool', width: 1 }, 2);
    const jump = this.pick(['', `if (${test}) { continue; }`, `if (${test}) { break; }`]);
    const rest = this.block(1, 0);
    this.scope = this.scope.slice(0, count);
    return `for (var ${name} = 0u; ${name} < ${limit}; ${name}++) { ${body} ${jump} ${rest} }`;
  }

  private while(depth: number): string {
    const name = this.fresh('w');
    const body = this.inner(depth - 1);
    const test = this.expression({ scalar: 'bool', width: 1 }, 2);
    return this.below(2) === 0
      ? `var ${name} = n0 & 7u;
  while (${name} > 0u) { ${name} -= 1u; if (${test}) { break; } ${body} }`
      : `var ${name} = 0u;
  loop { ${body} if (${test}) { break; } continuing { ${name}++; break if ${name} >= 4u; } }`;
  }

  private literal({ scalar, width }: Typed): string {
    const number = this.below(9);
    const one = {
      u32: `${number}u`,
      i32: `${number - 4}i`,
      f32: `${(number - 4) / 4}f`,
      bool: number % 2 === 0 ? 'false' : 'true',
    }[scalar];
    return width === 1 ? one : `${nameOf({ scalar, width })}(${one})`;
  }

  /** A variable of a type, or one made of the variables there are. */
  private leaf(type: Typed): string {
    const { scalar, width } = type;
    const fitting = this.scope.filter((own) => own.scalar === scalar && own.width === width);
    if (fitting.length > 0) return this.pick(fitting).name;
    const wider = this.scope.filter((own) => own.scalar === scalar && own.width >= width);
    if (wider.length > 0) {
      const from = this.pick(wider);
      const lanes = Array.from({ length: width }, () => 'xyzw'[this.below(from.width)]);
      return `${from.name}.${lanes.join('')}`;
    }
    const scalars = this.scope.filter((own) => own.scalar === scalar && own.width === 1);
    if (scalars.length > 0) return `${nameOf(type)}(${this.pick(scalars).name})`;
    return this.literal(type);
  }

  private expression(
    type: Typed,
    depth: number,
    helpers: readonly { call: (a: string, b: string) => string }[] = [],
  ): string {
    if (depth === 0) return this.leaf(type);
    const sub = (other: Partial<Typed> = {}) =>
      this.expression({ ...type, ...other }, depth - 1, helpers);
    const { scalar, width } = type;
    if (scalar === 'u32' && width === 1 && helpers.length > 0 && this.below(4) === 1) {
      return this.pick(helpers).call(sub(), sub({ scalar: 'i32' }));
    }
    if (width > 1 && this.below(4) === 1) {
      const parts = Array.from({ length: width }, () => sub({ width: 1 }));
      return `${nameOf(type)}(${parts.join(', ')})`;
    }
    if (this.below(6) === 1) return `select(${sub()}, ${sub()}, ${sub({ scalar: 'bool' })})`;
    switch (scalar) {
      case 'bool':
        return this.bool(type, sub);
      case 'f32':
        return this.float(type, sub);
      default:
        return this.integer(type, sub);
    }
  }

  private bool({ width }: Typed, sub: (other?: Partial<Typed>) => string): string {
    const scalar = this.pick(['u32', 'i32', 'f32'] as const);
    switch (this.below(4)) {
      case 1:
        return `(!${sub()})`;
      case 2:
        return width === 1
          ? `(${sub()} ${this.pick(['&&', '||', '==', '&', '|'])} ${sub()})`
          : `(${sub()} ${this.pick(['&', '|', '=='])} ${sub()})`;
      case 3:
        if (width === 1) return `${this.pick(['any', 'all'])}(${sub({ width: 4 })})`;
    }
    const operator = this.pick(['<', '>', '<=', '>=', '==', '!=']);
    return `(${sub({ scalar })} ${operator} ${sub({ scalar })})`;
  }

  private float(type: Typed, sub: (other?: Partial<Typed>) => string): string {
    switch (this.below(7)) {
      case 1:
        return `(${sub()} * ${this.literal(type)})`;
      case 2:
        return `${this.pick(['abs', 'floor', 'ceil', 'trunc', 'sign', '-'])}(${sub()})`;
      case 3:
        return `${this.pick(['min', 'max'])}(${sub()}, ${this.literal(type)})`;
      case 4:
        return `${nameOf(type)}((${sub({ scalar: 'i32' })}) % ${this.wide('i32', type, '7i')})`;
      case 5:
        return `(${sub()} - ${sub()})`;
      case 6:
        return `clamp(${sub()}, ${this.wide('f32', type, '-2f')}, ${this.wide('f32', type, '3f')})`;
      default:
        return `(${sub()} + ${sub()})`;
    }
  }

  private wide(scalar: Scalar, { width }: Typed, literal: string): string {
    return width === 1 ? literal : `${nameOf({ scalar, width })}(${literal})`;
  }

  private integer(type: Typed, sub: (other?: Partial<Typed>) => string): string {
    const { scalar } = type;
    const other = scalar === 'u32' ? 'i32' : 'u32';
    switch (this.below(9)) {
      case 1:
        return `(${sub()} ${this.pick(['&', '|', '^'])} ${sub()})`;
      case 2:
        return `(${sub()} ${this.pick(['/', '%'])} ${sub()})`;
      case 3:
        return `(${sub()} ${this.pick(['<<', '>>'])} (${sub({ scalar: 'u32' })} & ${this.wide('u32', type, '31u')}))`;
      case 4:
        return `bitcast<${nameOf(type)}>(${sub({ scalar: other })})`;
      case 5:
        return `${this.pick(['min', 'max'])}(${sub()}, ${sub()})`;
      case 6:
        return `${this.pick(['countOneBits', 'reverseBits', 'abs', 'countLeadingZeros', '~'])}(${sub()})`;
      case 7:
        return `${nameOf(type)}(${sub({ scalar: this.pick([other, 'f32', 'bool'] as const) })})`;
      case 8:
        return `(${sub()} * ${sub()} - ${sub()})`;
      default:
        return `(${sub()} + ${sub()})`;
    }
  }
}

function bits(value: string, scalar: Scalar): string {
  return scalar === 'u32' ? value : `bitcast<u32>(${value})`;
}
