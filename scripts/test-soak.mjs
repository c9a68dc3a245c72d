// Long runs that no ordinary test could wait for: training steps, shapes, memory, damaged files and
// kills, each program of test/soak in a process of its own. Results are kept as JSON, one file a
// program, as soon as they are there.
import './closed-pipe.mjs';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { argumentsAt, soakPrograms } from './soak/programs.mjs';
import { markdownTable, textTable } from './soak/table.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const loader = new URL('wgsl-loader.mjs', import.meta.url).href;
const DOCUMENT = 'docs/reliability.md';
const MARKS = ['<!-- soak: by npm run test:soak -- --write -->', '<!-- /soak -->'];
/** How often a program that says nothing is said to be running still. */
const SILENCE_MS = 60_000;

const command = new Command('npm run test:soak --')
  .description('Run for long what tests run for a moment, and say what came of it.')
  .argument('[names...]', 'only programs whose names begin so, such as "fuzz" or "memory/results"')
  .addOption(
    new Option('--device <kind>', 'where to compute').choices(['wasm', 'webgpu']).default('wasm'),
  )
  .option(
    '--scale <part>',
    'run this part of the full size; memory is always run whole',
    scaleOf,
    1,
  )
  .option('--results <folder>', 'where results are kept', join(root, 'runs/soak'))
  .option('--only-missing', 'leave out what has passed at this scale and lies in the folder')
  .option('--write', `write the table of all results in the folder into ${DOCUMENT}`)
  .addHelpText('after', '\nExample:\n  npm run test:soak -- shapes fuzz --device wasm --scale 0.01')
  .parse();
const names = command.args;
const { device, scale, results: folder, onlyMissing, write } = command.opts();

const all = soakPrograms(root);
const programs = all.filter(
  ({ name }) => names.length === 0 || names.some((part) => name.startsWith(part)),
);
if (programs.length === 0) {
  command.error(
    `No program is called ${names.join(' or ')}; there are ${all.map(({ name }) => name).join(', ')}.`,
  );
}

let running;
let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    stopped = true;
    running?.kill(signal);
  });
}

const found = [];
for (const [i, program] of programs.entries()) {
  const known = onlyMissing && resultOf(program);
  if (known?.passed && known.scale === scale) {
    found.push(known);
    continue;
  }
  console.error(`[${i + 1}/${programs.length}] ${program.name}`);
  const result = await run(program);
  if (stopped) break;
  keep(fileOf(program), `${JSON.stringify(result, undefined, 2)}\n`);
  found.push(result);
}
if (found.length > 0) console.log(textTable(found));
if (stopped) console.log('Stopped; what had ended is kept, and --only-missing goes on from there.');
if (write && !stopped) writeTable();
const failed = found.filter(({ passed }) => !passed).length;
console.log(`${found.length - failed} passed, ${failed} failed`);
process.exit(stopped ? 130 : failed > 0 ? 1 : 0);

/** Runs a program to its end; its last line of output is what it found, as JSON. */
function run(program) {
  const { name, part, file, computes } = program;
  const args = ['--import', 'tsx', '--import', loader, file, ...argumentsAt(scale, program)];
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, WGRAD_DEVICE: computes ? device : 'wasm' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running = child;
  // Whoever works on this machine comes first.
  setPriority(child.pid, 10);
  const seconds = () => (performance.now() - started) / 1000;
  let [stdout, stderr] = ['', ''];
  const still = () => console.error(`  ${name}: running for ${Math.round(seconds())} s`);
  let silence = setInterval(still, SILENCE_MS);
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    process.stderr.write(chunk);
    stderr = (stderr + chunk).slice(-2000);
    clearInterval(silence);
    silence = setInterval(still, SILENCE_MS);
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearInterval(silence);
      const line = lastLine(stdout);
      const problem = line
        ? undefined
        : `ended with ${signal ?? `code ${code}`} and no result: ${lastError(stderr)}`;
      resolve({
        program: name,
        part,
        device: computes ? device : undefined,
        scale,
        passed: code === 0 && line !== undefined,
        seconds: seconds(),
        ended: new Date().toISOString(),
        problem,
        line,
      });
    });
  });
}

function lastLine(stdout) {
  try {
    const line = JSON.parse(stdout.trimEnd().split('\n').at(-1));
    return typeof line === 'object' && line !== null ? line : undefined;
  } catch {
    return undefined;
  }
}

/** Of what a program said as it died, the line that has the error. */
function lastError(stderr) {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => /Error\b/.test(line)) ?? lines.at(-1) ?? '';
}

function fileOf({ name, computes }, kind = device) {
  return join(folder, computes ? kind : 'any-device', `${name.replace('/', '-')}.json`);
}

function resultOf(program, kind = device) {
  try {
    return JSON.parse(readFileSync(fileOf(program, kind), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Puts the results that lie in the folder between the marks of the document. */
function writeTable() {
  const kept = all.flatMap((program) =>
    (program.computes ? ['wasm', 'webgpu'] : [device])
      .map((kind) => resultOf(program, kind))
      .filter((result) => result !== undefined),
  );
  const file = join(root, DOCUMENT);
  const text = readFileSync(file, 'utf8');
  const [begin, end] = MARKS.map((mark) => text.indexOf(mark));
  if (begin < 0 || end < begin) {
    throw new Error(`${DOCUMENT} has no "${MARKS[0]}" with "${MARKS[1]}" behind it.`);
  }
  const before = text.slice(0, begin + MARKS[0].length);
  keep(file, `${before}\n\n${markdownTable(kept)}\n\n${text.slice(end)}`);
}

/** Writes a file whole or not at all. */
function keep(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}.part`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, file);
}

function scaleOf(text) {
  const value = Number(text);
  if (value > 0 && value <= 1) return value;
  throw new InvalidArgumentError('It must be above 0 and at most 1.');
}
