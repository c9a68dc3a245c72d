import { escapeHtml } from './html.ts';

/**
 * ECharts' SVG made into a picture by itself: without what is for a page's mouse, with a title for
 * screen readers, and with ids that do not depend on how many pictures were drawn before. Within
 * text and attributes quotes arrive escaped, so a quoted attribute found here is markup.
 */
export function standaloneSvg(svg: string, title: string): string {
  const ids = new Map<string, string>();
  return svg
    .replace(/<style ?>.*?<\/style>\s*/s, '')
    .replace(/ (?:class|ecmeta_\w+|pointer-events)="[^"]*"/g, '')
    .replace(/\bzr\d+-([a-z]+)\d+\b(?=[")])/g, (id, kind: string) => {
      const own = ids.get(id) ?? `${kind}${ids.size}`;
      ids.set(id, own);
      return own;
    })
    .replaceAll('<image ', '<image style="image-rendering:pixelated" ')
    .replace(
      /^<svg ([^>]*)>/,
      (_, head) => `<svg role="img" ${head}>\n<title>${escapeHtml(title)}</title>`,
    )
    .trimEnd()
    .concat('\n');
}
