import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from '../../../../../src/device/wasm/compiler/syntax/parse.ts';
import { scan } from '../../../../../src/device/wasm/compiler/syntax/tokens.ts';
import type {
  Declaration,
  Expression,
  FunctionSyntax,
} from '../../../../../src/device/wasm/compiler/syntax/tree.ts';

const test = suite('WGSL parser');

/** An expression written with all parentheses. */
function show(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return String(expression.value);
    case 'name':
      return expression.name;
    case 'unary':
      return `(${expression.operator}${show(expression.operand)})`;
    case 'binary':
      return `(${show(expression.left)} ${expression.operator} ${show(expression.right)})`;
    case 'index':
      return `${show(expression.base)}[${show(expression.index)}]`;
    case 'member':
      return `${show(expression.base)}.${expression.name}`;
    case 'call': {
      const { name, args } = expression.callee;
      const types = args.length > 0 ? `<${args.map((arg) => arg.name)}>` : '';
      return `${name}${types}(${expression.args.map(show).join(', ')})`;
    }
  }
}

function expression(text: string): string {
  const [global] = parse(`const x = ${text};`);
  return show((global as Declaration).value as Expression);
}

test('comments and white space separate tokens and vanish', () => {
  const texts = scan('a /* b */ // c\n >>= 0x1Fu').map(({ text }) => text);
  assert.equal(texts, ['a', '>>=', '0x1Fu', 'end of the program']);
});

test('operators bind as in WGSL', () => {
  assert.is(expression('a + b * c - d'), '((a + (b * c)) - d)');
  assert.is(expression('a < b && c >= d || !e'), '(((a < b) && (c >= d)) || (!e))');
  assert.is(expression('-a.x[1] % ~b'), '((-a.x[1]) % (~b))');
  assert.is(expression('a & (b ^ c) | d'), '((a & (b ^ c)) | d)');
  assert.is(expression('(a << 2u) + b'), '((a << 2) + b)');
});

test("a '<' opens types only behind names that take them", () => {
  assert.is(expression('vec4<f32>(a < b, c > d)'), 'vec4<f32>((a < b), (c > d))');
  assert.is(expression('bitcast<vec2<u32>>(a) >> b'), '(bitcast<vec2>(a) >> b)');
  assert.is(expression('array<array<f32, 2>, N + 1u>()'), 'array<array>()');
});

test('numbers have the type of their suffix', () => {
  const type = (text: string) => {
    const [global] = parse(`const x = ${text};`);
    const { value } = global as Declaration;
    return value?.kind === 'literal' ? [value.value, value.literalType.scalar] : undefined;
  };
  assert.equal(type('7'), [7, 'abstract-int']);
  assert.equal(type('0xffu'), [255, 'u32']);
  assert.equal(type('3f'), [3, 'f32']);
  assert.equal(type('.5'), [0.5, 'abstract-float']);
  assert.equal(type('1e3'), [1000, 'abstract-float']);
  assert.equal(type('0x1.8p1'), [3, 'abstract-float']);
  assert.equal(type('0x1p-2f'), [0.25, 'f32']);
});

test('all statements, with trailing commas where WGSL allows them', () => {
  const [main] = parse(`fn f(a: u32, b: ptr<function, i32>,) -> u32 {
    var x: array<vec4<f32>, 3>= y;
    let z = 1; const k = 2;
    for (var i = 0u; i < 3u; i++) { continue; }
    while (true) { break; }
    loop { x = y; continuing { i += 1; break if i > 3; } }
    switch (a) { case 1, 2: { return 1u; } case 3 { } default: { } }
    if (a == 1u) { } else if (b > 2) { } else { }
    { f(1u, &q,); }
    _ = g(); *b = 3; x[1].y *= 2.0; ;
    return a;
  }`) as [FunctionSyntax];
  const kinds = main.body.map(({ kind }) => kind);
  assert.equal(kinds, [
    ...['declaration', 'declaration', 'declaration', 'loop', 'loop', 'loop', 'switch', 'if'],
    ...['block', 'assignment', 'assignment', 'assignment', 'return'],
  ]);
});

test.run();
