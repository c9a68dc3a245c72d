import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** A copy of the checkout to build in or to change, with the packages of this one. */
export async function copyOfCheckout(folder: string): Promise<void> {
  await mkdir(folder);
  for (const name of await readdir(root)) {
    if (
      ['node_modules', '.git', 'dist', 'dist-docs', 'runs'].includes(name) ||
      name.endsWith('.tgz')
    )
      continue;
    await cp(join(root, name), join(folder, name), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
}
