export { accuracy, topKAccuracy } from './accuracy.ts';
export {
  type AveragedScores,
  type ClassScores,
  f1Scores,
  precisionRecallF1,
} from './class-scores.ts';
export {
  type ClassificationReportOptions,
  type ClassificationScores,
  classificationReport,
  classificationScores,
  type NamedClassScores,
} from './classification-report.ts';
export {
  type ConfusionMatrix,
  confusionMatrix,
  formatConfusionMatrix,
} from './confusion-matrix.ts';
export { logLoss } from './log-loss.ts';
export type { OneVersusRest } from './one-versus-rest.ts';
export {
  averagePrecision,
  meanAveragePrecision,
  type PrecisionRecallCurve,
  precisionRecallCurve,
} from './precision-recall.ts';
export type { Positives } from './ranking.ts';
export { auc, type RocCurve, rocAuc, rocCurve } from './roc.ts';
