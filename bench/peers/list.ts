// The peers by name. Each is imported only when asked for, so that one which is missing or fails
// to start is reported and the others still run.
import type { Peer, StartPeer } from './peer.ts';

/** The peer that the ratio column is relative to. */
export const reference = 'wgrad';

const modules: ReadonlyMap<string, string> = new Map([
  [reference, './wgrad.ts'],
  ['tfjs-webgpu', './tfjs-webgpu.ts'],
]);

export const peerNames: readonly string[] = [...modules.keys()];

export interface Absent {
  readonly name: string;
  readonly reason: string;
}

export async function startPeers(
  names: readonly string[],
): Promise<{ readonly started: readonly Peer[]; readonly absent: readonly Absent[] }> {
  const started: Peer[] = [];
  const absent: Absent[] = [];
  for (const name of names) {
    const path = modules.get(name);
    try {
      if (path === undefined) throw new Error(`no such peer; known: ${peerNames.join(', ')}`);
      const module: { start: StartPeer } = await import(new URL(path, import.meta.url).href);
      started.push(await module.start());
    } catch (error) {
      absent.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { started, absent };
}
