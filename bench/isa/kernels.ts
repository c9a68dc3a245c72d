// What a library runs for a piece of work: its shaders, and how often each is dispatched.

export interface LaunchedKernel {
  readonly label: string;
  readonly source: string;
  readonly entryPoint: string;
  readonly dispatches: number;
  /** How often a loop turns within another, where a parameter says so and it is known which. */
  readonly innerTurns?: number;
  /** The fewest and the most workgroups of a dispatch. */
  readonly workgroups: readonly [number, number];
}

export interface Launched {
  readonly label: string;
  readonly source: string;
  readonly entryPoint: string;
  readonly innerTurns?: number;
  readonly workgroups: number;
}

/** Dispatches of one shader become one entry, in the order of their first. */
export function groupLaunches(launches: readonly Launched[]): LaunchedKernel[] {
  const kernels = new Map<string, LaunchedKernel>();
  for (const { workgroups, ...kernel } of launches) {
    const {
      dispatches,
      workgroups: [fewest, most],
    } = kernels.get(kernel.source) ?? {
      dispatches: 0,
      workgroups: [workgroups, workgroups] as const,
    };
    kernels.set(kernel.source, {
      ...kernel,
      dispatches: dispatches + 1,
      workgroups: [Math.min(fewest, workgroups), Math.max(most, workgroups)],
    });
  }
  return [...kernels.values()];
}
