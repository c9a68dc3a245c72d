export type { ReadOptions } from '../keras/read-model.ts';
export type { WriteOptions } from './export/write-model.ts';
export { decode, encode, load, type ReadFile, save } from './files.ts';
