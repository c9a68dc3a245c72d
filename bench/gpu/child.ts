// One stage in a process of its own: `child.ts STAGE FOLDER SECONDS [--dry]`.
import { join } from 'node:path';
import { messageOf } from '../../src/cause.ts';
import { describe } from '../../src/device/webgpu/adapter.ts';
import { openHardware } from './hardware.ts';
import { Results } from './results.ts';
import type { Stage } from './stage.ts';

const [stage = '', folder = '.', seconds = '60', flag] = process.argv.slice(2);
const dry = flag === '--dry';
let code = 0;
try {
  const gpu = describe((await openHardware(dry)).info);
  const results = new Results(join(folder, `${stage}.jsonl`), gpu, dry, Number(seconds));
  const module: { run: Stage } = await import(
    new URL(`./stages/${stage}.ts`, import.meta.url).href
  );
  await module.run(results);
} catch (error) {
  process.stderr.write(`${stage}: ${messageOf(error)}\n`);
  code = 1;
}
// Dawn's instances keep Node alive, and drivers may fall over at their end.
process.exitCode = code;
setTimeout(() => process.exit(code), 20);
setTimeout(() => process.kill(process.pid, 'SIGKILL'), 2000);
