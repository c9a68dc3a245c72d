import {
  type AttributeProto,
  type GraphProto,
  type NodeProto,
  onnxMessages,
  type ValueInfoProto,
} from '../../../src/interchange/onnx/messages.ts';

type Sizes = readonly (number | string)[];

function value(name: string, elemType: number, sizes: Sizes): ValueInfoProto {
  const dim = sizes.map((size) =>
    typeof size === 'number' ? { dimValue: size } : { dimParam: size },
  );
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}

/** An input or output of f32; a size that each run chooses has a name. */
export function float(name: string, sizes: Sizes): ValueInfoProto {
  return value(name, 1, sizes);
}

/** One of whole numbers of 64 bits. */
export function whole(name: string, sizes: Sizes): ValueInfoProto {
  return value(name, 7, sizes);
}

/** One of f16. */
export function halves(name: string, sizes: Sizes): ValueInfoProto {
  return value(name, 10, sizes);
}

/** One of true and false. */
export function flag(name: string, sizes: Sizes): ValueInfoProto {
  return value(name, 9, sizes);
}

/** One of whole numbers of 32 bits. */
export function word(name: string, sizes: Sizes): ValueInfoProto {
  return value(name, 6, sizes);
}

/** Attributes by name: whole numbers, texts, lists of either, and floats that say so. */
type Attributes = Readonly<
  Record<string, number | readonly number[] | string | readonly string[] | Floats | Graph>
>;

/** A branch, or the body of a loop. */
interface Graph {
  readonly graph: Partial<GraphProto>;
}

const named = (graph: Partial<GraphProto>): GraphProto => ({
  ...{ name: 'case', node: [], initializer: [], input: [], output: [] },
  ...graph,
});

interface Floats {
  readonly float: number | readonly number[];
}

const utf8 = (text: string) => new TextEncoder().encode(text);

function attributeOf(name: string, value: Attributes[string]): AttributeProto {
  if (typeof value === 'number') return { name, type: 2, i: value };
  if (typeof value === 'string') return { name, type: 3, s: utf8(value) };
  if ('float' in value) {
    const { float } = value;
    return typeof float === 'number'
      ? { name, type: 1, f: float }
      : { name, type: 6, floats: float };
  }
  if ('graph' in value) return { name, type: 5, g: named(value.graph) };
  const texts = value.filter((one) => typeof one === 'string');
  if (texts.length > 0) return { name, type: 8, strings: texts.map(utf8) };
  return { name, type: 7, ints: value.filter((one) => typeof one === 'number') };
}

export function node(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Attributes = {},
): NodeProto {
  const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
  return { opType, input, output, attribute };
}

/** The bytes of a model of one graph. */
export async function graphBytes(graph: Partial<GraphProto>, opset = 17): Promise<Uint8Array> {
  const { encodeModel } = await onnxMessages();
  return encodeModel({
    irVersion: 8,
    graph: named(graph),
    opsetImport: [{ domain: '', version: opset }],
  });
}
