// Serves the example on this machine:  npm run browser [-- PORT]
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { bundle } from './bundle.ts';

/** Without these a browser lets no page have threads on shared memory. */
const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

const files = await bundle('examples/browser/main.ts');
files.set('', await readFile(new URL('index.html', import.meta.url), 'utf8'));

const server = createServer((request, response) => {
  const name = (request.url ?? '').replace(/^\/|\?.*$/g, '');
  const text = files.get(name);
  const type = name === '' ? 'text/html' : 'text/javascript';
  if (text === undefined) response.writeHead(404).end();
  else
    response.writeHead(200, { ...ISOLATION, 'Content-Type': `${type}; charset=utf-8` }).end(text);
});
server.listen(Number(process.argv[2] ?? 8000), 'localhost', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : address;
  console.log(`http://localhost:${port}/ (Ctrl-C ends)`);
});
