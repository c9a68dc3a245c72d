// What the bench and a peer's process say to each other: one request, then its reply.

/** What a peer says of itself, its first message. */
export interface Description {
  readonly version: string;
  readonly adapter: string;
}

/** The first iteration of a case. */
export interface Entered {
  readonly firstMs: number;
  readonly firstLoss?: number;
}

export type Request =
  /** Prepare a case, run it once, and again until so long after the start of that. */
  | { readonly kind: 'enter'; readonly case: string; readonly warmUpSeconds: number }
  /** Time the prepared case for one round. */
  | { readonly kind: 'sample'; readonly seconds: number }
  /** Free the prepared case. */
  | { readonly kind: 'leave' };

export type Reply = { readonly value: unknown } | { readonly error: string };
