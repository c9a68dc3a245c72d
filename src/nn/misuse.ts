import { refuseNames } from '../arguments.ts';
import { Layer } from './layer.ts';

refuseNames(Layer.prototype, 'A model', {
  call: 'model.forward(x), or layer.apply(x) of symbolic values',
  predict: 'predict(model, examples), or model.forward(x) for a tensor',
  fit: 'fit(model, examples, options)',
  compile: 'fit(model, examples, { loss, optimizer, metrics })',
  evaluate: 'evaluate(model, examples, options)',
  summary: 'nn.summary(model, shape)',
  add: 'nn.sequential([…]) with all layers, or nn.add([a, b])',
  parameters: 'model.variables',
  trainableWeights: 'model.trainableVariables',
  train: 'model.forward(x, { training: true })',
  eval: 'model.forward(x), which does not train',
  stateDict: 'io.saveWeights(file, model)',
  save: 'io.saveWeights(file, model)',
  saveWeights: 'io.saveWeights(file, model)',
  loadWeights: 'io.loadWeights(file, model)',
});
