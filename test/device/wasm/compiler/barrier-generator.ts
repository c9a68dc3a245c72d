const HEAD = `@group(0) @binding(0) var<uniform> params: vec4<u32>;
@group(0) @binding(1) var<storage, read> values: array<u32>;
@group(0) @binding(2) var<storage, read_write> result: array<u32>;
var<workgroup> partial: array<u32, 8>;
fn early(x: u32, y: u32) -> u32 { if (x > 2u) { return y; } return 3u; }
fn put(place: ptr<function, u32>, x: u32) { if (x > 1u) { *place = x; } }
fn wait(x: u32) -> u32 { if (x > 5u) { workgroupBarrier(); } return x + 1u; }
@compute @workgroup_size(8)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3<u32>) {
  result[0] = values[0];
  var a = params.x; var b = group.x; var c = lane;
`;
const UNIFORM = [
  'a',
  'b',
  'a',
  'b',
  'c',
  'params.y',
  'group.x',
  '3u',
  'values[2]',
  'values[a & 3u]',
];
const OTHERS = ['lane', 'values[c & 3u]', 'partial[0]', 'result[b & 3u]'];

/** A kernel with barriers in all sorts of control flow, which the numbers decide on. */
export function generateBarriers(choices: readonly number[]): string {
  return new Generator(choices).run();
}

class Generator {
  private readonly choices: readonly number[];
  private next = 0;
  private counters = 0;

  constructor(choices: readonly number[]) {
    this.choices = choices;
  }

  run(): string {
    return `${HEAD}${this.statements(3, false)}workgroupBarrier();\n}`;
  }

  private below(count: number): number {
    return (this.choices[this.next++] ?? 0) % count;
  }

  private pick(from: readonly string[]): string {
    return from[this.below(from.length)] as string;
  }

  private value(depth: number): string {
    const kind = this.below(depth > 0 ? 8 : 6);
    if (kind < 5) return this.pick(UNIFORM);
    if (kind === 5) return this.pick(OTHERS);
    const [x, y] = [this.value(depth - 1), this.value(depth - 1)];
    return kind === 6 ? `(${x} + ${y})` : `early(${x}, ${y})`;
  }

  private condition(): string {
    const one = `${this.value(1)} > ${this.value(0)}`;
    return this.below(6) > 0 ? one : `${one} ${this.pick(['&&', '||'])} ${this.value(1)} < 5u`;
  }

  private statements(depth: number, inLoop: boolean): string {
    let text = '';
    for (let i = this.below(3); i >= 0; i--) text += this.statement(depth, inLoop);
    return text;
  }

  private statement(depth: number, inLoop: boolean): string {
    const variable = this.pick(['a', 'b', 'c']);
    const body = () => `{\n${this.statements(depth - 1, inLoop)}}`;
    const loopBody = () => this.statements(depth - 1, true);
    switch (this.below(depth > 0 ? 12 : 7)) {
      case 0:
        return `${variable} = ${this.value(1)};\n`;
      case 1:
        return 'workgroupBarrier();\n';
      case 2:
        return `${variable} = wait(${this.value(0)});\n`;
      case 3:
        return `put(&${variable}, ${this.value(0)});\n`;
      case 4:
        return `partial[lane] = ${variable};\n`;
      case 5: {
        const jump = inLoop ? this.pick(['break', 'continue', 'return']) : 'return';
        return this.below(3) === 0 ? `if (${this.condition()}) { ${jump}; }\n` : '';
      }
      case 6:
        return `${variable} += 1u;\n`;
      case 7:
        return `if (${this.condition()}) ${body()}\n`;
      case 8:
        return `if (${this.condition()}) ${body()} else ${body()}\n`;
      case 9:
        return `switch (${this.value(0)}) { case 1u: ${body()} default: ${body()} }\n`;
      case 10: {
        const i = `i${this.counters++}`;
        const [from, to] = [this.value(0), this.value(0)];
        return `for (var ${i} = ${from}; ${i} < ${to}; ${i}++) {\n${loopBody()}}\n`;
      }
      default: {
        const i = `i${this.counters++}`;
        const inside = `${loopBody()}continuing { ${i}++; break if ${i} > ${this.value(0)}; }`;
        return `{ var ${i} = 0u; loop {\n${inside} } }\n`;
      }
    }
  }
}
