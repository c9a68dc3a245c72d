// Lets Node import a .wgsl file as a string, so that sources, tests and examples run without a
// build. The published bundle has the same text inlined by esbuild's text loader. Programs that run so
// mind a closed pipe, too.
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';

if (new URL(import.meta.url).searchParams.get('role') !== 'hooks') {
  register(`${import.meta.url}?role=hooks`);
  await import('./closed-pipe.mjs');
}

export async function load(url, context, nextLoad) {
  if (!url.endsWith('.wgsl')) return nextLoad(url, context);
  const source = await readFile(new URL(url), 'utf8');
  return {
    format: 'module',
    source: `export default ${JSON.stringify(source)};`,
    shortCircuit: true,
  };
}
