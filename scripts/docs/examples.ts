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

/** The programs of a page's examples that print something and need nothing but `wgrad`, by the example's number. */
export async function programsOf(markdown: string): Promise<Record<number, string>> {
  const examples = [...markdown.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = '']) => code);
  const programs: Record<number, string> = {};
  for (const [at, example] of examples.entries()) {
    if (!example.includes('console.log(')) continue;
    // Where examples are no one program together, one with imports of its own may be one by itself.
    const together = await bundled([...examples.slice(0, at), MARK, example]);
    const program = together ?? (/^import /m.test(example) && (await bundled([MARK, example])));
    if (program) programs[at] = program;
  }
  return programs;
}

/** Undefined for what is no program, names things twice, or imports what a browser has not. */
async function bundled(parts: readonly string[]): Promise<string | undefined> {
  if (parts.some((part) => /\bprocess\.|from 'node:|from 'wgrad\//.test(part))) return undefined;
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
