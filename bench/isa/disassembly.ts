// What a kernel's loops are made of, counted from the assembly that Mesa's AMD compiler prints.

/** Instructions by what executes them; waits and hints take no slot and are left out. */
export interface Instructions {
  /** Multiply-adds; a packed one or a dot product counts as two. */
  readonly fma: number;
  /** All other vector arithmetic: addresses, tests, conversions. */
  readonly valu: number;
  /** Accesses of workgroup memory. */
  readonly lds: number;
  /** Accesses of buffers by each lane. */
  readonly vmem: number;
  /** Loads of what all lanes share. */
  readonly smem: number;
  readonly salu: number;
}

/** The loops in which a kernel computes its multiply-adds. */
export interface MainLoop {
  /** One turn of the innermost loop. */
  readonly innermost: Instructions;
  /** One turn of the outermost loop around it, with all turns of the loops inside. */
  readonly nest: Instructions;
  /** Whether the code does not tell how often a loop inside turns; it was counted once then. */
  readonly hasUnknownTurns: boolean;
  /** Whether multiply-adds stand between the loads of a turn and the wait for them. */
  readonly loadsAhead: boolean;
}

/** Multiply-adds among all instructions: no kernel reaches a larger share of a GPU's peak. */
export function fmaShare(counted: Instructions): number {
  return counted.fma / total(counted);
}

export function total({ fma, valu, lds, vmem, smem, salu }: Instructions): number {
  return fma + valu + lds + vmem + smem + salu;
}

/**
 * The nest of loops with the most multiply-adds a turn, and of several that have as many the one with
 * the fewest other instructions: a ragged end of a loop computes as much with more tests. Undefined
 * where no loop has a multiply-add. `innerTurns` says how often a loop inside turns that multiplies and
 * has no constant bounds, where that is known from elsewhere.
 */
export function mainLoop(assembly: string, innerTurns?: number): MainLoop | undefined {
  const blocks = blocksOf(assembly);
  const countOf = (loop: Loop) => countTurn(blocks, loop, innerTurns);
  const nests = loopTree(blocks).map((loop) => ({ loop, nest: countOf(loop) }));
  nests.sort((a, b) => b.nest.fma - a.nest.fma || total(a.nest) - total(b.nest));
  const [best] = nests;
  if (best === undefined || best.nest.fma === 0) return undefined;
  const { loop, nest } = best;
  const path = pathToInnermost(loop, (inner) => countOf(inner).fma);
  // What multiplies out of registers and workgroup memory is loaded by the loop around it.
  const loading = path.findLast((inner) => countOf(inner).vmem > 0) ?? loop;
  return {
    innermost: countOf(path.at(-1) ?? loop),
    nest,
    hasUnknownTurns:
      innerTurns === undefined && descendants(loop).some(({ turns }) => turns === undefined),
    loadsAhead: loadsAhead(linesOf(blocks, loading)),
  };
}

/** All instructions of a kernel, each once. */
export function countAll(assembly: string): Instructions {
  return count(blocksOf(assembly).flatMap(({ lines }) => lines));
}

interface Block {
  readonly id: number;
  readonly lines: string[];
}

/** Blocks from one to another, by their places, which end with a branch back to the first. */
interface Loop {
  readonly from: number;
  readonly to: number;
  /** How often it turns, where its bounds are constants. */
  readonly turns: number | undefined;
  readonly inner: Loop[];
}

function blocksOf(assembly: string): Block[] {
  const blocks: Block[] = [];
  for (const line of assembly.split('\n')) {
    const head = /^BB(\d+):/.exec(line);
    if (head) blocks.push({ id: Number(head[1]), lines: [] });
    else blocks.at(-1)?.lines.push(line.replace(/;.*/, '').trim());
  }
  return blocks;
}

/** The outermost loops, each with those inside it. */
function loopTree(blocks: readonly Block[]): Loop[] {
  const places = new Map(blocks.map(({ id }, place) => [id, place]));
  /** The last branch back to a block ends the loop; another one is a `continue`. */
  const ends = new Map<number, number>();
  for (const [place, { lines }] of blocks.entries()) {
    for (const line of lines) {
      const target = /^s_c?branch\S*\s+BB(\d+)/.exec(line);
      const from = target ? places.get(Number(target[1])) : undefined;
      if (from !== undefined && from <= place) ends.set(from, place);
    }
  }
  const outermost: Loop[] = [];
  for (const [from, to] of [...ends].sort(([a, b], [c, d]) => a - c || d - b)) {
    let siblings = outermost;
    for (;;) {
      const around = siblings.at(-1);
      if (around === undefined || around.to < to) break;
      siblings = around.inner;
    }
    siblings.push({ from, to, turns: turnsOf(blocks, from, to), inner: [] });
  }
  return outermost;
}

/**
 * Of a loop that counts a scalar register in constant steps from one constant to another.
 */
function turnsOf(blocks: readonly Block[], from: number, to: number): number | undefined {
  const lines = linesOf(blocks, { from, to });
  for (const line of lines) {
    const compared = /^s_cmp_(?:ge|lt)_[ui]32 (s\d+), (\w+)$/.exec(line);
    const [, register, end] = compared ?? [];
    if (register === undefined || end === undefined || Number.isNaN(Number(end))) continue;
    const step = lines
      .map((other) => /^s_addk?_[ui]32 (s\d+), (?:(s\d+), )?(\w+)$/.exec(other))
      .find((added) => added?.[1] === register && (added[2] ?? register) === register)?.[3];
    const start = lastConstant(blocks, from, register);
    if (!(Number(step) > 0) || start === undefined) continue;
    return Math.max(1, Math.ceil((Number(end) - start) / Number(step)));
  }
  return undefined;
}

/** What a register is set to, last before a block; undefined where that is no constant. */
function lastConstant(blocks: readonly Block[], place: number, register: string) {
  const lines = blocks.slice(0, place).flatMap((block) => block.lines);
  const set = lines.findLast((line) => new RegExp(`^s_\\w+ ${register}\\b`).test(line));
  const value = /^s_movk?_[bi]32 s\d+, (\w+)$/.exec(set ?? '')?.[1];
  return value === undefined || Number.isNaN(Number(value)) ? undefined : Number(value);
}

function linesOf(blocks: readonly Block[], { from, to }: Pick<Loop, 'from' | 'to'>): string[] {
  return blocks.slice(from, to + 1).flatMap(({ lines }) => lines);
}

/** Goes from the last load of a turn to the next wait for one, which may be in the next turn. */
function loadsAhead(turn: readonly string[]): boolean {
  const last = turn.findLastIndex((line) => /^(buffer|global)_load/.test(line));
  const onwards = [...turn.slice(last + 1), ...turn.slice(0, last + 1)];
  const wait = onwards.findIndex((line) => /^s_waitcnt.*vmcnt|^s_wait_loadcnt/.test(line));
  return last >= 0 && onwards.slice(0, wait).some((line) => count([line]).fma > 0);
}

function descendants(loop: Loop): Loop[] {
  return loop.inner.flatMap((inner) => [inner, ...descendants(inner)]);
}

/** A loop, the one inside it that multiplies most, and so on. */
function pathToInnermost(loop: Loop, multiplyAdds: (loop: Loop) => number): Loop[] {
  const [first, ...others] = loop.inner;
  if (first === undefined) return [loop];
  const most = others.reduce((a, b) => (multiplyAdds(b) > multiplyAdds(a) ? b : a), first);
  if (multiplyAdds(most) === 0) return [loop];
  return [loop, ...pathToInnermost(most, multiplyAdds)];
}

/** One turn of a loop, with all turns of those inside. */
function countTurn(
  blocks: readonly Block[],
  { from, to, inner }: Loop,
  innerTurns: number | undefined,
): Instructions {
  const own = blocks
    .slice(from, to + 1)
    .filter((_, i) => !inner.some((loop) => from + i >= loop.from && from + i <= loop.to));
  return inner.reduce(
    (sum, loop) => {
      const turn = countTurn(blocks, loop, innerTurns);
      return add(sum, turn, loop.turns ?? (turn.fma > 0 ? (innerTurns ?? 1) : 1));
    },
    count(own.flatMap(({ lines }) => lines)),
  );
}

const patterns: readonly (readonly [keyof Instructions | 'none', RegExp])[] = [
  // An f16 times 1 as f32: a conversion.
  ['valu', /^v_fma_mix_f32 .*, 1\.0, neg\(0\)/],
  ['fma', /^v_(dual_)?(pk_)?(fma|fmac|fmamk|fmaak|dot)/],
  ['valu', /^v_/],
  ['lds', /^ds_/],
  ['vmem', /^(buffer|global|flat|image|scratch)_(load|store|atomic)/],
  ['smem', /^s_(buffer_)?load/],
  ['none', /^s_(waitcnt|wait_|barrier|delay_alu|nop|clause)/],
  ['salu', /^s_/],
];

function count(lines: readonly string[]): Instructions {
  const counted = { fma: 0, valu: 0, lds: 0, vmem: 0, smem: 0, salu: 0 };
  // Two that are issued as one stand on one line.
  for (const part of lines.flatMap((line) => line.split('::'))) {
    const text = part.trim();
    const kind = patterns.find(([, pattern]) => pattern.test(text))?.[0] ?? 'none';
    if (kind === 'none') continue;
    counted[kind] += kind === 'fma' && /pk_|dot/.test(text) ? 2 : 1;
  }
  return counted;
}

function add(a: Instructions, b: Instructions, times: number): Instructions {
  return {
    fma: a.fma + times * b.fma,
    valu: a.valu + times * b.valu,
    lds: a.lds + times * b.lds,
    vmem: a.vmem + times * b.vmem,
    smem: a.smem + times * b.smem,
    salu: a.salu + times * b.salu,
  };
}
