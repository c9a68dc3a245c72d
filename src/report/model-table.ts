import { html, type Markup } from './html.ts';
import { wideTable } from './page-shell.ts';

/** The text of `nn.summary` as a table with the totals below it; text of another form as it stands. */
export function modelTable(summary: string | undefined): Markup | undefined {
  if (summary === undefined) return undefined;
  const lines = summary.split('\n');
  const [head = '', rule = ''] = lines;
  const end = lines.lastIndexOf(rule);
  const shapes = head.indexOf('Output shape');
  const counts = head.indexOf('Param #') + 'Param #'.length;
  if (!/^─+$/.test(rule) || end <= 1 || shapes < 0) return html`<pre>${summary}</pre>`;
  const isGraph = head.length > counts;
  const rows = lines.slice(2, end).map((line) => {
    const name = line.slice(0, shapes).trimEnd();
    const [, shape = '', count = ''] =
      /^(.*?)(?: {2,}(\S+))?$/.exec(line.slice(shapes, counts).trimEnd()) ?? [];
    const depth = name.length - name.trimStart().length;
    const applied = html`<td class="words" data-heading="applied to">${line.slice(counts).trim()}</td>`;
    return html`<tr><th scope="row" style="padding-left: ${12 + 8 * depth}px">${name.trimStart()}</th>
<td class="words" data-heading="output shape">${shape}</td><td class="number" data-heading="parameters">${count}</td>${isGraph ? applied : undefined}</tr>\n`;
  });
  const names = ['layer', 'output shape', 'parameters', ...(isGraph ? ['applied to'] : [])];
  const parts = html`<thead class="plain"><tr>${names.map((name) => html`<th scope="col" class="${name === 'parameters' ? 'number' : ''}">${name}</th>`)}</tr></thead>
<tbody>
${rows}</tbody>`;
  const totals = lines
    .slice(end + 1)
    .map((line) => html`<div>${line.replace('params', 'parameters')}</div>`);
  return html`${wideTable('layer', parts, isGraph ? '' : ' few')}<div class="muted">${totals}</div>`;
}
