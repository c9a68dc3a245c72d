// What a stage is given.
import type { Results } from './results.ts';

export type Stage = (results: Results) => Promise<void>;
