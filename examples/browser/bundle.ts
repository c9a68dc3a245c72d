import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles a script and the library's sources for browsers; the files' texts by name. */
export async function bundle(script: string): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [script],
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
