import { gridSample } from '../../../../../tensor/ops/images/grid-sample.ts';
import type { Operator, OperatorCall } from '../call.ts';
import { channelsFirst, channelsLast } from '../layout.ts';

const MODES = {
  linear: 'bilinear',
  bilinear: 'bilinear',
  nearest: 'nearest',
  cubic: 'bicubic',
  bicubic: 'bicubic',
} as const;

const isMode = (mode: string): mode is keyof typeof MODES => Object.hasOwn(MODES, mode);
const isPadding = (padding: string): padding is 'zeros' | 'border' | 'reflection' =>
  ['zeros', 'border', 'reflection'].includes(padding);

/** Reads images at the places of a grid [N, …, 2 or 3], of x, y and z between −1 and 1. */
function sampledByGrid(call: OperatorCall) {
  const { x: images } = call;
  const axes = images.rank - 2;
  const mode = call.text('mode', 'linear');
  const paddingMode = call.text('padding_mode', 'zeros');
  const isOdd = axes < 2 || axes > 3 || (axes === 3 && mode.endsWith('cubic'));
  if (isOdd || !isMode(mode) || !isPadding(paddingMode))
    throw call.unsupported(`the mode '${mode}' of a grid over ${axes} axes`);
  const options = { mode: MODES[mode], paddingMode, alignCorners: call.flag('align_corners') };
  return channelsFirst(gridSample(channelsLast(images), call.input(1), options));
}

/** What reads images between their pixels. */
export const samplingOperators: Readonly<Record<string, Operator>> = { GridSample: sampledByGrid };
