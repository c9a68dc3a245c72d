import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A file for readers that want one: each input takes the place of the one before. */
export class ScratchFile {
  readonly folder = mkdtempSync(join(tmpdir(), 'wgrad-fuzz-'));
  readonly path: string;

  constructor(...path: string[]) {
    this.path = join(this.folder, ...path);
    mkdirSync(dirname(this.path), { recursive: true });
    process.on('exit', () => rmSync(this.folder, { recursive: true, force: true }));
  }

  write(bytes: Uint8Array): void {
    writeFileSync(this.path, bytes);
  }
}
