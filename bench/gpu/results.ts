// The results of a stage: one line of JSON each, written as soon as it is there. What a line of an
// earlier run on the same GPU tells is not measured again.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../../src/cause.ts';

export type Data = Readonly<Record<string, unknown>>;

interface Line extends Data {
  readonly key: string;
  readonly gpu: string;
  readonly dry?: boolean;
  readonly failed?: string;
}

export class Results {
  readonly gpu: string;
  readonly dry: boolean;
  private readonly file: string;
  private readonly ends: number;
  private readonly known = new Set<string>();

  /** `gpu` is the name of the hardware; a dry run's results stand for nothing, and say so. */
  constructor(file: string, gpu: string, dry: boolean, seconds: number) {
    this.file = file;
    this.gpu = gpu;
    this.dry = dry;
    this.ends = performance.now() + seconds * 1e3;
    for (const { key } of this.done) this.known.add(key);
  }

  /** What has been measured on this GPU, by this run and those before. */
  get done(): Line[] {
    return readLines(this.file).filter(
      ({ gpu, dry = false, failed }) =>
        gpu === this.gpu && dry === this.dry && failed === undefined,
    );
  }

  /** Seconds until the stage should end. */
  get left(): number {
    return (this.ends - performance.now()) / 1e3;
  }

  write(key: string, data: Data): void {
    const line: Line = { key, ...data, gpu: this.gpu, ...(this.dry ? { dry: true } : {}) };
    mkdirSync(dirname(this.file), { recursive: true });
    appendFileSync(this.file, `${JSON.stringify(line)}\n`);
    process.stdout.write(`  ${key.padEnd(44)} ${shown(data)}\n`);
  }

  /** Does a piece of a stage unless it has been done or there is no time; its failure ends it alone. */
  async piece(key: string, work: () => Promise<Data> | Data): Promise<void> {
    if (this.known.has(key)) return;
    if (this.left < 0) {
      this.write(key, { failed: 'no time left' });
      return;
    }
    try {
      this.write(key, await work());
    } catch (error) {
      this.write(key, { failed: messageOf(error).slice(0, 600) });
    }
  }
}

/** Those of a file that are whole; the last may have been cut off. */
export function readLines(file: string): Line[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text) => {
      try {
        return [JSON.parse(text)];
      } catch {
        return [];
      }
    });
}

/** What fits on a line. */
function shown(data: Data): string {
  return Object.entries(data)
    .filter(([, value]) => typeof value !== 'object')
    .map(([name, value]) => {
      const short = typeof value === 'number' ? Number(value.toPrecision(4)) : value;
      return `${name} ${String(short).slice(0, 120)}`;
    })
    .join('  ');
}
