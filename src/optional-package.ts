import { MissingPackageError } from './errors.ts';

/**
 * An optional package, loaded when it is first needed.
 *
 * @param purpose what it is needed for, for the message: `to draw pictures`
 * @param load `() => import('name')`, written out where bundlers can see it
 *
 * @throws MissingPackageError where the package is not installed.
 */
export async function loadPackage<Module>(
  name: string,
  purpose: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    // A package that is there but lacks one of its own is broken in another way.
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes(`'${name}'`)) throw cause;
    throw new MissingPackageError(
      `The package ${name} is needed ${purpose} and is not installed: npm install ${name}`,
      { cause },
    );
  }
}
