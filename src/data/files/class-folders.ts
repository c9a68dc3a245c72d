import { messageOf } from '../../cause.ts';
import { DataError } from '../../errors.ts';

/** A picture and the number of its class. */
export interface Picture {
  readonly path: string;
  readonly label: number;
}

/** What the names of pictures end in; other files are passed over. */
const PICTURE = /\.(jpe?g|jpe|jfif|png|webp|gif|avif|tiff?)$/i;
/** Pictures too, but nothing here reads them: to pass over them would lose what they show. */
const FOREIGN_PICTURE = /\.(bmp|hei[cf]|jp2|jxl|p[bgnp]m)$/i;

/**
 * Folders that systems leave among a user's: hidden ones, those marked as a NAS, Windows or an
 * editor marks its own (`$RECYCLE.BIN`, `@eaDir`, `#recycle`, `~snapshot`), and the few whose names
 * have no mark.
 */
const SYSTEM_FOLDER =
  /^([.$@#~]|(__MACOSX|__pycache__|System Volume Information|RECYCLER|lost\+found|LOST\.DIR|FOUND\.\d+|Network Trash Folder|Temporary Items)$)/i;

/** What a name stands for, once links have been followed. */
interface Entry {
  readonly name: string;
  readonly path: string;
  readonly kind: 'folder' | 'file' | 'special';
}

/**
 * The classes of a folder, which are its subfolders, and the pictures that each has, in itself and
 * in folders within. Both are in the order of their names' UTF-16 code units, in which a system's
 * language has no say; names are compared composed (NFC), as some systems take them apart.
 *
 * @throws DataError where there are no classes, or one has no pictures, and for folders that cannot
 * be read, links that lead nowhere or to a folder around them, and pictures of other kinds or that are
 * no files.
 */
export async function picturesByClass(
  folder: string,
): Promise<{ classes: string[]; pictures: Picture[] }> {
  const inside = await entriesOf(folder);
  const folders = inside.filter(({ kind, name }) => kind === 'folder' && !SYSTEM_FOLDER.test(name));
  if (folders.length === 0) {
    throw new DataError(
      `${folder} has no subfolders: pictures are expected in one for each class.`,
    );
  }
  const classes = folders.map(({ name }) => name.normalize());
  const twice = folders.find((_, label) => classes[label] === classes[label + 1]);
  if (twice) {
    throw new DataError(
      `${twice.path} and another folder have names that differ in how letters and their accents are encoded alone. Rename one.`,
    );
  }
  const around = [await realPath(folder)];
  const pictures: Picture[] = [];
  for (const [label, { path }] of folders.entries()) {
    const paths = await picturesIn(path, around);
    if (paths.length === 0) {
      throw new DataError(
        `${path} has no pictures (JPEG, PNG, WebP, GIF, AVIF or TIFF), nor have folders in it. ` +
          'Remove it if it is no class.',
      );
    }
    for (const path of paths) pictures.push({ path, label });
  }
  return { classes, pictures };
}

/** @param around the real paths of the folders that lead here */
async function picturesIn(folder: string, around: readonly string[]): Promise<string[]> {
  const here = await realPath(folder);
  if (around.includes(here)) {
    throw new DataError(`${folder} is a link to ${here}, a folder around it. Remove the link.`);
  }
  const pictures: string[] = [];
  for (const { name, path, kind } of await entriesOf(folder)) {
    if (kind === 'folder') {
      if (!SYSTEM_FOLDER.test(name)) pictures.push(...(await picturesIn(path, [...around, here])));
    } else if (FOREIGN_PICTURE.test(name)) {
      throw new DataError(
        `${path} is a picture of a kind that cannot be read. Make a JPEG or PNG of it, or remove it.`,
      );
    } else if (PICTURE.test(name)) {
      if (kind === 'file') pictures.push(path);
      else throw new DataError(`${path} is no file but a device, pipe or socket. Remove it.`);
    }
  }
  return pictures;
}

/** What is in a folder and not hidden, in the order of the names. */
async function entriesOf(folder: string): Promise<Entry[]> {
  const { readdir, stat } = await import('node:fs/promises');
  const { join } = await import('node:path');
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause) => {
    throw unreadable(folder, cause);
  });
  const visible = entries
    .filter(({ name }) => !name.startsWith('.'))
    .map((entry) => ({ entry, name: entry.name, key: entry.name.normalize() }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.name < b.name ? -1 : 1));
  return Promise.all(
    visible.map(async ({ name, entry }): Promise<Entry> => {
      const path = join(folder, name);
      const end = entry.isSymbolicLink()
        ? await stat(path).catch((cause) => {
            throw new DataError(
              `${path} is a link that leads nowhere: ${messageOf(cause)}. Mend or remove it.`,
              { cause },
            );
          })
        : entry;
      const kind = end.isDirectory() ? 'folder' : end.isFile() ? 'file' : 'special';
      return { name, path, kind };
    }),
  );
}

async function realPath(folder: string): Promise<string> {
  const { realpath } = await import('node:fs/promises');
  return realpath(folder).catch((cause) => {
    throw unreadable(folder, cause);
  });
}

function unreadable(path: string, cause: unknown): DataError {
  return new DataError(
    `${path} cannot be read: ${messageOf(cause)}. Check the path and its permissions.`,
    { cause },
  );
}
