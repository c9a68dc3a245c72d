import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bundle } from '../../examples/browser/bundle.ts';

/** Which headers a page is served with, by the first part of its path. */
const PAGES: Readonly<Record<string, Record<string, string>>> = {
  isolated: isolatedAnd({}),
  plain: {},
  'without-workers': isolatedAnd({ 'Content-Security-Policy': "worker-src 'none'" }),
};

function isolatedAnd(headers: Record<string, string>): Record<string, string> {
  return {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    ...headers,
  };
}

export interface Server {
  /** The address of a page with the script page.ts. */
  url(page: keyof typeof PAGES): string;
  close(): void;
}

/** Serves the library and the tests' script, bundled as a user would, on this machine alone. */
export async function serve(): Promise<Server> {
  const files = await bundle('test/browser/page.ts');
  const server = createServer((request, response) => {
    const [, page = '', file = ''] = (request.url as string).split('/');
    const headers = PAGES[page];
    const text = file === '' ? '<script type="module" src="page.js"></script>' : files.get(file);
    if (!headers || text === undefined) {
      response.writeHead(404).end();
      return;
    }
    const type = file === '' ? 'text/html' : 'text/javascript';
    response.writeHead(200, { ...headers, 'Content-Type': `${type}; charset=utf-8` }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (page) => `http://127.0.0.1:${port}/${page}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
