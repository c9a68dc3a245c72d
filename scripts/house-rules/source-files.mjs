import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** The paths of the TypeScript and WGSL files in a folder and those inside it, sorted. */
export function sourceFiles(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name).split(sep).join('/'))
    .filter((path) => /\.(ts|wgsl)$/.test(path))
    .sort();
}

export function linesOf(path) {
  return readFileSync(path, 'utf8').replace(/\n$/, '').split('\n');
}

/** Items by the folder that `path` of each lies in. */
export function byFolder(items) {
  const folders = new Map();
  for (const item of items) {
    const folder = item.path.slice(0, item.path.lastIndexOf('/'));
    folders.set(folder, [...(folders.get(folder) ?? []), item]);
  }
  return folders;
}
