import type { Events } from '../protocol.ts';

/** Tells the page of something. */
export type Emit = <Name extends keyof Events>(name: Name, value: Events[Name]) => void;
