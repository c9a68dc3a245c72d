import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COMMAND = '--import tsx --import ./scripts/wgsl-loader.mjs examples/mnist/main.ts'.split(' ');

/** How a run of the example ended and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The example as a process of its own, as `npm run mnist` starts it. */
export class MnistProcess {
  readonly ended: Promise<Ended>;
  private readonly child: ChildProcess;
  private stdout = '';
  private stderr = '';
  private heard: () => void = () => {};

  constructor(args: readonly string[], environment: Record<string, string> = {}) {
    const child = spawn(process.execPath, [...COMMAND, ...args], {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.heard();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.heard();
    });
    this.ended = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        this.heard();
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  /** Resolves when the example has printed this, to either stream, or has ended. */
  async says(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.stdout + this.stderr) && this.child.exitCode === null) {
      await new Promise<void>((resolve) => {
        this.heard = resolve;
      });
    }
  }

  kill(signal: 'SIGINT' | 'SIGKILL'): void {
    this.child.kill(signal);
  }
}
