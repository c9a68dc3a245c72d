// Builds the site of docs/, the reference and the playground into a folder:  npm run docs [-- FOLDER]
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundlePlayground } from '../../examples/browser/bundle.ts';
import { programsOf } from './examples.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const out = process.argv[2] ?? join(root, 'dist-docs');

const typedoc = [join(root, 'node_modules/typedoc/bin/typedoc'), '--out', out];
const { status } = spawnSync(process.execPath, typedoc, { cwd: root, stdio: 'inherit' });
if (status !== 0) process.exit(1);

await mkdir(join(out, 'playground'), { recursive: true });
for (const [name, text] of await bundlePlayground()) {
  await writeFile(join(out, 'playground', name), text);
}

// What the examples on pages run with. A script and no module: pages opened from files may load those alone.
await build({
  absWorkingDir: root,
  entryPoints: ['src/index.ts'],
  outfile: join(out, 'assets/wgrad.js'),
  bundle: true,
  minify: true,
  format: 'iife',
  globalName: 'wgrad',
  platform: 'browser',
  target: 'es2022',
  loader: { '.wgsl': 'text' },
  external: ['webgpu', 'node:*'],
  ignoreAnnotations: true,
});

const examples: Record<string, Record<number, string>> = {};
const pages = await readdir(join(root, 'docs'), { recursive: true });
for (const page of pages.filter((name) => name.endsWith('.md'))) {
  const programs = await programsOf(await readFile(join(root, 'docs', page), 'utf8'));
  if (Object.keys(programs).length === 0) continue;
  examples[`docs_${page.replace(/\.md$/, '').replaceAll('/', '_')}`] = programs;
}
await writeFile(
  join(out, 'assets/examples.js'),
  `globalThis.examples = ${JSON.stringify(examples)};\n`,
);
