import type { Node } from '../../../graph/node.ts';
import { elementTypeOf, INT64 } from '../tensor-proto.ts';
import { type GraphWriter, notExported, type Written } from './graph-writer.ts';
import type { Size } from './open-sizes.ts';

/** A node that is written: what it was in both traces, with its inputs and its shape. */
export interface Application {
  readonly writer: GraphWriter;
  readonly node: Node;
  readonly again: Node;
  readonly inputs: readonly Written[];
  readonly shape: readonly Size[];
}

/** How an op is written. */
export type Rule = (application: Application) => Written;

/** What records of ops say of themselves, as their launch rules read it. */
// biome-ignore lint/suspicious/noExplicitAny: each op has attributes of its own
export type Attributes = any;

/** The type of the value that is written. */
export const type = ({ shape, node }: Application) => ({ shape, dtype: node.dtype });

/** @throws ArgumentError where there is no such input. */
export function input({ inputs, node }: Application, index = 0): Written {
  const x = inputs[index];
  if (!x) throw notExported(node.op.name, `it has no input ${index}.`);
  return x;
}

/** The same numbers in another dtype. */
export function cast(writer: GraphWriter, x: Written, dtype: Written['dtype']): Written {
  return writer.node('Cast', [x], { shape: x.shape, dtype }, { to: elementTypeOf[dtype] });
}

/** The same numbers, of a type that ONNX Runtime orders and adds up along an axis: words are kept in 64 bits. */
export function plain(writer: GraphWriter, x: Written): Written {
  if (x.dtype === 'f32' || x.dtype === 'i32') return x;
  if (x.dtype === 'f16') return cast(writer, x, 'f32');
  return writer.node('Cast', [x], x, { to: INT64 });
}
