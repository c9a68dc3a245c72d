import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles scripts and the library's sources for browsers, style sheets too; the files' texts by name. */
export async function bundle(...scripts: readonly string[]): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [...scripts],
    entryNames: '[name]',
    outdir: 'bundle',
    write: false,
    bundle: true,
    // The compiler of the CPU device is a file of its own, loaded only where it is needed.
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    loader: { '.wgsl': 'text' },
    external: ['webgpu', 'node:*'],
    // Our own sources have side effects, though the published package has none.
    ignoreAnnotations: true,
  });
  return new Map(outputFiles.map(({ path, text }) => [path.replace(/^.*[\\/]/, ''), text]));
}

/** All files of the playground; the page itself is index.html. */
export async function bundlePlayground(): Promise<Map<string, string>> {
  const files = await bundle(
    'examples/browser/main.ts',
    'examples/browser/worker/worker.ts',
    'examples/browser/style.css',
  );
  return files.set('index.html', await readFile(new URL('index.html', import.meta.url), 'utf8'));
}
