import { elements, wholeBlocks } from '../elements.ts';
import {
  ceilDivide,
  input,
  type KernelContext,
  type Launches,
  launch,
  type Operand,
  OUTPUT,
  temporary,
} from '../launch.ts';
import { program } from '../program.ts';
import each from '../wgsl/each.wgsl';
import keepResult from '../wgsl/sorting/functions/keep-result.wgsl';
import keepRuns from '../wgsl/sorting/functions/keep-runs.wgsl';
import keyOf from '../wgsl/sorting/functions/key.wgsl';
import chosen from '../wgsl/sorting/functions/keys-chosen.wgsl';
import ofValues from '../wgsl/sorting/functions/keys-of-values.wgsl';
import source from '../wgsl/sorting/select-first.wgsl';
import { keyConstants } from './key.ts';
import { type SortAttributes, shortened } from './runs.ts';

/** Few, so that parts of rows are shared out evenly. */
const WORKGROUP = 4;

/**
 * x [outer, size, inner] → i32 [outer, kept, inner]: where the first of the elements in order are, chosen of
 * parts of `span` elements, which is `kept` at least, and then of what those came to.
 */
export function selectFirst(
  { attributes, inputs }: KernelContext<SortAttributes>,
  span = chooseSpan(attributes),
): Launches {
  const { outer, size, inner, kept: KEPT, descending } = attributes;
  const { dtype } = inputs[0] as Operand;
  const rows = outer * inner;
  const parts = ceilDivide(size, span);
  const length = shortened(size, span, KEPT);
  const constants = { WORKGROUP, KEPT, ...keyConstants(dtype, descending) };
  const text = [elements('u32', 4), keyOf];
  const name = 'select_first';
  const workgroups = ceilDivide(rows * parts, WORKGROUP);
  const params = { count: rows * parts, parts, span, size, inner };

  if (parts === 1) {
    const functions = [...text, ofValues, keepResult, source];
    const whole = launch({
      program: program(name, each, { ...constants, PLACES: 2 }, functions),
      bindings: { values: input(0), result: OUTPUT },
      params: { ...params, length: KEPT },
      workgroups,
    });
    return { launches: [whole] };
  }
  const ofParts = [...text, ofValues, keepRuns, source];
  const first = launch({
    program: program(name, each, { ...constants, KEYS: 2, PLACES: 3 }, ofParts),
    bindings: { values: input(0), sortedKeys: temporary(0), sortedPlaces: temporary(1) },
    params: { ...params, length },
    workgroups,
  });
  const ofChosen = [...text, chosen, keepResult, source];
  const last = launch({
    program: program(`${name}_chosen`, each, { ...constants, PLACES: 3 }, ofChosen),
    bindings: { keysChosen: temporary(0), placesChosen: temporary(1), result: OUTPUT },
    params: { count: rows, parts: 1, span: length, size: length, inner, length: KEPT },
    workgroups: ceilDivide(rows, WORKGROUP),
  });
  const bytes = wholeBlocks(rows * length);
  return { launches: [first, last], temporaries: [bytes, bytes] };
}

/** How long the parts of rows are: whole rows where there are enough for all threads. */
export function chooseSpan({ outer, size, inner }: SortAttributes): number {
  const parts = Math.max(1, Math.min(64 / (outer * inner), size / 4096));
  return ceilDivide(size, Math.floor(parts));
}
