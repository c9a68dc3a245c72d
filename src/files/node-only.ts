// What the build for browsers has in place of Node's own modules and the package `webgpu` (see
// scripts/build.mjs): whoever gets there is told what is missing.

import { WgradError } from '../errors.ts';

throw new WgradError(
  'This takes Node, Deno or Bun: a browser reads and writes no files by their paths. Give bytes, or fetch an address.',
);
