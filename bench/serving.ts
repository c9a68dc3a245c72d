// What batching does for the server of examples/serve.ts: requests a second and how long one waits, by so
// many clients that each ask again when they are answered. Clients are in this process, and take their
// share of the machine's cores.
//   node --import tsx bench/serving.ts [SECONDS]
import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const seconds = Number(process.argv[2] ?? 3);
const weights = join(tmpdir(), `wgrad-serving-${process.pid}.safetensors`);
const pixels = Array.from({ length: 784 }, (_, i) => Math.round(Math.sin(i) ** 2 * 1000) / 1000);
const body = JSON.stringify({ pixels });

console.log('clients  batching  requests/s  median ms  95 % below  images a pass');
for (const clients of [1, 8, 32]) {
  for (const batching of [
    ['--batch', '1'],
    ['--wait', '0'],
    ['--wait', '2'],
  ]) {
    await measure(clients, batching);
  }
}
await rm(weights);

async function measure(clients: number, batching: readonly string[]): Promise<void> {
  const { child, url } = await started(batching);
  const agent = new Agent({ keepAlive: true });
  const times: number[] = [];
  const loop = async (until: number): Promise<void> => {
    while (performance.now() < until) {
      const start = performance.now();
      await ask(agent, `${url}predict`);
      times.push(performance.now() - start);
    }
  };
  const run = (length: number) => {
    const until = performance.now() + 1000 * length;
    return Promise.all(Array.from({ length: clients }, () => loop(until)));
  };
  await run(0.5);
  times.length = 0;
  const before = await health(url);
  await run(seconds);
  const after = await health(url);
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(share * times.length)]!.toFixed(2).padStart(10);
  const each = (after.requests - before.requests) / (after.passes - before.passes);
  const rate = (times.length / seconds).toFixed(0).padStart(10);
  const columns = [String(clients).padStart(7), batching.join(' ').slice(2).padStart(8), rate];
  console.log([...columns, at(0.5), at(0.95), each.toFixed(1).padStart(13)].join('  '));
  agent.destroy();
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  await ended;
}

function started(batching: readonly string[]): Promise<{ child: ChildProcess; url: string }> {
  const loaders = ['--import', 'tsx', '--import', './scripts/wgsl-loader.mjs'];
  const args = ['examples/serve.ts', '--port', '0', '--weights', weights, ...batching];
  const child = spawn(process.execPath, [...loaders, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (said: string) => {
      const [url] = /http:\S+/.exec(said) ?? [];
      if (url !== undefined) resolve({ child, url });
    });
  });
}

function ask(agent: Agent, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, method: 'POST' }, (response) => {
      response.resume().on('end', resolve);
    });
    asked.on('error', reject).end(body);
  });
}

async function health(url: string): Promise<{ requests: number; passes: number }> {
  return (await (await fetch(`${url}health`)).json()) as { requests: number; passes: number };
}
