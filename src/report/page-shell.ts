import { html, Markup } from './html.ts';
import type { RunStatus } from './run-folder.ts';

/** A picture drawn in both themes, as it is shown on a page. */
export interface PagePicture {
  readonly title: string;
  /** SVG text; without a dark one the light one is shown in both themes. */
  readonly light: string;
  readonly dark?: string | undefined;
}

const STYLE = `
:root { color-scheme: light dark; --text: light-dark(#1b1f24, #eef1f4); --muted: light-dark(#4d5560, #b3bac3);
  --line: light-dark(#d8dce1, #333941); --paper: light-dark(#ffffff, #15181d); --tint: light-dark(#f1f4f7, #1f242b);
  --link: light-dark(#0060a0, #6ec6f5); --right: light-dark(#00705f, #4cc9b4); --wrong: light-dark(#c02c0d, #ff8a66); }
:root[data-theme=light] { color-scheme: light; }
:root[data-theme=dark] { color-scheme: dark; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px 32px 64px; background: var(--paper); color: var(--text);
  font: 15px/1.5 system-ui, Helvetica, Arial, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: baseline; }
h1 { font-size: 24px; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 32px 0 8px; }
header button { margin-left: auto; }
button { font: inherit; color: inherit; cursor: pointer; background: var(--tint); border: 1px solid var(--line); border-radius: 6px; padding: 2px 10px; }
a { color: var(--link); }
.muted { color: var(--muted); }
.status { border: 1px solid currentColor; border-radius: 99px; padding: 0 10px; font-size: 13px; white-space: nowrap; }
.status.finished { color: var(--right); }
.status.diverged { color: var(--wrong); }
.problems { margin: 16px 0; border-left: 4px solid var(--wrong); background: var(--tint); padding: 8px 16px; overflow-wrap: anywhere; }
.scores { display: flex; flex-wrap: wrap; gap: 12px; padding: 0; margin: 20px 0; list-style: none; }
.scores li { background: var(--tint); border-radius: 8px; padding: 8px 16px; }
.scores b { display: block; font-size: 22px; font-weight: 600; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 12px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; white-space: nowrap; }
th { font-weight: 600; }
.number { text-align: right; white-space: nowrap; }
.best { font-weight: 700; color: var(--right); }
.setting { overflow-wrap: anywhere; white-space: normal; }
th button { padding: 0; border: 0; background: none; font-weight: 600; }
th[aria-sort=ascending] button::after { content: ' ▲'; }
th[aria-sort=descending] button::after { content: ' ▼'; }
.pictures { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; }
.pictures img { max-width: 100%; height: auto; border: 1px solid var(--line); border-radius: 8px; }
img.dark { display: none; }
@media (prefers-color-scheme: dark) {
  :root:not([data-theme=light]) img.light { display: none; }
  :root:not([data-theme=light]) img.dark { display: inline; }
}
:root[data-theme=dark] img.light { display: none; }
:root[data-theme=dark] img.dark { display: inline; }
`;

/** Light or dark by the button; without a script by what the system prefers. */
const TOGGLE = `
document.querySelector('header button').onclick = () => {
  const root = document.documentElement;
  const now = root.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  root.dataset.theme = now === 'dark' ? 'light' : 'dark';
};
`;

/**
 * A whole page that needs nothing from outside, and by its content security policy gets nothing.
 *
 * @param script ours, run as it stands
 */
export function page(heading: string, beside: Markup, body: Markup, script = ''): string {
  const policy =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${heading}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header><h1>${heading}</h1>${beside}<button type="button">light / dark</button></header>
${body}
<script>${new Markup(TOGGLE + script)}</script>
</body>
</html>
`.text;
}

export function statusBadge(status: RunStatus | undefined): Markup {
  const name = status ?? 'unknown';
  return html`<span class="status ${name}">${name}</span>`;
}

/**
 * Pictures side by side, as images rather than as part of the page: what a file brought along
 * cannot act on the page, and names inside pictures cannot clash.
 */
export function gallery(pictures: readonly PagePicture[]): Markup {
  const image = (title: string, svg: string, theme: string) =>
    html`<img class="${theme}" alt="${title}" src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}">`;
  const both = pictures.map(({ title, light, dark }) =>
    dark === undefined
      ? image(title, light, '')
      : html`${image(title, light, 'light')}${image(title, dark, 'dark')}`,
  );
  return html`<div class="pictures">${both}</div>`;
}

/** A section with its heading, or nothing where it would be empty. */
export function section(heading: string, content: Markup | undefined): Markup | undefined {
  return content && html`<section><h2>${heading}</h2>${content}</section>`;
}

/** A table; the first column names the row, the others are numbers. */
export function numberTable(head: readonly string[], rows: readonly (readonly string[])[]): Markup {
  return html`<div class="wide"><table>
<thead><tr>${head.map((name, at) => html`<th scope="col" class="${at ? 'number' : ''}">${name}</th>`)}</tr></thead>
<tbody>
${rows.map(([name = '', ...cells]) => html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td class="number">${cell}</td>`)}</tr>\n`)}</tbody>
</table></div>`;
}
