import type { Node } from '../node.ts';

/** What is no value of an attribute, and so cannot be taken for one. */
const [LEAF, LIST, RECORD, END] = [Symbol('leaf'), Symbol('list'), Symbol('record'), Symbol('end')];

/**
 * What plans are told apart by: graphs with equal words have one structure. Each step writes one, so
 * that it is made of the very names and numbers there are and not of text.
 */
export class PlanKey {
  private readonly words: unknown[] = [];
  private sum = 0;

  /** Keys of different hashes differ. */
  get hash(): number {
    return this.sum;
  }

  equals({ words }: PlanKey): boolean {
    if (words.length !== this.words.length) return false;
    for (let i = 0; i < words.length; i++) if (!Object.is(words[i], this.words[i])) return false;
    return true;
  }

  /** Adds what a node computes, and from which others, by their positions. */
  addNode({ leaf, op, attributes, dtype, shape, inputs }: Node): void {
    this.add(dtype);
    this.addNumbers(shape);
    if (leaf) {
      this.add(LEAF);
      this.add(leaf.kind);
      return;
    }
    this.add(op.name);
    this.addRecord(attributes);
    this.addPositions(inputs);
  }

  addPositions(nodes: readonly Node[]): void {
    this.add(nodes.length);
    for (const { position } of nodes) this.add(position);
  }

  add(word: unknown): void {
    this.words.push(word);
    if (typeof word === 'number') this.sum = Math.imul(this.sum ^ word, 0x01000193);
    else if (typeof word === 'string') this.sum = Math.imul(this.sum ^ word.length, 0x01000193);
  }

  private addNumbers(numbers: readonly number[]): void {
    this.add(numbers.length);
    for (const number of numbers) this.add(number);
  }

  /** Adds what is made of arrays and plain objects; other objects are told apart by identity. */
  addValue(value: unknown): void {
    if (Array.isArray(value)) {
      this.add(LIST);
      this.add(value.length);
      for (const one of value) this.addValue(one);
    } else if (isPlain(value)) {
      this.add(RECORD);
      this.addRecord(value);
    } else {
      this.add(value);
    }
  }

  private addRecord(record: Readonly<Record<string, unknown>>): void {
    for (const name in record) {
      this.add(name);
      this.addValue(record[name]);
    }
    this.add(END);
  }
}

export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
