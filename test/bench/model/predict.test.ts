// The model of a GPU: what a dispatch is bound by, and that more of it takes longer.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { h100 } from '../../../bench/model/gpu.ts';
import { type DispatchFacts, predict, residentWorkgroups } from '../../../bench/model/predict.ts';

const test = suite('bench model');

const MB = 1e6;
const kernel: DispatchFacts = {
  label: 'a kernel',
  workgroups: 10_000,
  workgroupSize: 256,
  registers: 32,
  workgroupBytes: 0,
  bytesRead: 60 * MB,
  bytesWritten: 30 * MB,
};
/** 4096³ in tiles of 128 × 128, 83 % of whose instructions are multiply-adds. */
const product: DispatchFacts = {
  ...kernel,
  workgroups: 1024,
  registers: 120,
  workgroupBytes: 16_896,
  bytesRead: 2 * 4 * 4096 ** 2,
  bytesWritten: 4 * 4096 ** 2,
  product: {
    flops: 2 * 4096 ** 3,
    steps: 256,
    instructions: (64 * 16) / 0.83,
    integers: 100,
    loadsAhead: true,
  },
};

test('a kernel that moves bytes takes as long as a copy of them', () => {
  const { microseconds, bound } = predict(kernel, h100);
  assert.is(bound, 'memory');
  assert.ok(Math.abs(microseconds - (h100.launchMicroseconds + 30)) < 0.01);
});

test('a kernel of a few numbers takes its launch', () => {
  const few = { ...kernel, workgroups: 1, bytesRead: 1024, bytesWritten: 1024 };
  const { microseconds, bound } = predict(few, h100);
  assert.is(bound, 'launch');
  assert.ok(microseconds >= h100.launchMicroseconds && microseconds < 3);
});

test('a long loop in few invocations waits for its loads', () => {
  const serial = { ...kernel, workgroups: 1, workgroupSize: 64, bytesRead: MB };
  assert.is(predict(serial, h100).bound, 'latency');
  assert.ok(predict(serial, h100).microseconds > 50);
});

test('a large product reaches the share of the peak that its instructions leave', () => {
  const { microseconds, bound } = predict(product, h100);
  assert.is(bound, 'arithmetic');
  const peak = h100.multiprocessors * h100.issued * 32 * 2 * h100.hertz;
  const share = (2 * 4096 ** 3) / (microseconds * 1e-6) / peak;
  assert.ok(share > 0.75 && share < 0.83, String(share));
});

test('integers hold a kernel up where they are more than their units do beside', () => {
  assert.ok(product.product);
  const integers = { ...product.product, integers: product.product.instructions };
  const ratio =
    predict({ ...product, product: integers }, h100).microseconds /
    predict(product, h100).microseconds;
  assert.ok(ratio > 1.9 && ratio < 2.1, String(ratio));
});

test('a product in few small workgroups is bound by latency, less so with loads ahead', () => {
  assert.ok(product.product);
  const few = { ...product, workgroups: 64, workgroupSize: 64 };
  const waiting = { ...few, product: { ...product.product, loadsAhead: false } };
  assert.is(predict(few, h100).bound, 'latency');
  assert.ok(predict(waiting, h100).microseconds > predict(few, h100).microseconds);
});

test('registers, workgroup memory and warps limit the workgroups that run at once', () => {
  assert.is(residentWorkgroups(product, h100), 2);
  assert.is(residentWorkgroups({ ...kernel, workgroupSize: 64 }, h100), 32);
  assert.is(residentWorkgroups({ ...kernel, workgroupBytes: 100 * 1024 }, h100), 2);
});

test.run();
