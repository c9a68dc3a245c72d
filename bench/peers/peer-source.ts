// Which peers a run compares: libraries by name, and other commits of wgrad.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { isReference } from './list.ts';

/** What a process needs to know to become a peer. */
export interface PeerSource {
  /** In tables. */
  readonly name: string;
  /** One of `peerNames`. */
  readonly library: string;
  /** The checkout that wgrad is taken from, where it is another than this one. */
  readonly checkout?: string;
}

/** Another checkout of wgrad, named by its folder and commit. */
export interface Checkout {
  readonly name: string;
  readonly path: string;
}

/** The libraries, and behind each wgrad the other checkout's on the same device. */
export function peerSources(libraries: readonly string[], other?: Checkout): PeerSource[] {
  return libraries.flatMap((library) => {
    const source = { name: library, library };
    if (other === undefined || !isReference(library)) return [source];
    const name = library.replace(/^wgrad/, other.name);
    return [source, { name, library, checkout: other.path }];
  });
}

/** What `--against` means. @throws Error where no wgrad is in the folder */
export function checkoutIn(folder: string): Checkout {
  if (!existsSync(join(folder, 'src', 'index.ts'))) {
    throw new Error(`${folder} is no checkout of wgrad: it has no src/index.ts`);
  }
  const args = ['-C', folder, 'describe', '--always', '--dirty', '--exclude', '*'];
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8' });
  const commit = status === 0 ? stdout.trim() : 'no-commit';
  const path = resolve(folder);
  return { name: `${basename(path)}@${commit}`, path };
}
