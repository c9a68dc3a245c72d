import type { Emit } from './emit.ts';

/** Of each data set that the server has. */
const PARTS = ['train-images', 'train-labels', 'test-images', 'test-labels'];

/**
 * The four files of a data set from the page's own server, which finds it on the machine or downloads it.
 * @throws Error with what the server says where it has none
 */
export async function download(name: string, emit: Emit, signal: AbortSignal): Promise<File[]> {
  const responses = await Promise.all(
    PARTS.map((part) => fetch(new URL(`data/${name}/${part}`, import.meta.url), { signal })),
  );
  const failed = responses.find(({ ok }) => !ok);
  if (failed) {
    const why = failed.status === 502 ? await failed.text() : 'This server has no such data set.';
    throw new Error(`${why} Files that you have can be dropped on the page.`);
  }
  const total = responses.reduce(
    (sum, { headers }) => sum + Number(headers.get('Content-Length')),
    0,
  );
  let received = 0;
  const onBytes = (count: number) => {
    received += count;
    emit('download', { received, total });
  };
  return Promise.all(
    responses.map(
      async (response, i) => new File(await piecesOf(response, onBytes), PARTS[i] ?? ''),
    ),
  );
}

async function piecesOf({ body }: Response, onBytes: (count: number) => void): Promise<BlobPart[]> {
  const pieces: BlobPart[] = [];
  const reader = body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done || !value) return pieces;
    pieces.push(value);
    onBytes(value.length);
  }
}
