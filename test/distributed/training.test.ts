// Several ranks train as one does, and end together.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launchers, ranks } from './mpirun.ts';

const test = suite('distributed/training');

interface Trained {
  readonly rank: number;
  readonly losses: readonly number[];
  readonly weights: readonly number[];
  readonly hash: string;
  readonly ending: { readonly kind: string; readonly reason?: string };
  /** The loss scale, and good steps in a row. */
  readonly scale: readonly number[];
  readonly epochs: readonly Readonly<Record<string, number>>[];
}

interface ByHand extends Pick<Trained, 'rank' | 'losses'> {
  /** What an evaluation has come to that rank 1 interrupts. */
  readonly interruption: unknown;
}

async function trained(
  size: number,
  options: object,
  launcher = launchers[0],
): Promise<readonly Trained[]> {
  const { results, code, stderr } = await ranks(size, 'training', [JSON.stringify(options)], {
    launcher,
  });
  assert.is(code, 0, stderr);
  assert.is(results.length, size);
  return results;
}

async function withFile(work: (file: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'distributed-'));
  try {
    await work(join(folder, 'training.safetensors'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function requireClose(found: readonly number[], wanted: readonly number[], what: string): void {
  assert.is(found.length, wanted.length, what);
  const off = Math.max(...found.map((value, i) => Math.abs(value - (wanted[i] ?? 0))));
  assert.ok(off <= 1e-5, `${what}: off by ${off}`);
}

/** Every rank has the losses, metrics and weights of one alone. */
async function requireAsOne(
  sizes: readonly number[],
  options: object,
  launcher = launchers[0],
): Promise<void> {
  const [one] = (await trained(1, options, launcher)) as readonly [Trained];
  for (const size of sizes) {
    const all = await trained(size, options, launcher);
    assert.is(new Set(all.map(({ hash }) => hash)).size, 1, 'all ranks have the same weights');
    for (const { losses, weights, epochs } of all) {
      requireClose(losses, one.losses, `losses of ${size}`);
      requireClose(weights, one.weights, `weights of ${size}`);
      epochs.forEach((logs, i) => {
        requireClose(Object.values(logs), Object.values(one.epochs[i] ?? {}), `epoch ${i + 1}`);
      });
    }
  }
}

if (launchers.length > 0) {
  test('100 steps with momentum, dropout and weight penalties are those of one rank', () =>
    requireAsOne([2], {}));

  test('100 steps of Adam with clipping, validation and ragged batches are those of one rank', () =>
    requireAsOne([2, 3], { optimizer: 'adam', clipNorm: 0.5, examples: 195, validate: true }));

  test('so are those of a model with several buckets of gradients', () =>
    requireAsOne([2, 3], { optimizer: 'adam', wide: true, smooth: true, epochs: 3 }));

  test('so are masked, augmented and uncompiled ones, and batches with less examples than ranks', () =>
    requireAsOne([2, 4], { mask: true, augment: true, compile: false, epochs: 2, examples: 62 }));

  test('gradients accumulated by hand are those of one rank', async () => {
    const [one] = (await ranks(1, 'by-hand')).results as readonly ByHand[];
    assert.is(typeof Object(one?.interruption).loss, 'number', 'evaluated as one rank');
    const { results, stderr } = await ranks(2, 'by-hand');
    assert.is(results.length, 2, stderr);
    for (const { rank, losses, interruption } of results as readonly ByHand[]) {
      requireClose(losses, one?.losses ?? [], 'weights');
      // The signal of rank 1 ends the evaluation of both.
      assert.match(
        `${interruption}`,
        rank === 1 ? /^RangeError: enough/ : /^DistributedError: .* interrupted/,
      );
    }
  });

  test('running statistics are the same on all ranks, and runs of as many ranks have the same bits', async () => {
    const options = { batchNorm: true, epochs: 3, validate: true };
    const all = [...(await trained(3, options)), ...(await trained(3, options))];
    assert.is(new Set(all.map(({ hash }) => hash)).size, 1);
    assert.is(new Set(all.map(({ losses }) => JSON.stringify(losses))).size, 1);
  });

  test('in f16 all ranks skip the same steps, and come near the losses of f32', async () => {
    const [wide] = (await trained(1, { epochs: 4 })) as readonly [Trained];
    const all = await trained(2, { epochs: 4, precision: 'f16' });
    assert.is(new Set(all.map(({ hash, scale }) => `${hash} ${scale}`)).size, 1);
    const [{ scale, losses } = wide] = all;
    assert.ok((scale[0] ?? 0) < 2 ** 24, `no gradient overflowed: ${scale}`);
    const last = (values: readonly number[]) => values.slice(-10).reduce((sum, x) => sum + x) / 10;
    assert.ok(losses.every(Number.isFinite));
    assert.ok(Math.abs(last(losses) - last(wide.losses)) < 0.2, `${losses} and ${wide.losses}`);
  });

  test('validation is interrupted on all ranks where the signal of one is aborted', async () => {
    const fails = { rank: 1, step: 1, how: 'aborts validation' };
    for (const one of await trained(2, { epochs: 3, validate: true, fails })) {
      assert.equal(one.ending, { kind: 'interrupted' });
      assert.is(one.losses.length, 20);
      assert.is(one.epochs.length, 1, 'the second epoch is to be validated again');
    }
  });

  for (const option of ['model', 'data', 'batchSize']) {
    test(`ranks that differ in ${option} say so`, async () => {
      const odd = JSON.stringify({ odd: { rank: 1, option } });
      const { code, stderr } = await ranks(2, 'training', [odd]);
      assert.is.not(code, 0);
      assert.match(
        stderr,
        /DistributedError: The ranks disagree about .*: rank 0 has .*, rank 1 has /,
      );
    });
  }

  test('weights are those of rank 0 from the start', async () => {
    const [even] = await trained(2, { epochs: 1 });
    const [odd] = await trained(2, { epochs: 1, odd: { rank: 1, option: 'seed' } });
    assert.is(odd?.hash, even?.hash);
  });

  for (const how of ['throws', 'dies']) {
    test(`where a rank ${how}, all end, and other ranks go on from the checkpoint`, () =>
      withFile(async (checkpoint) => {
        const [whole] = (await trained(1, { epochs: 3, optimizer: 'adam' })) as readonly [Trained];
        const options = { epochs: 3, optimizer: 'adam', checkpoint };
        const fails = { rank: 1, step: 17, how };
        const cut = await ranks(2, 'training', [JSON.stringify({ ...options, fails })]);
        assert.is.not(cut.code, 0);
        assert.equal(cut.results, []);
        if (how === 'throws') {
          assert.match(
            cut.stderr,
            /Rank 1 of 2 has failed and ends all: RangeError: the picture is damaged/,
          );
        }
        const resumed = await ranks(3, 'training', [
          JSON.stringify({ ...options, progress: true }),
        ]);
        assert.match(
          resumed.stderr,
          /^Goes on as 3 ranks with 6.67 examples each of a batch of 20, after 2 ranks with 10 /m,
        );
        assert.is(resumed.results.length, 3, resumed.stderr);
        for (const { losses, weights } of resumed.results as readonly Trained[]) {
          requireClose(losses, whole.losses.slice(-losses.length), 'losses');
          requireClose(weights, whole.weights, 'weights');
          assert.ok([15, 20].includes(losses.length), `${losses.length} steps were left`);
        }
      }));
  }

  for (const [how, ending] of Object.entries({
    aborts: { kind: 'interrupted' },
    stops: { kind: 'stopped', reason: 'it is late' },
  })) {
    test(`where a rank ${how}, all end after the same step`, async () => {
      for (const one of await trained(2, { fails: { rank: 1, step: 7, how } })) {
        assert.is(one.losses.length, 7);
        assert.equal(one.ending, ending);
      }
    });
  }
}

for (const launcher of launchers.slice(1)) {
  test(`${launcher.name}: steps are those of one rank`, () =>
    requireAsOne([2], { optimizer: 'adam', epochs: 2, validate: true }, launcher));
}

test.run();
