import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('tensor: what the compiler says');

/** Wrong lines, and what must stand in the message that the compiler has for each. */
const WRONG: Record<string, string> = {
  'zeros([2, 3]).add(zeros([4]));': 'shapes [2, 3] and [4] do not broadcast',
  'zeros([2]).less(zeros([3]));': 'shapes [2] and [3] do not broadcast',
  "zeros([2]).mul(zeros([2], { dtype: 'i32' }));": 'dtypes f32 and i32 differ: cast one of them',
  "zeros([2, 2]).matMul(zeros([2, 2], { dtype: 'u8' }));": 'dtypes f32 and u8 differ',
  'zeros([2, 3]).matMul(zeros([4, 5]));': 'matMul: inner dimensions 3 and 4 differ',
  'zeros([2]).matMul(zeros([2, 5]));': 'matMul needs two or more axes, got [2]',
  'zeros([2, 3]).sum(2);': 'axis 2 does not exist in [2, 3]',
  'zeros([2, 3]).max([0, -4]);': '"axis -4 does not exist in [2, 3]"',
  'zeros([2, 3]).transpose([0, 2]);': 'axis 2 does not exist in [2, 3]',
  'zeros([2, 3]).reshape([7]);': 'reshape: [2, 3] and [7] differ in size',
  'zeros([2, 3]).expand([2, 4]);': 'shapes [2, 3] and [2, 4] do not broadcast',
  'where(zeros([2]), zeros([2]), zeros([2]));': 'dtypes bool and f32 differ',
  "zeros([2]).add('1');": "not assignable to parameter of type 'number | AnyTensor'",
};

test('each error of a wrong line names what differs, in a few words', () => {
  const file = fileURLToPath(new URL('wrong.ts', import.meta.url));
  const lines = Object.keys(WRONG);
  const text = `import { where, zeros } from '../../src/index.ts';\n${lines.join('\n')}\n`;
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, version) =>
    name === file ? ts.createSourceFile(name, text, version) : getSourceFile(name, version);
  const program = ts.createProgram([file], options, host);
  const source = program.getSourceFile(file);
  const errors = new Map<string, string>();
  for (const { start = 0, messageText } of program.getSemanticDiagnostics(source)) {
    const line = text.slice(0, start).split('\n').length - 2;
    errors.set(lines[line] ?? '', ts.flattenDiagnosticMessageText(messageText, '\n'));
  }
  for (const [line, words] of Object.entries(WRONG)) {
    const said = errors.get(line) ?? 'nothing';
    assert.ok(said.includes(words), `${line}: ${said}`);
    assert.ok(said.length < 400, `${line}: ${said}`);
  }
});

test.run();
