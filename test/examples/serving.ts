import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { data } from '../../src/index.ts';
import { withFolder } from '../data/tiny-images.ts';
import { ScriptProcess } from './script-process.ts';

const { train: digits } = data.syntheticDigits({ train: 24, test: 0, seed: 2 });

interface Answer {
  readonly digit: number;
  readonly probabilities: number[];
}

/** Asks for the digit of an image. */
async function ask(url: string, i: number): Promise<Answer> {
  const pixels = Array.from(digits.images.subarray(784 * i, 784 * (i + 1)), (byte) => byte / 255);
  const response = await fetch(`${url}predict`, {
    method: 'POST',
    body: JSON.stringify({ pixels }),
  });
  assert.is(response.status, 200);
  assert.is(response.headers.get('content-type'), 'application/json');
  return (await response.json()) as Answer;
}

async function health(url: string): Promise<Record<string, number>> {
  const { status, ...counts } = await (await fetch(`${url}health`)).json();
  assert.is(status, 'ok');
  return counts;
}

async function refusal(url: string, status: number, body?: string): Promise<string> {
  const response = await fetch(url, body === undefined ? {} : { method: 'POST', body });
  assert.is(response.status, status);
  return ((await response.json()) as { error: string }).error;
}

/** Runs the server until `work` has ended it by a signal; what it said then. */
async function served(
  args: readonly string[],
  signal: NodeJS.Signals,
  work: (url: string, end: () => void) => Promise<void>,
): Promise<string> {
  const server = new ScriptProcess('examples/serve.ts', ['--port', '0', ...args]);
  try {
    let said = '';
    server.child.stdout?.on('data', (text: string) => {
      said += text;
    });
    await server.says(/Ctrl-C ends/);
    const [url = ''] = /http:\S+/.exec(said) ?? [];
    const end = () => server.child.kill(signal);
    await work(url, end);
    const ended = await server.ended;
    assert.is(ended.code, 0, ended.said);
    return ended.stdout;
  } finally {
    server.child.kill('SIGKILL');
  }
}

/** Answers in batches, refuses what is wrong, and ends when what has begun is finished. */
export async function serves(): Promise<void> {
  await withFolder(async (folder) => {
    const weights = join(folder, 'digits.safetensors');
    const few = ['--weights', weights, '--batch', '8', '--wait', '500'];
    const together: Answer[] = [];
    const said = await served(few, 'SIGTERM', async (url, end) => {
      together.push(...(await Promise.all(Array.from({ length: 24 }, (_, i) => ask(url, i)))));
      const { requests, passes } = await health(url);
      assert.is(requests, 24);
      assert.ok(passes! >= 3 && passes! < 12, `${passes} passes`);
      assert.match(await refusal(`${url}predict`, 400, 'pixels'), 'The body is no JSON');
      for (const body of ['null', '[]', '{"pixels": [1, 2]}']) {
        assert.match(await refusal(`${url}predict`, 400, body), 'an array of 784 numbers');
      }
      for (const wrong of [null, '0.5', -0.1, 1.5]) {
        const pixels = Array<unknown>(784).fill(0).with(7, wrong);
        const error = await refusal(`${url}predict`, 400, JSON.stringify({ pixels }));
        assert.is(error, 'Pixel 7 has to be a number from 0 to 1.');
      }
      assert.match(await refusal(`${url}predict`, 413, ' '.repeat(70_000)), 'More than 65536');
      assert.match(await refusal(url, 404), 'POST /predict');
      assert.is((await health(url)).requests, 24, 'what is refused is not computed');
      end();
    });
    assert.match(said, /answered 24 requests in \d+ forward passes/);
    const right = together.filter(({ digit }, i) => digit === digits.labels[i]).length;
    assert.ok(right > 18, `${right} of 24 right`);

    // Loaded, one image at a time: the same. It is ended while one waits, which is answered.
    const alone = ['--weights', weights, '--wait', '1000'];
    await served(alone, 'SIGINT', async (url, end) => {
      const answer = ask(url, 5);
      while ((await health(url)).waiting === 0);
      end();
      for (const [i, share] of (await answer).probabilities.entries()) {
        assert.ok(Math.abs(share - together[5]!.probabilities[i]!) < 1e-5);
      }
    });
  });
}
