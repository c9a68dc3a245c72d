import type { Report } from './report.ts';
import { cifar10 } from './reports/cifar10.ts';
import { fashion } from './reports/fashion.ts';
import { mnistLr } from './reports/mnist-lr.ts';
import { mnistResidual } from './reports/mnist-residual.ts';
import { tiny } from './reports/tiny.ts';

/** The published reports, by the names the command knows them by. */
export const reports: Readonly<Record<string, Report>> = Object.fromEntries(
  [mnistLr, mnistResidual, fashion, tiny, cifar10].map((report) => [report.name, report]),
);
