// Examples of pages as programs for browsers: an example's program has those before it on its page, too.
import { build, type Plugin } from 'esbuild';

const MARK = 'exampleBegins();';

/** wgrad is a global there, so that pages work from files, which may not import modules. */
const globals: Plugin = {
  name: 'globals',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^wgrad$/ }, ({ path }) => ({ path, namespace: 'global' }));
    onLoad({ filter: /.*/, namespace: 'global' }, () => ({
      contents: 'module.exports = globalThis.wgrad',
    }));
  },
};

/** What a page has not: files, and data sets of sites that let no other site read them. */
const NOT_IN_PAGES =
  /\bprocess\.|from 'node:|from 'wgrad\/|\b(saveWeights|loadMnist|loadFashionMnist|loadCifar10)\(|\btrace: '/;

/** The programs of a page's examples that print something and need nothing but `wgrad`, by the example's number. */
export async function programsOf(markdown: string): Promise<Record<number, string>> {
  const examples = [...markdown.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = '']) => code);
  const programs: Record<number, string> = {};
  for (const [at, example] of examples.entries()) {
    if (!example.includes('console.log(')) continue;
    // Where examples are no one program together, one with imports of its own may be one by itself.
    const together = await bundled([...examples.slice(0, at), MARK, example]);
    const alone = !together && standsAlone(example, examples.slice(0, at));
    const program = together ?? (alone && (await bundled([MARK, example])));
    if (program) programs[at] = program;
  }
  return programs;
}

/** Whether an example has imports of its own, and no use for what examples before it have named. */
function standsAlone(example: string, before: readonly string[]): boolean {
  const own = new Set(namesIn(example));
  const others = before.flatMap(namesIn).filter((name) => !own.has(name));
  return /^import /m.test(example) && !others.some((name) => RegExp(`\\b${name}\\b`).test(example));
}

/** What an example imports and declares. */
function namesIn(example: string): string[] {
  const imports = [...example.matchAll(/^import \{([^}]*)\}/gm)].flatMap(([, names = '']) =>
    [...names.matchAll(/(\w+)\s*(?:,|$)/g)].map(([, name = '']) => name),
  );
  const declared = [...example.matchAll(/^(?:const|let|function|class) (\w+)/gm)];
  return [...imports, ...declared.map(([, name = '']) => name)];
}

/** Undefined for what is no program, names things twice, or imports what a browser has not. */
async function bundled(parts: readonly string[]): Promise<string | undefined> {
  if (parts.some((part) => NOT_IN_PAGES.test(part))) return undefined;
  const imports = new Set<string>();
  const bodies = parts.map((part) =>
    part.replace(/^import [^;]*;\n/gm, (line) => {
      imports.add(line);
      return '';
    }),
  );
  const result = await build({
    stdin: { contents: [...imports, ...bodies].join('\n'), loader: 'ts' },
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
    plugins: [globals],
  }).catch(() => undefined);
  return result?.outputFiles[0]?.text;
}
