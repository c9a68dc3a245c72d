// Lets Node import a .wgsl file as a string, so that sources, tests and examples run without a
// build. The published bundle has the same text inlined by esbuild's text loader. And lets programs
// that run so end as others do where nobody reads on (`| head -1`), without a stack trace.
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { constants } from 'node:os';
import { isMainThread } from 'node:worker_threads';

if (new URL(import.meta.url).searchParams.get('role') !== 'hooks') {
  register(`${import.meta.url}?role=hooks`);
  if (isMainThread) for (const stream of [process.stdout, process.stderr]) endWithReader(stream);
}

/** What a program does that listens itself is its own affair. */
function endWithReader(stream) {
  stream.on('error', (error) => {
    if (stream.listenerCount('error') > 1) return;
    if (error.code !== 'EPIPE') throw error;
    process.exit(128 + constants.signals.SIGPIPE);
  });
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
