// `npm run bench`: times every case on every peer and prints how they compare. Each peer has a
// process of its own, and they take turns, so that one works at a time under the same conditions.
// Progress goes to stderr, the table to stdout.

import { createRequire } from 'node:module';
import { InvalidArgumentError, Option, program } from 'commander';
import { messageOf } from '../src/cause.ts';
import { disagreement } from './agreement.ts';
import { type Case, cases } from './cases.ts';
import { pattern, say } from './command.ts';
import { describePeak, measurePeak } from './peak.ts';
import { defaultPeers } from './peers/default.ts';
import { isWasm, namesIn, peerNames } from './peers/list.ts';
import type { Entered } from './peers/messages.ts';
import { type Checkout, checkoutIn, type PeerSource, peerSources } from './peers/peer-source.ts';
import { RemotePeer } from './peers/remote.ts';
import {
  type Absent,
  describeShaderCache,
  formatTable,
  type Report,
  type Result,
  writeJson,
} from './report.ts';

interface Options {
  readonly only: RegExp;
  readonly peers?: readonly string[];
  readonly against?: Checkout;
  readonly rounds: number;
  readonly time: number;
  readonly json?: string;
}

/** One case prepared on one peer, and what it has yielded so far. */
interface Entrant extends Entered {
  readonly peer: RemotePeer;
  readonly samplesMs: number[];
}

const options = program
  .name('npm run bench --')
  .description('Time wgrad against other libraries on the same GPU or processor.')
  .addOption(
    new Option('--only <regex>', 'only the cases whose name matches')
      .argParser(pattern)
      .default(/(?:)/, 'all'),
  )
  .option('--peers <names>', 'comma-separated peers, or all (default: see below)', namesIn)
  .option('--against <folder>', 'another checkout of wgrad joins beside each wgrad peer', checkout)
  .option('--rounds <n>', 'turns that each peer gets on a case', positive, 5)
  .option('--time <seconds>', 'length of a turn, and of the warm-up', positive, 0.5)
  .option('--json <file>', 'also write the results, with every sample, to this file')
  .addHelpText('after', () => helpText())
  .parse()
  .opts<Options>();

await main();

async function main(): Promise<void> {
  const chosen = cases.filter(({ name }) => options.only.test(name));
  if (chosen.length === 0) program.error(`no case matches ${options.only}; --help lists them`);
  const names = options.peers ?? (await namesByDevice());
  // Before there are others to share the machine with.
  const peak = names.some(isWasm) ? await measurePeak() : undefined;
  if (peak !== undefined) say(describePeak(peak));
  const { peers, absent } = await startPeers(peerSources(names, options.against));
  if (peers.length === 0) program.error('no peer started, so there is nothing to time');

  const results: Result[] = [];
  for (const [at, item] of chosen.entries()) {
    say(`[${at + 1}/${chosen.length}] ${item.name}`);
    // Each peer is the first as often as any other, so that none always meets a cold processor.
    results.push(...inOrder(await timeCase(item, rotate(peers, at)), peers));
  }
  for (const peer of peers) peer.stop();

  const report: Report = {
    started: new Date().toISOString(),
    node: process.versions.node,
    dawn: dawnVersion(),
    shaderCache: describeShaderCache(process.env),
    rounds: options.rounds,
    seconds: options.time,
    ...(peak === undefined ? {} : { peak }),
    peers: peers.map(({ name, description }) => ({ name, ...description })),
    absent,
    results,
  };
  process.stdout.write(`${formatTable(report, chosen)}\n`);
  if (options.json !== undefined) await writeJson(options.json, report);
  if (absent.length > 0) process.exitCode = 1;
}

async function namesByDevice(): Promise<readonly string[]> {
  const { names, reason } = await defaultPeers();
  say(`${reason}: comparing ${names.join(', ')}`);
  return names;
}

async function startPeers(sources: readonly PeerSource[]) {
  const peers: RemotePeer[] = [];
  const absent: Absent[] = [];
  for (const source of sources) {
    try {
      peers.push(await RemotePeer.start(source));
    } catch (error) {
      const reason = messageOf(error);
      absent.push({ name: source.name, reason });
      say(`${source.name} did not start: ${reason}`);
    }
  }
  return { peers, absent };
}

async function timeCase(item: Case, peers: readonly RemotePeer[]): Promise<Result[]> {
  const results: Result[] = [];
  const entrants: Entrant[] = [];
  const refuse = (peer: RemotePeer, cannot: string): void => {
    say(`  ${peer.name}: cannot: ${cannot}`);
    results.push({ case: item.name, peer: peer.name, cannot });
  };

  for (const peer of peers) {
    try {
      const entered = await peer.enter(item.name, options.time);
      entrants.push({ peer, ...entered, samplesMs: [] });
    } catch (error) {
      refuse(peer, messageOf(error));
    }
  }
  const differing = disagreement(
    entrants.flatMap(({ peer: { name: peer }, firstLoss: loss }) =>
      loss === undefined ? [] : [{ peer, loss }],
    ),
  );
  if (differing !== undefined) {
    process.exitCode = 1;
    for (const { peer } of entrants.splice(0)) {
      await peer.leave();
      refuse(peer, differing);
    }
  }
  for (let round = 0; round < options.rounds; round += 1) {
    for (const entrant of rotate(entrants, round)) {
      try {
        entrant.samplesMs.push(...(await entrant.peer.sample(options.time)));
      } catch (error) {
        entrants.splice(entrants.indexOf(entrant), 1);
        await entrant.peer.leave();
        refuse(entrant.peer, messageOf(error));
      }
    }
  }
  for (const { peer, ...measured } of entrants) {
    await peer.leave();
    const { name, flops } = item;
    results.push({
      case: name,
      peer: peer.name,
      ...(flops === undefined ? {} : { flops }),
      ...measured,
    });
  }
  return results;
}

function helpText(): string {
  return `
Two commits beside each other, in turns:
  npm run bench -- --peers wgrad-wasm --against ../checkout-of-the-other

Peers:
${peerNames.map((name) => `  ${name}`).join('\n')}
Without --peers, those on the kind of device that wgrad chooses on this machine: the -webgpu peers
where there is a GPU, else the -wasm peers.

Cases:
${cases.map(({ name }) => `  ${name}`).join('\n')}`;
}

/** Of the package that peers in Node have WebGPU from; it is optional. */
function dawnVersion(): string {
  try {
    return createRequire(import.meta.url)('webgpu/package.json').version;
  } catch {
    return 'not installed';
  }
}

function rotate<T>(items: readonly T[], by: number): T[] {
  const shift = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(shift), ...items.slice(0, shift)];
}

function inOrder(results: readonly Result[], peers: readonly RemotePeer[]): Result[] {
  return peers.flatMap(({ name }) => results.filter(({ peer }) => peer === name));
}

function checkout(folder: string): Checkout {
  try {
    return checkoutIn(folder);
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('must be a number above 0');
  return value;
}
