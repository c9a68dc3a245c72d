import { messageOf } from '../../cause.ts';
import { CheckpointError } from '../../errors.ts';
import { loadPackage } from '../../optional-package.ts';

/** The messages of ONNX files (onnx.proto3 of the ONNX specification, IR version 8), as far as we use them. */
export interface ModelProto {
  readonly irVersion: number;
  readonly producerName?: string;
  readonly producerVersion?: string;
  readonly graph: GraphProto;
  readonly opsetImport: readonly { readonly domain?: string; readonly version: number }[];
}

export interface GraphProto {
  readonly name?: string;
  readonly node: readonly NodeProto[];
  readonly initializer: readonly TensorProto[];
  readonly input: readonly ValueInfoProto[];
  readonly output: readonly ValueInfoProto[];
}

export interface NodeProto {
  readonly name?: string;
  readonly opType: string;
  readonly domain?: string;
  /** The names of values; an empty one stands for an optional input or output that is left out. */
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly AttributeProto[];
}

export interface AttributeProto {
  readonly name: string;
  /** A number of {@link attributeTypes}. */
  readonly type: number;
  readonly f?: number;
  readonly i?: number;
  readonly s?: Uint8Array;
  readonly t?: TensorProto;
  /** A branch, or the body of a loop. */
  readonly g?: GraphProto;
  readonly floats?: readonly number[];
  readonly ints?: readonly number[];
  readonly strings?: readonly Uint8Array[];
}

export const attributeTypes = {
  float: 1,
  int: 2,
  string: 3,
  tensor: 4,
  floats: 6,
  ints: 7,
} as const;

/** A tensor's contents: in `rawData`, little-endian, or in the list of its type. */
export interface TensorProto {
  readonly name?: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly rawData?: Uint8Array;
  readonly floatData?: readonly number[];
  readonly int32Data?: readonly number[];
  readonly int64Data?: readonly number[];
  readonly doubleData?: readonly number[];
  readonly uint64Data?: readonly number[];
  readonly externalData?: readonly { readonly key: string; readonly value: string }[];
}

export interface ValueInfoProto {
  readonly name: string;
  readonly type?: {
    readonly tensorType?: {
      readonly elemType: number;
      readonly shape?: { readonly dim: readonly DimensionProto[] };
    };
  };
}

/** A size, or the name of one that is known when the model runs. */
export interface DimensionProto {
  readonly dimValue?: number;
  readonly dimParam?: string;
}

const field = (id: number, type: string) => ({ id, type });
const list = (id: number, type: string) => ({ id, type, rule: 'repeated' });

const SCHEMA = {
  nested: {
    ModelProto: {
      fields: {
        irVersion: field(1, 'int64'),
        producerName: field(2, 'string'),
        producerVersion: field(3, 'string'),
        graph: field(7, 'GraphProto'),
        opsetImport: list(8, 'OperatorSetIdProto'),
      },
    },
    OperatorSetIdProto: { fields: { domain: field(1, 'string'), version: field(2, 'int64') } },
    GraphProto: {
      fields: {
        node: list(1, 'NodeProto'),
        name: field(2, 'string'),
        initializer: list(5, 'TensorProto'),
        input: list(11, 'ValueInfoProto'),
        output: list(12, 'ValueInfoProto'),
      },
    },
    NodeProto: {
      fields: {
        input: list(1, 'string'),
        output: list(2, 'string'),
        name: field(3, 'string'),
        opType: field(4, 'string'),
        attribute: list(5, 'AttributeProto'),
        domain: field(7, 'string'),
      },
    },
    AttributeProto: {
      fields: {
        name: field(1, 'string'),
        f: field(2, 'float'),
        i: field(3, 'int64'),
        s: field(4, 'bytes'),
        t: field(5, 'TensorProto'),
        g: field(6, 'GraphProto'),
        floats: list(7, 'float'),
        ints: list(8, 'int64'),
        strings: list(9, 'bytes'),
        type: field(20, 'int32'),
      },
    },
    TensorProto: {
      fields: {
        dims: list(1, 'int64'),
        dataType: field(2, 'int32'),
        floatData: list(4, 'float'),
        int32Data: list(5, 'int32'),
        int64Data: list(7, 'int64'),
        name: field(8, 'string'),
        rawData: field(9, 'bytes'),
        doubleData: list(10, 'double'),
        uint64Data: list(11, 'uint64'),
        externalData: list(13, 'StringStringEntryProto'),
      },
    },
    StringStringEntryProto: { fields: { key: field(1, 'string'), value: field(2, 'string') } },
    ValueInfoProto: { fields: { name: field(1, 'string'), type: field(2, 'TypeProto') } },
    TypeProto: { fields: { tensorType: field(1, 'TensorTypeProto') } },
    TensorTypeProto: { fields: { elemType: field(1, 'int32'), shape: field(2, 'ShapeProto') } },
    ShapeProto: { fields: { dim: list(1, 'DimensionProto') } },
    DimensionProto: {
      fields: { dimValue: field(1, 'int64'), dimParam: field(2, 'string') },
      oneofs: { value: { oneof: ['dimValue', 'dimParam'] } },
    },
  },
};

interface Messages {
  /** @throws CheckpointError where the bytes are no such message; `what` names them. */
  decodeModel(bytes: Uint8Array, what: string): ModelProto;
  decodeTensor(bytes: Uint8Array, what: string): TensorProto;
  encodeModel(model: ModelProto): Uint8Array;
}

/** Loads protobufjs and gives what reads and writes the messages. */
export async function onnxMessages(): Promise<Messages> {
  const { default: protobuf } = await loadPackage(
    'protobufjs',
    'to read and write ONNX files',
    () => import('protobufjs/light.js'),
  );
  const root = protobuf.Root.fromJSON(SCHEMA);
  const decode = <T>(name: string) => {
    const type = root.lookupType(name);
    return (bytes: Uint8Array, what: string): T => {
      try {
        return type.toObject(type.decode(bytes), { longs: Number, arrays: true }) as T;
      } catch (cause) {
        throw new CheckpointError(
          `${what} is no intact ONNX file: ${messageOf(cause)}. Export or download it again.`,
          { cause },
        );
      }
    };
  };
  const model = root.lookupType('ModelProto');
  return {
    decodeModel: decode<ModelProto>('ModelProto'),
    decodeTensor: decode<TensorProto>('TensorProto'),
    encodeModel: (proto) => model.encode(proto).finish(),
  };
}
