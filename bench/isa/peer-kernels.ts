// Other libraries' kernels for a piece of work, each library in a process of its own.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { answerOf } from '../peers/remote.ts';
import type { LaunchedKernel } from './kernels.ts';
import type { IsaWork } from './works.ts';

export class WatchedPeer {
  private readonly library: string;
  private readonly env: NodeJS.ProcessEnv;
  private child: ChildProcess | undefined;

  /** `env` chooses the driver that Dawn validates shaders for. */
  constructor(library: string, env: NodeJS.ProcessEnv) {
    this.library = library;
    this.env = env;
  }

  /** A process that a work has ended is replaced: others may still go well. */
  async kernels({ name }: IsaWork): Promise<LaunchedKernel[]> {
    if (this.child === undefined || this.child.exitCode !== null || this.child.killed) {
      this.child = fork(
        fileURLToPath(new URL('./peer-child.ts', import.meta.url)),
        [this.library],
        {
          execArgv: process.execArgv,
          env: this.env,
          stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        },
      );
      await answerOf(this.child);
    }
    const answered = answerOf(this.child);
    this.child.send(name);
    return (await answered) as LaunchedKernel[];
  }

  /** Ends the process; there is nothing in it to save. */
  stop(): void {
    this.child?.kill('SIGKILL');
  }
}
