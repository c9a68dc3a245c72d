/** Kinds of GPUs that choices are tried for, by the number of their lanes. */
export const lanesOf = { h100: 67_584, m2: 4_000, xe: 6_000, unknown: 16_000 };
export type Gpu = keyof typeof lanesOf;
export const gpus = Object.keys(lanesOf) as Gpu[];
