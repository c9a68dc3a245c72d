export type { HostTensor } from './host-tensor.ts';
export { decodeSafetensors, encodeSafetensors, type Safetensors } from './safetensors.ts';
export { readSafetensors, writeSafetensors } from './safetensors-file.ts';
