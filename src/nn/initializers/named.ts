import { shown } from '../../arguments.ts';
import { ArgumentError } from '../../errors.ts';
import { nearestName } from '../../nearest-name.ts';
import { ones, zeros } from './constant.ts';
import type { Initializer } from './initializer.ts';
import { orthogonal } from './orthogonal.ts';
import { normal, uniform } from './random.ts';
import {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
} from './variance-scaling.ts';

const named = {
  glorotUniform,
  glorotNormal,
  heUniform,
  heNormal,
  lecunUniform,
  lecunNormal,
  orthogonal: orthogonal(),
  uniform: uniform(),
  normal: normal(),
  zeros,
  ones,
};

/** An initialiser, or the name of one: `'heNormal'`. */
export type InitializerOption = Initializer | keyof typeof named;

/** @throws ArgumentError where there is none of that name. */
export function initializerOf(option: InitializerOption): Initializer {
  if (typeof option === 'function') return option;
  if (Object.hasOwn(named, option)) return named[option];
  const there = Object.keys(named);
  const nearest = nearestName(String(option), there);
  throw new ArgumentError(
    `initializer: there is no ${shown(option)}. There are ${there.join(', ')}, or give a function.${nearest ? ` Did you mean '${nearest}'?` : ''}`,
  );
}
