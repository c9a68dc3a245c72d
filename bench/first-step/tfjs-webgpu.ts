import { start } from '../peers/tfjs-webgpu.ts';
import { firstStep } from './first-step.ts';

await firstStep(start);
