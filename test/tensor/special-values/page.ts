import { readFile, writeFile } from 'node:fs/promises';
import * as assert from 'uvu/assert';
import { ofAttention } from './attention.ts';
import { elementwise } from './elementwise.ts';
import { gradients } from './gradients.ts';
import { integers } from './integers.ts';
import { ofMatrices } from './linear-algebra.ts';
import { ofLosses } from './losses.ts';
import { ofOrder } from './order.ts';
import { others } from './others.ts';
import { ofSamples } from './samples.ts';
import { inWords, listed, type Row, type Section } from './section.ts';

export const sections: readonly Section[] = [
  ...elementwise,
  ...integers,
  ...others,
  ofAttention,
  ofMatrices,
  ...ofOrder,
  ofSamples,
  ...ofLosses,
  gradients,
];

const page = new URL('../../../docs/special-values.md', import.meta.url);

const HEAD = `# Special values

What each op gives for NaN, infinities, −0, and at the corners of whole numbers. The tables are those
that \`test/tensor/special-values\` expects, of references of its own, and every device is held to them,
where an expression is computed by itself, fused with others, and on constants. After a change of what
is expected, \`WGRAD_WRITE_DOCS=1 npm test -- special-values --device wasm\` writes this page.

- NaN is told by its bits, since WGSL lets a driver assume that there is none; its payload and sign are
  not kept.
- Numbers below the smallest normal f32, 2⁻¹²⁶, are kept on the CPU; a GPU may take them for 0, as
  operands and as results.
- −0 equals 0, so which of them \`relu\`, \`maximum\`, \`minimum\` and gradients give is open. All other zeros
  have the sign that is shown.
`;

/** The page that the tables make. */
export function written(): string {
  return [HEAD, ...sections.map(table)].join('\n');
}

function table({ title, text, columns, rows }: Section): string {
  const lines = [['', ...columns], columns.concat('').map(() => '---'), ...rows.map(cells)];
  const body = lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
  return [`## ${title}`, ...(text ? [text] : []), body].join('\n\n').concat('\n');
}

function cells({ op, label = op, expected }: Row): string[] {
  const shown = expected.map((cell) => {
    if (typeof cell === 'string') return `\`${cell}\``;
    return typeof cell === 'number' ? inWords(cell) : listed(cell);
  });
  return [label, ...shown];
}

/** Holds the page to the tables, or writes it where `WGRAD_WRITE_DOCS` says so. */
export async function assertPage(): Promise<void> {
  if (process.env.WGRAD_WRITE_DOCS) await writeFile(page, written());
  const text = await readFile(page, 'utf8');
  assert.ok(
    text === written(),
    'docs/special-values.md is not what the tables say. ' +
      'WGRAD_WRITE_DOCS=1 npm test -- special-values --device wasm writes it anew.',
  );
}
