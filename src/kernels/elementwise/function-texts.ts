import { OnDemand } from '../on-demand.ts';

/** The texts of the WGSL functions that elementwise ops call. */
export const functionTexts = new OnDemand(() => import('./functions.ts'));

/** What a record calls such a function. */
export type FunctionName = keyof typeof import('./functions.ts').functions;
