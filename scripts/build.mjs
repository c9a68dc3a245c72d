// Builds the published package into dist/, three times. For bundlers a module for each source file, of
// which they keep what a program uses, and none of which knows Node; the type declarations lie beside
// them. For Node few files, since loading hundreds takes a while. For pages without a bundler one file.
// Shaders are text in all, without comments.
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
await rm(dist, { recursive: true, force: true });

const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  // package.json tells users' bundlers which files have effects beside their exports. Ours have to
  // keep all: one file of many sources is either used or not.
  ignoreAnnotations: true,
  metafile: true,
  logLevel: 'warning',
};
const packages = Object.keys(manifest.peerDependencies);

/** A shader without comments and indentation; lines stay lines, which name places in errors. */
async function shaderText(path) {
  const text = await readFile(path, 'utf8');
  return text
    .replace(/[ \t]*\/\/.*/g, '')
    .replace(/^[ \t]+/gm, '')
    .replace(/\n{2,}/g, '\n');
}

const shadersAsText = {
  name: 'shaders as text',
  setup({ onLoad }) {
    onLoad({ filter: /\.wgsl$/ }, async ({ path }) => ({
      contents: await shaderText(path),
      loader: 'text',
    }));
  },
};

/** Where loading another file takes longer than having it, what is loaded on demand is there at once. */
const nothingOnDemand = {
  name: 'nothing on demand',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const imports = [];
      const contents = text.replace(/new OnDemand\(\(\) => import\(('.+?')\)\)/g, (_, module) => {
        const name = `onDemand${imports.length}`;
        imports.push(`import * as ${name} from ${module};`);
        return `new OnDemand(async () => ${name})`;
      });
      return imports.length === 0
        ? undefined
        : { contents: `${imports.join(' ')}${contents}`, loader: 'ts' };
    });
  },
};

const { metafile } = await build({
  ...common,
  entryPoints: ['src/index.ts', 'src/node.ts', 'src/distributed.ts'],
  outdir: 'dist/bundle',
  sourcemap: true,
  // The compiler of the CPU device is a file of its own, loaded only where it is needed.
  splitting: true,
  external: [...packages, 'node:*'],
  plugins: [shadersAsText, nothingOnDemand],
});

/** What browsers have not is what says so. */
const withoutNode = {
  name: 'without Node',
  setup({ onResolve }) {
    onResolve({ filter: /^(node:.*|webgpu)$/ }, () => ({
      path: join(root, 'src/files/node-only.ts'),
    }));
  },
};

await build({
  ...common,
  entryPoints: ['src/index.ts'],
  outfile: 'dist/wgrad.js',
  platform: 'browser',
  minify: true,
  plugins: [shadersAsText, withoutNode],
});

/** Leaves imports as they are, but for the names of files, and what browsers have not. */
const sourcesAsModules = {
  name: 'sources as modules',
  setup({ onResolve }) {
    onResolve({ filter: /^\..*\.(ts|wgsl)$/ }, ({ path, kind }) => {
      if (kind === 'entry-point') return undefined;
      return { path: path.replace(/\.ts$/, '.js').replace(/\.wgsl$/, '.wgsl.js'), external: true };
    });
    onResolve({ filter: /^(node:.*|webgpu)$/ }, ({ resolveDir }) => {
      const path = relative(resolveDir, join(root, 'src/files/node-only.js'));
      return { path: path.startsWith('.') ? path : `./${path}`, external: true };
    });
  },
};

/** The sources that these files import, themselves among them, by and by. */
function reached(files, all = new Set()) {
  for (const file of files) {
    if (all.has(file)) continue;
    all.add(file);
    const imports = metafile.inputs[file].imports.filter(({ external }) => !external);
    reached(
      imports.map(({ path }) => path),
      all,
    );
  }
  return [...all];
}

const entries = (await readdir(join(root, 'src/entries'))).map((name) => basename(name, '.ts'));
const sources = [
  ...reached(['src/index.ts']),
  ...entries.map((name) => `src/entries/${name}.ts`),
  'src/files/node-only.ts',
];
await build({
  ...common,
  entryPoints: sources.filter((path) => path.endsWith('.ts')),
  outdir: 'dist',
  outbase: 'src',
  external: packages,
  plugins: [sourcesAsModules],
});
for (const path of sources.filter((source) => source.endsWith('.wgsl'))) {
  const file = join(dist, `${relative('src', path)}.js`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `export default ${JSON.stringify(await shaderText(join(root, path)))};\n`);
}

// In Node a namespace of its own is the same as that of the whole.
const library = await import(pathToFileURL(join(dist, 'bundle/index.js')).href);
await mkdir(join(dist, 'bundle/entries'));
for (const name of entries) {
  const namespace = name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
  const names = Object.keys(library[namespace]).join(', ');
  const text = `import { ${namespace} } from '../index.js';\nexport const { ${names} } = ${namespace};\n`;
  await writeFile(join(dist, 'bundle/entries', `${name}.js`), text);
}

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
  if (/^(index|node|entries\/[\w-]+)\.d\.ts$/.test(name))
    text = `/// <reference lib="esnext.disposable" />\n${text}`;
  await writeFile(file, text);
}
