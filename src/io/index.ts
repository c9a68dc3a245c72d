export type { ByteSource, ReadOptions } from '../files/byte-source.ts';
export { type ByteStore, openStore } from '../files/byte-store.ts';
export type { HostTensor } from './host-tensor.ts';
export { type ImportOptions, importPytorch } from './pytorch.ts';
export { decodeSafetensors, encodeSafetensors, type Safetensors } from './safetensors.ts';
export { readSafetensors, writeSafetensors } from './safetensors-file.ts';
export type { LoadOptions, WeightMatch } from './weight-match.ts';
export { type SetWeightsOptions, setWeights, type Weights, weightsOf } from './weights.ts';
export { loadWeights, saveWeights } from './weights-file.ts';
