// Builds the published package into dist/: ES modules with the shaders inlined as text, and the
// type declarations beside them.
import { execFileSync } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
await rm(dist, { recursive: true, force: true });

await build({
  absWorkingDir: root,
  entryPoints: ['src/index.ts', 'src/node.ts'],
  outdir: 'dist',
  // The compiler of the CPU device is a file of its own, loaded only where it is needed.
  splitting: true,
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  loader: { '.wgsl': 'text' },
  external: ['webgpu', 'node:*', ...Object.keys(manifest.peerDependencies)],
  sourcemap: true,
  // package.json tells users' bundlers that the one file we publish has no side effects. Our own
  // sources may well have some (a file that registers an op), and must not lose them here.
  ignoreAnnotations: true,
  logLevel: 'warning',
});

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });

// Sources name each other with `.ts`, and tsc leaves that in declarations. `.js` is what every
// module resolution mode of every TypeScript maps to the `.d.ts` next to it.
for (const name of await readdir(dist, { recursive: true })) {
  if (!name.endsWith('.d.ts')) continue;
  const file = join(dist, name);
  let text = await readFile(file, 'utf8');
  text = text.replace(
    /(['"])(\.{1,2}\/[^'"\n]*?)(?<!\.d)\.ts\1/g,
    (_, quote, path) => `${quote}${path}.js${quote}`,
  );
  // Arrays are generic from TypeScript 5.7 on, and 5.4 reads our declarations too.
  text = text.replace(/\b(\w+Array)<ArrayBuffer(?:Like)?>/g, '$1');
  // `using` needs Symbol.dispose, which most users' `lib` does not name yet.
  if (name === 'index.d.ts' || name === 'node.d.ts')
    text = `/// <reference lib="esnext.disposable" />\n${text}`;
  await writeFile(file, text);
}
