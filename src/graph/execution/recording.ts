import type { Cell } from '../cell.ts';
import type { Node, Scalars } from '../node.ts';
import type { Storage } from '../storage.ts';
import type { Capture } from './capture.ts';
import type { Plan } from './plan.ts';

/** Something whose numbers go on from run to run: a sequence of random numbers, an optimizer's steps. */
export interface Repeated {
  /** Whether another run would be the same work. */
  holds(): boolean;
  /** Goes on by one run: for scalars that were recorded, those of this run. */
  next(): Iterable<readonly [recorded: Scalars, now: Scalars]>;
  /** Takes that back, since the run failed. */
  undo(): void;
}

/** What may be frozen: a cell, a layer. */
export interface Freezable {
  readonly trainable: boolean;
}

/** Cells that were given a value. */
export interface Assigned {
  readonly cells: readonly Cell[];
  /** The cell in whose memory it belongs: theirs, or the flat one of which they are all there is. */
  readonly into: Cell;
}

/** A submission that was made while something recorded. */
export interface RecordedRun {
  readonly graph: Capture;
  readonly plan: Plan;
  /** Where the nodes that were asked for have their values. */
  readonly made: readonly Storage[];
  readonly assigned: readonly Assigned[];
  readonly written: readonly Cell[];
}

/** What goes on with the run of a number. */
interface RepeatedIn {
  readonly run: number;
  readonly one: Repeated;
}

/** The submission of the run of a number. */
interface Underway {
  readonly run: number;
  readonly done: Promise<void>;
}

/** What is submitted while a function is called, and all that it takes to submit it again. */
export class Recording {
  /** What the function's arguments are made of: another call gives others. */
  readonly given: ReadonlySet<Node>;
  readonly runs: RecordedRun[] = [];
  readonly repeated: RepeatedIn[] = [];
  /** Nobody within the function waits for these. */
  readonly underway: Underway[] = [];
  /** The cells whose variables have gradients of `backward` that nobody has taken yet. */
  readonly gradients = new Set<Cell>();
  /** What was asked whether it trains, and the answers: with others the function does other work. */
  readonly trainable = new Map<Freezable, boolean>();
  /** Whether the function has made variables, as a model does that is called first: it is not kept then. */
  makesVariables = false;
  private refusal: { readonly error: Error; readonly isFineOnce: boolean } | undefined;

  constructor(given: ReadonlySet<Node>) {
    this.given = given;
  }

  /** Has something go on with the run that is submitted next. */
  repeat(one: Repeated): void {
    this.repeated.push({ run: this.runs.length, one });
  }

  /**
   * Notes that the function does what cannot be recorded; the first such thing counts. What is fine once
   * is so where the call is not kept.
   */
  refuse(error: Error, isFineOnce = false): void {
    this.refusal ??= { error, isFineOnce };
  }

  /** @throws what the function cannot be recorded for. */
  check(): void {
    const { refusal } = this;
    if (refusal && !(refusal.isFineOnce && this.makesVariables)) throw refusal.error;
  }
}

let current: Recording | undefined;

/** What records at this moment. */
export function recording(): Recording | undefined {
  return current;
}

/** Calls `work`, which waits for nothing, and records what it submits. */
export function record<T>(into: Recording, work: () => T): T {
  const outer = current;
  current = into;
  try {
    return work();
  } finally {
    current = outer;
  }
}

/** Waits for submissions, and takes back what went on with those that failed. @throws the first failure */
export async function settled(
  underway: readonly Underway[],
  repeated: readonly RepeatedIn[],
): Promise<void> {
  const outcomes = await Promise.allSettled(underway.map(({ done }) => done));
  const failures = outcomes.flatMap((outcome, i) => {
    if (outcome.status === 'fulfilled') return [];
    for (const { run, one } of repeated) if (run === underway[i]?.run) one.undo();
    return [outcome];
  });
  if (failures[0]) throw failures[0].reason;
}
