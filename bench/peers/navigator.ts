// `navigator`, for libraries written for browsers: Node 20 has none.
import { availableParallelism } from 'node:os';

export function installNavigator(): void {
  // Later versions of Node have one that cannot be replaced, only extended.
  if (typeof navigator !== 'undefined') return;
  Object.defineProperty(globalThis, 'navigator', {
    value: { userAgent: 'Node.js', hardwareConcurrency: availableParallelism() },
    configurable: true,
  });
}
