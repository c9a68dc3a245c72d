import { html, Markup } from './html.ts';
import type { RunStatus } from './run-folder.ts';

/** A picture drawn in both themes, as it is shown on a page. */
export interface PagePicture extends Drawing {
  readonly title: string;
  /** The same for narrow pages. */
  readonly narrow?: Drawing | undefined;
}

interface Drawing {
  /** SVG text; without a dark one the light one is shown in both themes. */
  readonly light: string;
  readonly dark?: string | undefined;
}

/** Rows of a table as cards, each value below its heading, on pages too narrow for its columns. */
function stacked(width: number, table: string): string {
  return `@media (max-width: ${width}px) {
  ${table} table, ${table} tbody, ${table} thead { display: block; }
  ${table} thead tr { display: flex; flex-wrap: wrap; gap: 4px 8px; }
  ${table} thead th { border: 0; padding: 0; font-size: 13px; }
  ${table} thead.plain { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  ${table} tbody tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(96px, 1fr)); gap: 0 12px; padding: 8px 0; border-bottom: 1px solid var(--line); }
  ${table} tbody th { grid-column: 1 / -1; }
  ${table} tbody th, ${table} tbody td { display: block; border: 0; padding: 2px 0; text-align: left; white-space: normal; overflow-wrap: anywhere; }
  ${table} td::before { content: attr(data-heading); display: block; font-size: 12px; color: var(--muted); }
}`;
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
.status.diverged, .status.interrupted { color: var(--wrong); }
.status.interrupted::before { content: '⚠ '; }
.notes { margin: 16px 0; border-left: 4px solid var(--muted); background: var(--tint); padding: 8px 16px; }
.problems { margin: 16px 0; border-left: 4px solid var(--wrong); background: var(--tint); padding: 8px 16px; overflow-wrap: anywhere; }
.scores { display: flex; flex-wrap: wrap; gap: 12px; padding: 0; margin: 20px 0; list-style: none; }
.scores li { background: var(--tint); border-radius: 8px; padding: 8px 16px; }
.scores b { display: block; font-size: 22px; font-weight: 600; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 12px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; white-space: nowrap; }
th { font-weight: 600; }
th.number, .words { white-space: normal; }
.number { text-align: right; }
.best { font-weight: 700; color: var(--right); }
.setting { overflow-wrap: anywhere; white-space: normal; }
th button { padding: 0; border: 0; background: none; font-weight: 600; }
th[aria-sort=ascending] button::after { content: ' ▲'; }
th[aria-sort=descending] button::after { content: ' ▼'; }
.files { padding-left: 20px; overflow-wrap: anywhere; }
.pictures { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; }
/* Scaled to 85 %, texts of 13 pixels are of 11; what is wider than the page even so, and has no narrow drawing, is scrolled. */
.picture { flex: 1 1 calc(0.85 * var(--width)); max-width: min(100%, var(--width) + 2px); overflow-x: auto;
  border: 1px solid var(--line); border-radius: 8px; }
.picture img { display: block; width: 100%; min-width: calc(0.85 * var(--width)); height: auto; }
.picture img.dark { display: none; }
@media (prefers-color-scheme: dark) {
  :root:not([data-theme=light]) .picture img.light { display: none; }
  :root:not([data-theme=light]) .picture img.dark { display: block; }
}
:root[data-theme=dark] .picture img.light { display: none; }
:root[data-theme=dark] .picture img.dark { display: block; }
${stacked(600, '.wide:not(.few)')}
${stacked(1399, '.many')}
.many th, .many td { padding: 4px; font-size: 13px; }
.many .status { padding: 0 6px; }
.many tbody th { white-space: normal; min-width: 100px; }
@media (max-width: 600px) { body { padding: 16px 16px 48px; } th, td { padding: 4px 8px; }
  .few th, .few td { padding: 4px; font-size: 13px; } .few tbody th { white-space: normal; } .scores { gap: 8px; } .scores li { padding: 6px 12px; } }
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
  // What may have to be scrolled can be reached by keyboard.
  const frame = (title: string, { light, dark }: Drawing, kind = '') =>
    html`<div class="picture${kind}" style="--width: ${widthOf(light)}px" tabindex="0" role="group" aria-label="${title}">${image(title, light, dark === undefined ? '' : 'light')}${dark === undefined ? undefined : image(title, dark, 'dark')}</div>`;
  const frames = pictures.map((picture) => {
    if (!picture.narrow) return frame(picture.title, picture);
    const least = leastPageFor(picture);
    return html`${frame(picture.title, picture, ` from-${least}`)}${frame(picture.title, picture.narrow, ` below-${least}`)}`;
  });
  const widths = new Set(pictures.filter(({ narrow }) => narrow).map(leastPageFor));
  const choices = [...widths].map(
    (least) => `@media (width < ${least}px) { .from-${least} { display: none; } }
@media (width >= ${least}px) { .below-${least} { display: none; } }
`,
  );
  return html`<style>${new Markup(choices.join(''))}</style><div class="pictures">${frames}</div>`;
}

/** The narrowest page, in pixels, on which the wide drawing of a picture is not cut off. */
function leastPageFor({ light }: Drawing): number {
  const beside = 2 * 32 + 2; // the page's margins and the frame
  return Math.max(600, Math.ceil(0.85 * widthOf(light)) + beside);
}

/** In pixels, as an SVG says; of one that does not, the usual width. */
function widthOf(svg: string): number {
  return Number(/^[^>]*? width="(\d+)/.exec(svg.slice(svg.indexOf('<svg')))?.[1] ?? 640);
}

/** A section with its heading, or nothing where it would be empty. */
export function section(heading: string, content: Markup | undefined): Markup | undefined {
  return content && html`<section><h2>${heading}</h2>${content}</section>`;
}

/** A table; the first column names the row, the others are numbers. */
export function numberTable(head: readonly string[], rows: readonly (readonly string[])[]): Markup {
  const heading = (name: string, at: number) =>
    html`<th scope="col" class="${at ? 'number' : ''}">${name}</th>`;
  const row = ([name = '', ...cells]: readonly string[]) =>
    html`<tr><th scope="row">${name}</th>${cells.map((cell, at) => html`<td class="number" data-heading="${head[at + 1]}">${cell}</td>`)}</tr>\n`;
  return wideTable(
    head[0] ?? '',
    html`<thead class="plain"><tr>${head.map(heading)}</tr></thead>
<tbody>
${rows.map(row)}</tbody>`,
    head.length > 5 ? '' : ' few',
  );
}

/**
 * A table that is scrolled where the page is narrower, by keyboard too. Rows are cards on phones, unless there are
 * but few columns, and where there are many on small screens, too.
 */
export function wideTable(name: string, parts: Markup, kind: '' | ' few' | ' many' = ''): Markup {
  return html`<div class="wide${kind}" tabindex="0" role="group" aria-label="table by ${name}"><table>
${parts}
</table></div>`;
}
