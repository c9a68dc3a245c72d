export { decode, load } from './files.ts';
export type { ReadOptions } from './read-model.ts';
