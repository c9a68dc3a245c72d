import type { Device } from '../../device/device.ts';
import { FileError } from '../../errors.ts';
import { Choices } from './choices.ts';
import { type Contest, fastest } from './fastest.ts';
import { choicesInCache, type SavedChoices } from './saved-choices.ts';

/** Measures which way is the fastest where nothing is known of a problem, and keeps what came out. */
export class Tuner {
  readonly choices = new Choices();
  private readonly device: Device;
  private readonly saved: Promise<SavedChoices | undefined>;
  private loaded: Promise<void> | undefined;

  /** @param saved where choices are kept; undefined: they last as long as this */
  constructor(device: Device, saved: Promise<SavedChoices | undefined>) {
    this.device = device;
    this.saved = saved;
  }

  /**
   * Measures problems that are not known yet. Where their choices cannot be kept, the guesses stay: each
   * process would else compute with others.
   */
  async measure(contests: ReadonlyMap<string, Contest>): Promise<void> {
    this.loaded ??= this.load();
    await this.loaded;
    const found = new Map<string, string>();
    for (const [problem, contest] of contests) {
      if (!this.choices.all.has(problem)) found.set(problem, await fastest(this.device, contest));
    }
    if (found.size === 0) return;
    // Another process may have measured meanwhile: what is in the file counts.
    await this.load();
    const isKept = await this.save(new Map([...found, ...this.choices.all]));
    this.choices.add(
      isKept ? found : [...contests].map(([problem, { ways }]) => [problem, guess(ways)]),
    );
  }

  private async load(): Promise<void> {
    const saved = await this.saved;
    if (saved) this.choices.add(await saved.load());
  }

  private async save(choices: ReadonlyMap<string, string>): Promise<boolean> {
    const saved = await this.saved;
    try {
      await saved?.save(choices);
      return true;
    } catch (error) {
      if (error instanceof FileError) return false;
      throw error;
    }
  }
}

/** A tuner for a device, whose choices are kept by such a name; in browsers it forgets with the page. */
export function tunerFor(tuning: string, device: Device): Tuner {
  const isNode = globalThis.process?.versions?.node !== undefined;
  return new Tuner(device, isNode ? choicesInCache(tuning) : Promise.resolve(undefined));
}

function guess(ways: Contest['ways']): string {
  return ways.keys().next().value as string;
}
