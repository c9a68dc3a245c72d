// Every case of the bench is something that wgrad can run: a dry run of each.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cases } from '../../bench/cases.ts';
import { wgradKernels } from '../../bench/isa/wgrad-kernels.ts';
import { works } from '../../bench/isa/works.ts';

const test = suite('bench cases');

test('wgrad has kernels for each', async () => {
  for (const item of cases) {
    const kernels = await wgradKernels({ name: item.name, case: item });
    assert.ok(kernels.length > 0, item.name);
  }
});

test('each layout of a product is read as it lies, of f32 and of f16', async () => {
  const products = works.filter(({ name }) => name.startsWith('matMul 1024'));
  const sources = new Set<string>();
  for (const work of products) {
    const kernels = await wgradKernels(work);
    // A second kernel may add up what splits of the reduction left behind.
    const product = kernels.find(({ label }) => /^matmul_\d/.test(label));
    assert.ok(product, work.name);
    sources.add(product.source);
  }
  assert.is(products.length, 6);
  assert.is(sources.size, 6);
});

test.run();
