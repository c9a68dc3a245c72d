// What a dispatch says by name: the numbers that its shader is given and made with.
import type { Program } from '../../src/device/device.ts';
import { fieldsOf } from '../../src/kernels/program.ts';
import type { DryDispatch } from './dry-device.ts';

type ByName = (name: string) => number | undefined;

/** The words of the uniform block, by the fields of `struct Params`. */
export function paramsOf({ program, params }: Pick<DryDispatch, 'program' | 'params'>): ByName {
  const fields = fieldsOf(program.name, program.source).map(({ name }) => name);
  return (name) => params[fields.indexOf(name)];
}

/** The constants in front of the shader's text, or in it. */
export function constantsOf({ source }: Program): ByName {
  const constants = source.matchAll(/^const (\w+) = (\d+)u?;/gm);
  const values = new Map([...constants].map(([, name, value]) => [name, Number(value)]));
  return (name) => values.get(name);
}

/**
 * Steps that a matmul kernel takes below a segment of its reduction, such as a filter tap;
 * undefined where it has no segments.
 */
export function segmentSteps(dispatch: DryDispatch): number | undefined {
  const length = paramsOf(dispatch)('segmentLength');
  const depth = constantsOf(dispatch.program)('DEPTH');
  return length && depth ? Math.max(1, Math.floor(length / depth)) : undefined;
}
