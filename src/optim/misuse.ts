import { refuseNames } from '../arguments.ts';
import { Optimizer } from './optimizer.ts';

refuseNames(Optimizer.prototype, 'An optimizer', {
  zeroGrad: 'step(loss), or loss.backward() and step(), which takes the gradients away',
  minimize: 'step(loss)',
  applyGradients: 'apply(gradients)',
  learningRate: 'lr',
  paramGroups: 'groups',
});
