// The bench's end of a peer's process.
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Description, Entered, Reply, Request } from './messages.ts';
import type { PeerSource } from './peer-source.ts';

/** No answer for this long counts as "cannot"; compiling shaders on a CPU may take a minute. */
const PATIENCE_S = 300;

export class RemotePeer {
  readonly description: Description;
  private readonly source: PeerSource;
  private child: ChildProcess | undefined;

  private constructor(source: PeerSource, description: Description, child: ChildProcess) {
    this.source = source;
    this.description = description;
    this.child = child;
  }

  get name(): string {
    return this.source.name;
  }

  static async start(source: PeerSource): Promise<RemotePeer> {
    const { child, description } = await startChild(source);
    return new RemotePeer(source, description, child);
  }

  /** A process that a case has ended is replaced: the other cases may still go well. */
  async enter(name: string, warmUpSeconds: number): Promise<Entered> {
    this.child ??= (await startChild(this.source)).child;
    return (await this.ask({ kind: 'enter', case: name, warmUpSeconds })) as Entered;
  }

  async sample(seconds: number): Promise<number[]> {
    return (await this.ask({ kind: 'sample', seconds })) as number[];
  }

  async leave(): Promise<void> {
    if (this.child !== undefined) await this.ask({ kind: 'leave' });
  }

  /** Ends the process; there is nothing in it to save. */
  stop(): void {
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }

  private async ask(request: Request): Promise<unknown> {
    if (this.child === undefined) throw new Error('its process has ended');
    const answered = answerOf(this.child);
    this.child.send(request);
    try {
      return await answered;
    } finally {
      if (hasEnded(this.child)) this.child = undefined;
    }
  }
}

async function startChild({ library, checkout }: PeerSource) {
  const args = checkout === undefined ? [library] : [library, checkout];
  const child = fork(fileURLToPath(new URL('./child.ts', import.meta.url)), args, {
    execArgv: loaders(checkout),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    return { child, description: (await answerOf(child)) as Description };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** Those of this process; another checkout's shaders are loaded as it loads them. */
function loaders(checkout: string | undefined): string[] {
  if (checkout === undefined) return process.execArgv;
  const wgsl = pathToFileURL(join(checkout, 'scripts', 'wgsl-loader.mjs')).href;
  return ['--import', import.meta.resolve('tsx'), '--import', wgsl];
}

/** The next message of the process; its end and its silence are errors. */
export function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      settle(() => reject(new Error(`no answer within ${PATIENCE_S} s`)));
    }, PATIENCE_S * 1e3);
    const onMessage = (reply: Reply) =>
      settle(() => ('error' in reply ? reject(new Error(reply.error)) : resolve(reply.value)));
    const onExit = (code: number | null, signal: string | null) =>
      settle(() => reject(new Error(`its process ended (${signal ?? `exit code ${code}`})`)));
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      finish();
    };
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}

function hasEnded(child: ChildProcess): boolean {
  return child.killed || child.exitCode !== null || child.signalCode !== null;
}
