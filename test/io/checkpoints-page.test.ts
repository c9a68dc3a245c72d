// The scripts of docs/checkpoints.md, as they stand there, run one after the other in a folder.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as io from '../../src/io/index.ts';
import { withFolder } from '../data/tiny-images.ts';
import { readPage, runScript } from '../page.ts';

const test = suite('docs/checkpoints.md');

/** A state dict of the convolution and the batch norm of the page, in PyTorch's layout. */
function theirs(): Map<string, io.HostTensor> {
  const f32 = (shape: number[]): io.HostTensor => {
    const size = shape.reduce((a, b) => a * b, 1);
    return { shape, dtype: 'f32', data: new Float32Array(size).fill(0.5) };
  };
  return new Map([
    ['conv1.weight', f32([8, 3, 3, 3])],
    ...['weight', 'bias', 'running_mean', 'running_var'].map(
      (name) => [`bn1.${name}`, f32([8])] as [string, io.HostTensor],
    ),
  ]);
}

test('its scripts run and leave and print what it says', async () => {
  const { examples } = await readPage('checkpoints.md');
  await withFolder(async (folder) => {
    await io.writeSafetensors(join(folder, 'theirs.safetensors'), theirs());
    const printed: string[] = [];
    for (const code of examples) printed.push(await runScript(code, folder));
    assert.is(printed.length, 3);
    assert.match(printed[0]!, /^3 layers\.0\.weight layers\.0\.bias layers\.1\.weight/);
    assert.match(printed[0]!, 'layers.1.running_mean');
    const [events] = await readdir(join(folder, 'runs', 'first'));
    assert.match(events!, /^events\.out\.tfevents\./);
  });
});

test.run();
