// A plugin of TypeDoc: pages of docs/ are called by their headings, in the groups below, before the reference.
import { basename } from 'node:path';
import { DefaultTheme, RendererEvent } from 'typedoc';

/** Every page of docs/, by the name of its file. */
const GROUPS = {
  Guide: ['first-tensor', 'gradients', 'model', 'kernel', 'examples', 'playground'],
  'Models and training': [
    ...['training', 'loops', 'optimizers', 'metrics', 'functional-models', 'custom-layers'],
    ...['sequences', 'transfer', 'keras'],
  ],
  'Data, files, serving': ['data', 'checkpoints', 'interchange', 'serving', 'reports', 'mnist'],
  'Ops and devices': ['ops', 'special-values', 'accuracy', 'devices', 'profiling'],
  'Beyond one machine': ['distributed'],
  Results: ['results', 'performance', 'reliability'],
  Inside: ['architecture', 'compiler', 'CONTRIBUTING', 'CHANGELOG'],
};

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.renderer.defineTheme('wgrad', Theme);
  // Their addresses are settled by then, and stay those of the files.
  app.renderer.on(RendererEvent.BEGIN, ({ project }) => {
    for (const page of project.documents ?? []) {
      const text = page.content.map((part) => part.text).join('');
      page.fileName = basename(page.name);
      page.name = /^# (.+)$/m.exec(text)?.[1].replaceAll('`', '') ?? page.name;
    }
    // The front page has the project's name as its title already.
    const beginning = project.readme?.[0];
    if (beginning) beginning.text = beginning.text.replace(/^# .+\n/, '');
    for (const entry of project.children ?? []) {
      entry.name = entry.name === 'index' ? 'wgrad' : `wgrad/${entry.name}`;
    }
  });
}

class Theme extends DefaultTheme {
  buildNavigation(project) {
    const pages = new Map((project.documents ?? []).map((page) => [page.fileName, page]));
    const groups = Object.entries(GROUPS).map(([text, names]) => ({
      text,
      children: names.flatMap((name) => {
        const page = pages.get(name);
        pages.delete(name);
        return page ? [{ text: page.name, path: this.router.getFullUrl(page) }] : [];
      }),
    }));
    if (pages.size > 0) {
      throw new Error(`scripts/docs/theme.mjs: no group has ${[...pages.keys()].join(', ')}.`);
    }
    const reference = super
      .buildNavigation(project)
      .filter(({ path }) => path && !path.startsWith('documents/'))
      .map(apart);
    return [...groups.filter(({ children }) => children.length > 0), ...reference];
  }
}

/** An entry that opens and closes, with its page as the first below it: no link lies within a button. */
function apart({ path, children, ...entry }) {
  if (!children) return { path, ...entry };
  return { ...entry, children: [{ text: 'Overview', path }, ...children.map(apart)] };
}
