import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** How a command ended and what it said, to either stream. */
export interface EndedCommand {
  readonly code: number | null;
  readonly killedBy: NodeJS.Signals | null;
  readonly said: string;
}

/** A script of `examples/` as a process of its own, as `npm run` starts it. */
export class ExampleProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<EndedCommand>;
  private said = '';
  private heard: () => void = () => {};

  constructor(script: string, args: readonly string[]) {
    const loaders = ['--import', 'tsx', '--import', './scripts/wgsl-loader.mjs'];
    this.child = spawn(process.execPath, [...loaders, `examples/${script}`, ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.said += text;
        this.heard();
      });
    }
    this.ended = new Promise((resolve) => {
      this.child.on('close', (code, killedBy) => {
        this.heard();
        resolve({ code, killedBy, said: this.said });
      });
    });
  }

  /** Resolves when it has said this, or has ended. */
  async says(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.said) && this.child.exitCode === null) {
      await new Promise<void>((resolve) => {
        this.heard = resolve;
      });
    }
  }
}
