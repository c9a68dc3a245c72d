import { loadPackage } from '../../optional-package.ts';
import type { Histogram } from './histogram.ts';

/** One entry of an event file. */
export interface Event {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step?: number;
  readonly fileVersion?: string;
  readonly summary?: { readonly value: readonly Value[] };
  readonly sessionLog?: { readonly status: number };
}

/** One value under a tag: exactly one of simpleValue, image, histo and tensor. */
export interface Value {
  readonly tag: string;
  readonly simpleValue?: number;
  readonly image?: {
    readonly height: number;
    readonly width: number;
    /** The number of channels: 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA. */
    readonly colorspace: number;
    readonly encodedImageString: Uint8Array;
  };
  readonly histo?: Histogram;
  readonly tensor?: {
    readonly dtype: number;
    readonly tensorShape: object;
    readonly stringVal: readonly Uint8Array[];
  };
  readonly metadata?: {
    readonly pluginData: { readonly pluginName: string };
    readonly dataClass: number;
  };
}

/** SessionLog.SessionStatus */
export const SESSION_START = 1;
/** DataType */
export const DT_STRING = 7;
/** DataClass */
export const DATA_CLASS_TENSOR = 2;

const field = (id: number, type: string) => ({ id, type });
const list = (id: number, type: string) => ({ id, type, rule: 'repeated' });
const packed = (id: number, type: string) => ({ ...list(id, type), options: { packed: true } });

/**
 * What we write of event.proto, summary.proto, histogram.proto, tensor.proto and
 * tensor_shape.proto, as TensorBoard publishes them (tensorboard/compat/proto). Enums are int32,
 * which looks the same on the wire.
 */
const SCHEMA = {
  nested: {
    Event: {
      fields: {
        wallTime: field(1, 'double'),
        step: field(2, 'int64'),
        fileVersion: field(3, 'string'),
        summary: field(5, 'Summary'),
        sessionLog: field(7, 'SessionLog'),
      },
      oneofs: { what: { oneof: ['fileVersion', 'summary', 'sessionLog'] } },
    },
    SessionLog: { fields: { status: field(1, 'int32') } },
    Summary: { fields: { value: list(1, 'Value') } },
    Value: {
      fields: {
        tag: field(1, 'string'),
        simpleValue: field(2, 'float'),
        image: field(4, 'Image'),
        histo: field(5, 'HistogramProto'),
        tensor: field(8, 'TensorProto'),
        metadata: field(9, 'SummaryMetadata'),
      },
      // Of these, zeros are written too: without, a scalar 0 would be no value at all.
      oneofs: { value: { oneof: ['simpleValue', 'image', 'histo', 'tensor'] } },
    },
    Image: {
      fields: {
        height: field(1, 'int32'),
        width: field(2, 'int32'),
        colorspace: field(3, 'int32'),
        encodedImageString: field(4, 'bytes'),
      },
    },
    HistogramProto: {
      fields: {
        min: field(1, 'double'),
        max: field(2, 'double'),
        num: field(3, 'double'),
        sum: field(4, 'double'),
        sumSquares: field(5, 'double'),
        bucketLimit: packed(6, 'double'),
        bucket: packed(7, 'double'),
      },
    },
    SummaryMetadata: {
      fields: { pluginData: field(1, 'PluginData'), dataClass: field(4, 'int32') },
    },
    PluginData: { fields: { pluginName: field(1, 'string') } },
    TensorProto: {
      fields: {
        dtype: field(1, 'int32'),
        tensorShape: field(2, 'TensorShapeProto'),
        stringVal: list(8, 'bytes'),
      },
    },
    TensorShapeProto: { fields: {} },
  },
};

/** Loads protobufjs and gives the function that writes events as bytes. */
export async function eventEncoder(): Promise<(event: Event) => Uint8Array> {
  const { default: protobuf } = await loadPackage(
    'protobufjs',
    'to write TensorBoard files',
    () => import('protobufjs/light.js'),
  );
  const type = protobuf.Root.fromJSON(SCHEMA).lookupType('Event');
  return (event) => type.encode(event).finish();
}
