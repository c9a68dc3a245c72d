// `npm run bench`: times every case on every peer, in one process, taking turns, and prints how
// they compare. Progress goes to stderr, the table to stdout.
import { createRequire } from 'node:module';
import { InvalidArgumentError, Option, program } from 'commander';
import { disagreement } from './agreement.ts';
import { type Case, cases } from './cases.ts';
import { parameterCounts } from './models.ts';
import { peerNames, reference, startPeers } from './peers/list.ts';
import type { Peer, Prepared } from './peers/peer.ts';
import { describeShaderCache, formatTable, type Report, type Result, writeJson } from './report.ts';
import { sampleRound } from './sampling.ts';

interface Options {
  readonly only: RegExp;
  readonly peers: readonly string[];
  readonly rounds: number;
  readonly time: number;
  readonly json?: string;
}

/** One case prepared on one peer, and what it has yielded so far. */
interface Entrant {
  readonly peer: Peer;
  readonly prepared: Prepared;
  readonly firstMs: number;
  readonly firstLoss: number | undefined;
  readonly samplesMs: number[];
}

const options = program
  .name('npm run bench --')
  .description('Time wgrad against other libraries on the same WebGPU adapter.')
  .addOption(
    new Option('--only <regex>', 'only the cases whose name matches')
      .argParser(pattern)
      .default(/(?:)/, 'all'),
  )
  .option('--peers <names>', 'comma-separated peers', (text) => text.split(','), [...peerNames])
  .option('--rounds <n>', 'turns that each peer gets on a case', positive, 5)
  .option('--time <seconds>', 'length of a turn; at least one iteration is run', positive, 0.5)
  .option('--json <file>', 'also write the results, with every sample, to this file')
  .addHelpText('after', `\nCases:\n${cases.map(({ name }) => `  ${name}`).join('\n')}`)
  .parse()
  .opts<Options>();

await main();

async function main(): Promise<void> {
  const chosen = cases.filter(({ name }) => options.only.test(name));
  if (chosen.length === 0) program.error(`no case matches ${options.only}; --help lists them`);
  const { started: peers, absent } = await startPeers(options.peers);
  for (const { name, reason } of absent) say(`${name} did not start: ${reason}`);
  if (peers.length === 0) program.error('no peer started, so there is nothing to time');

  const results: Result[] = [];
  for (const [at, item] of chosen.entries()) {
    say(`[${at + 1}/${chosen.length}] ${item.name}`);
    // Each peer is the first as often as any other, so that none always meets a cold processor.
    results.push(...inOrder(await timeCase(item, rotate(peers, at)), peers));
  }

  const report: Report = {
    started: new Date().toISOString(),
    node: process.versions.node,
    dawn: createRequire(import.meta.url)('webgpu/package.json').version,
    shaderCache: describeShaderCache(process.env),
    rounds: options.rounds,
    seconds: options.time,
    reference,
    peers: peers.map(({ name, version, adapter }) => ({ name, version, adapter })),
    absent,
    results,
  };
  process.stdout.write(`${formatTable(report, chosen)}\n`);
  if (options.json !== undefined) await writeJson(options.json, report);
  for (const peer of peers) await peer.dispose();
  if (absent.length > 0) process.exitCode = 1;
}

async function timeCase(item: Case, peers: readonly Peer[]): Promise<Result[]> {
  const results: Result[] = [];
  const entrants: Entrant[] = [];
  const refuse = (peer: Peer, error: unknown): void => {
    const cannot = error instanceof Error ? error.message : String(error);
    say(`  ${peer.name}: cannot: ${cannot}`);
    results.push({ case: item.name, peer: peer.name, cannot });
  };

  for (const peer of peers) {
    try {
      entrants.push(await enter(item, peer));
    } catch (error) {
      refuse(peer, error);
    }
  }
  const differing = disagreement(
    entrants.flatMap(({ peer: { name: peer }, firstLoss: loss }) =>
      loss === undefined ? [] : [{ peer, loss }],
    ),
  );
  if (differing !== undefined) {
    process.exitCode = 1;
    for (const { peer, prepared } of entrants.splice(0)) {
      prepared.dispose();
      refuse(peer, differing);
    }
  }
  for (let round = 0; round < options.rounds; round += 1) {
    for (const entrant of rotate(entrants, round)) {
      try {
        entrant.samplesMs.push(...(await sampleRound(entrant.prepared, options.time)));
      } catch (error) {
        entrants.splice(entrants.indexOf(entrant), 1);
        entrant.prepared.dispose();
        refuse(entrant.peer, error);
      }
    }
  }
  for (const { peer, prepared, firstMs, firstLoss, samplesMs } of entrants) {
    prepared.dispose();
    const { name, flops } = item;
    results.push({
      case: name,
      peer: peer.name,
      ...(flops === undefined ? {} : { flops }),
      firstMs,
      ...(firstLoss === undefined ? {} : { firstLoss }),
      samplesMs,
    });
  }
  return results;
}

/** Prepares a case on a peer and runs it once: the run in which shaders are compiled. */
async function enter(item: Case, peer: Peer): Promise<Entrant> {
  const prepared = await peer.prepare(item);
  try {
    if (item.work.kind === 'trainStep') {
      const expected = parameterCounts[item.work.model];
      if (prepared.parameters !== expected) {
        throw new Error(`its model has ${prepared.parameters} parameters, not ${expected}`);
      }
    }
    const start = performance.now();
    const firstLoss = await prepared.run();
    return { peer, prepared, firstMs: performance.now() - start, firstLoss, samplesMs: [] };
  } catch (error) {
    prepared.dispose();
    throw error;
  }
}

function rotate<T>(items: readonly T[], by: number): T[] {
  const shift = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(shift), ...items.slice(0, shift)];
}

function inOrder(results: readonly Result[], peers: readonly Peer[]): Result[] {
  return peers.flatMap(({ name }) => results.filter(({ peer }) => peer === name));
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch (error) {
    throw new InvalidArgumentError(String(error));
  }
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('must be a number above 0');
  return value;
}
