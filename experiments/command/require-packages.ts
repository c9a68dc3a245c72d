import { createRequire } from 'node:module';
import { MissingPackageError } from 'wgrad';

/** The packages that a run needs when its training is over. */
const FOR_REPORTS = ['echarts', 'sharp'];

/**
 * Asks for optional packages before a training rather than after it.
 *
 * @throws MissingPackageError where one is not installed
 */
export function requirePackages(names: readonly string[] = FOR_REPORTS): void {
  const { resolve } = createRequire(import.meta.url);
  for (const name of names) {
    try {
      resolve(name);
    } catch (cause) {
      throw new MissingPackageError(
        `The package ${name} is needed to draw a run's pictures and is not installed: npm install ${name}`,
        { cause },
      );
    }
  }
}
