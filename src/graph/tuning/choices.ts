import { NO_EPILOGUE } from '../../kernels/epilogue.ts';
import type { KernelContext, Launches } from '../../kernels/launch.ts';
import { guessOf, type Pick, type Ways } from '../../kernels/pick.ts';
import type { Contest } from './fastest.ts';

type Rule = (context: KernelContext) => Launches;

/**
 * Which way is the fastest, by problem. A problem's name ends with a checksum of its kernels, so that
 * what was measured of other kernels counts for none of these.
 */
export class Choices {
  private readonly known = new Map<string, string>();
  private readonly names = new Map<string, string>();
  private missing = new Map<string, Contest>();

  /** What is known, by problem. */
  get all(): ReadonlyMap<string, string> {
    return this.known;
  }

  /** Adds what has been measured; what is known already stays. */
  add(choices: Iterable<readonly [problem: string, way: string]>): void {
    for (const [problem, way] of choices) {
      if (!this.known.has(problem)) this.known.set(problem, way);
    }
  }

  /** The problems met since the last call of which nothing is known. */
  takeMissing(): ReadonlyMap<string, Contest> {
    const { missing } = this;
    this.missing = new Map();
    return missing;
  }

  /** Picks for a launch rule, and notes what has to be measured. */
  pickFor(rule: Rule, context: KernelContext): Pick {
    return (problem, ways) => {
      const name = this.nameOf(problem, ways, rule, context);
      const way = this.known.get(name);
      const known = way === undefined ? undefined : ways.get(way);
      if (known === undefined && ways.size > 1)
        this.missing.set(name, contest(ways, rule, context));
      return known ?? guessOf(ways);
    };
  }

  private nameOf<V>(problem: string, ways: Ways<V>, rule: Rule, context: KernelContext): string {
    const key = `${problem} ${[...ways.keys()]}`;
    let name = this.names.get(key);
    if (name === undefined) {
      const { launches } = rule(alone(context, guessOf));
      const text = `${[...ways.keys()]}${launches.map(({ program }) => program.source)}`;
      name = `${problem} #${checksum(text).toString(16)}`;
      this.names.set(key, name);
    }
    return name;
  }
}

/** The same without what ends it or comes along, where a way is picked so. */
function alone(context: KernelContext, way: <V>(ways: Ways<V>) => V): KernelContext {
  const { attributes, inputs, output, limits } = context;
  const pick: Pick = (_, ways) => way(ways);
  return { attributes, inputs, output, limits, epilogue: NO_EPILOGUE, pick };
}

function contest<V>(ways: Ways<V>, rule: Rule, context: KernelContext): Contest {
  const launchesOf = (name: string) => () =>
    rule(alone(context, (all) => all.get(name) ?? guessOf(all)));
  return {
    inputs: context.inputs,
    output: context.output,
    ways: new Map([...ways.keys()].map((name) => [name, launchesOf(name)])),
  };
}

/** FNV-1a, 32 bits. */
function checksum(text: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return sum >>> 0;
}
