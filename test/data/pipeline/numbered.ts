import type * as data from '../../../src/data/index.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';

/** Examples that say their own numbers, and what was asked of them. */
export class Numbered implements data.Source {
  readonly count: number;
  readonly asked: number[][] = [];
  readonly contexts: data.BatchContext[] = [];

  constructor(count: number) {
    this.count = count;
  }

  async get(indices: Int32Array, context: data.BatchContext): Promise<data.Batch> {
    this.asked.push([...indices]);
    this.contexts.push(context);
    return {
      inputs: tensor(Float32Array.from(indices), [indices.length, 1]),
      targets: tensor(Int32Array.from(indices), [indices.length]),
      count: indices.length,
    };
  }
}

/** The numbers of the examples of each batch. */
export async function numbersOf(batches: AsyncIterable<data.Batch>): Promise<number[][]> {
  const numbers: number[][] = [];
  for await (const { inputs, targets, count } of batches) {
    const found = [...((await targets.data()) as Int32Array)];
    if (String([...(await inputs.data())]) !== String(found) || found.length !== count) {
      throw new Error(`inputs, targets and count do not belong together: ${found}`);
    }
    numbers.push(found);
  }
  return numbers;
}

/** The numbers 0 … count − 1. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
