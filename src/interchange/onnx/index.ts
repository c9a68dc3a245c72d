export type { InputShape, InputSpec, InputSpecs, Traceable } from './export/trace.ts';
export { decode, type ExportOptions, encode, load, save } from './files.ts';
export { OnnxModel, type OnnxValue } from './import/onnx-model.ts';
