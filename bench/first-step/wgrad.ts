import { start } from '../peers/wgrad.ts';
import { firstStep } from './first-step.ts';

await firstStep(start);
