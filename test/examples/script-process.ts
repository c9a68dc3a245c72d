import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** How a command ended and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both of them. */
  readonly said: string;
}

/** A script of the repository as a process of its own, as `npm run` starts it. */
export class ScriptProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  private readonly output = { stdout: '', stderr: '', said: '' };
  private heard: () => void = () => {};

  constructor(
    script: string,
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
  ) {
    const loaders = ['--import', 'tsx', '--import', './scripts/wgsl-loader.mjs'];
    const child = spawn(process.execPath, [...loaders, script, ...args], {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        this.output[stream] += text;
        this.output.said += text;
        this.heard();
      });
    }
    this.ended = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        this.heard();
        resolve({ code, signal, ...this.output });
      });
    });
  }

  /** Resolves when it has said this, to either stream, or has ended. */
  async says(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.output.said) && this.child.exitCode === null) {
      await new Promise<void>((resolve) => {
        this.heard = resolve;
      });
    }
  }
}
