import { data, metrics, type nn, predict, softmax, type Tensor, tensor } from 'wgrad';
import type { report } from 'wgrad/node';

/**
 * How a trained model does on images it has not seen: the scores of `metrics.json`, as
 * `report.RunMetrics` describes them, all of them there, and some more; plain JSON.
 */
export interface Judgement extends Omit<report.RunMetrics, 'status'> {
  readonly accuracy: number;
  readonly macroPrecision: number;
  readonly macroRecall: number;
  readonly macroF1: number;
  /** Null where the outputs are not numbers, as are the two below. */
  readonly logLoss: number | null;
  /** The mean over the classes of the area under one-versus-rest ROC curves. */
  readonly macroAuc: number | null;
  readonly meanAveragePrecision: number | null;
  readonly classNames: readonly string[];
  readonly confusion: readonly (readonly number[])[];
  readonly perClass: readonly report.ClassRecord[];
  readonly roc: readonly report.RocCurve[];
  /** As scikit-learn prints it. */
  readonly report: string;
}

/** A judgement with what single images were taken for. */
export interface Judged {
  readonly judgement: Judgement;
  readonly predictions: Int32Array;
  /** Shape [count, classes]. */
  readonly probabilities: Float32Array;
}

/** Applies a model that gives logits to images and compares with their labels. */
export async function judge(
  model: nn.Layer,
  images: data.LabelledImages,
  classNames: readonly string[],
  signal?: AbortSignal,
): Promise<Judged> {
  const classes = classNames.length;
  const outputs = await logitsOf(model, images, classes, signal);
  const probabilities = await softmax(outputs).data();
  const predictions = await outputs.argMax(1).data();
  const { labels } = images;

  const { counts } = metrics.confusionMatrix(labels, predictions, classes);
  const scores = metrics.classificationScores(labels, predictions, classNames);
  const isNumber = probabilities.every(Number.isFinite);
  const ranked = isNumber ? metrics.rocAuc(labels, probabilities, classes) : undefined;
  const precision = isNumber
    ? metrics.meanAveragePrecision(labels, probabilities, classes)
    : undefined;
  const judgement: Judgement = {
    accuracy: scores.accuracy,
    macroPrecision: scores.macro.precision,
    macroRecall: scores.macro.recall,
    macroF1: scores.macro.f1,
    logLoss: isNumber ? metrics.logLoss(labels, probabilities, classes) : null,
    macroAuc: ranked?.macro ?? null,
    meanAveragePrecision: precision?.macro ?? null,
    classNames,
    confusion: classNames.map((_, row) => [...counts.subarray(row * classes, (row + 1) * classes)]),
    perClass: scores.perClass.map(({ name, precision, recall, f1, support }) => ({
      name,
      precision,
      recall,
      f1,
      support,
    })),
    roc: classNames.map((name, own) => rocOf(name, own, labels, probabilities, classes)),
    report: metrics.classificationReport(labels, predictions, { names: classNames, digits: 4 }),
  };
  return { judgement, predictions, probabilities };
}

/** The classification report alone: of many images the other scores take long. */
export async function reportOn(
  model: nn.Layer,
  images: data.LabelledImages,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  const outputs = await logitsOf(model, images, names.length, signal);
  const predictions = await outputs.argMax(1).data();
  return metrics.classificationReport(images.labels, predictions, { names, digits: 4 });
}

async function logitsOf(
  model: nn.Layer,
  images: data.LabelledImages,
  classes: number,
  signal?: AbortSignal,
): Promise<Tensor<[number, number]>> {
  const logits = await predict(model, data.fromImages(images), { signal });
  return tensor(logits, [images.count, classes]);
}

function rocOf(
  name: string,
  own: number,
  labels: Uint8Array,
  probabilities: Float32Array,
  classes: number,
): report.RocCurve {
  const isPositive = Array.from(labels, (label) => label === own);
  const scores = Float32Array.from(labels, (_, i) => probabilities[i * classes + own]!);
  const isDefined = isPositive.includes(true) && isPositive.includes(false);
  if (!isDefined || !scores.every(Number.isFinite)) return { name, fpr: [], tpr: [], auc: null };
  const curve = metrics.rocCurve(isPositive, scores);
  const kept = corners(curve.falsePositiveRate, curve.truePositiveRate);
  return {
    name,
    fpr: kept.map((i) => curve.falsePositiveRate[i]!),
    tpr: kept.map((i) => curve.truePositiveRate[i]!),
    auc: metrics.auc(curve),
  };
}

/** The points where a staircase turns: those between change nothing, and there are thousands. */
function corners(x: Float64Array, y: Float64Array): number[] {
  const all = Array.from(x.keys());
  return all.filter((i) => {
    if (i === 0 || i === x.length - 1) return true;
    const alongX = y[i - 1] === y[i] && y[i] === y[i + 1];
    const alongY = x[i - 1] === x[i] && x[i] === x[i + 1];
    return !alongX && !alongY;
  });
}
