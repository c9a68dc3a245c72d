// Pictures of plain numbers and arrays: each function gives one, to be saved as SVG or PNG.

export { type Picture, savePicture, toSvg } from './picture.ts';
export { type ConfusionOptions, confusionMatrix } from './pictures/confusion-matrix.ts';
export { type Curve, curves } from './pictures/curves.ts';
export { type Bars, f1Bars } from './pictures/f1-bars.ts';
export { type Filters, filters } from './pictures/filters.ts';
export { type GradientNorms, gradientNorms } from './pictures/gradient-norms.ts';
export { type EpochHistogram, histograms } from './pictures/histograms.ts';
export { learningRateSweep, type Sweep } from './pictures/learning-rate-sweep.ts';
export { type Pixels, pngDataUrl } from './pictures/png-data-url.ts';
export { rankShares } from './pictures/rank-shares.ts';
export { type RocCurve, roc } from './pictures/roc.ts';
export { type Sample, sampleGrid } from './pictures/sample-grid.ts';
export { type Theme, type ThemeName, themes } from './theme.ts';

// The folder that a run is kept in: what its files are called and hold, and reading them.

export { createRun, resumeRun } from './begin-run.ts';
export { writeJson } from './json-file.ts';
export { type Run, readRun, readRuns } from './read-run.ts';
export {
  type ClassRecord,
  type EpochRecord,
  type RocRecord,
  RUN_FILES,
  type RunMetrics,
  type RunSettings,
  type RunStatus,
} from './run-folder.ts';
export { saveRunPicture } from './run-pictures.ts';

// Pages about one run and about all of them, which need no other file and no network.

export { writeIndex } from './index-page.ts';
export { writeReport } from './run-page.ts';
