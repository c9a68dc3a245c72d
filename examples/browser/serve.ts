// Serves the playground on this machine:  npm run browser [-- PORT]
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { bundlePlayground } from './bundle.ts';
import { dataFile } from './data-files.ts';

const HEADERS = {
  // Without these a browser lets no page have threads on shared memory.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

const files = await bundlePlayground();

const server = createServer(async (request, response) => {
  const path = (request.url ?? '').replace(/^\/|\?.*$/g, '') || 'index.html';
  try {
    const content = files.get(path) ?? (await dataFile(path));
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    if (content === undefined) response.writeHead(404, HEADERS).end();
    else response.writeHead(200, { ...HEADERS, 'Content-Type': type }).end(content);
  } catch (error) {
    response.writeHead(502, HEADERS).end(error instanceof Error ? error.message : String(error));
  }
});
server.listen(Number(process.argv[2] ?? 8000), 'localhost', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : address;
  console.log(`http://localhost:${port}/ (Ctrl-C ends)`);
});
