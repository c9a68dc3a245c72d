import { refuseNames } from '../arguments.ts';
import { type AnyTensor, Tensor } from './tensor.ts';

/** Makes a function of a tensor a method, too. */
export function registerMethod(
  name: string,
  body: (x: AnyTensor, ...args: never[]) => unknown,
): void {
  Object.defineProperty(Tensor.prototype, name, {
    configurable: true,
    writable: true,
    value(this: AnyTensor, ...args: never[]) {
      return body(this, ...args);
    },
  });
}

/**
 * Methods that come with their functions: a bundler leaves both out, and the kernels behind them, where
 * a program does not import the function. Until then the name says so.
 */
export function expectMethods(...names: readonly string[]): void {
  for (const name of names) {
    if (Object.hasOwn(Tensor.prototype, name)) continue;
    const remedy = `${name} of wgrad in an import of this program, which brings the method into its bundle`;
    refuseNames(Tensor.prototype, 'A tensor of this bundle', { [name]: remedy });
  }
}
