import { existsSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import * as wgrad from '../src/index.ts';

/** Everything an editor may be asked about: methods as they are named and called, and exports. */
function program(): string {
  const methods = Object.getOwnPropertyNames(wgrad.Tensor.prototype).filter(
    (name) => name !== 'constructor',
  );
  const calls = methods.flatMap((name) => [`tensor.${name};`, `tensor.${name}();`]);
  const lines = [...calls, ...exportsOf('wgrad', wgrad)];
  return `import * as wgrad from 'wgrad';\nconst tensor = wgrad.zeros([2, 2]);\n${lines.join('\n')}\n`;
}

/** All that is in a namespace and in those within it. */
function exportsOf(path: string, namespace: object): string[] {
  return Object.entries(namespace).flatMap(([name, value]) =>
    Object.prototype.toString.call(value) === '[object Module]'
      ? exportsOf(`${path}.${name}`, value)
      : `${path}.${name};`,
  );
}

/**
 * What an editor shows no documentation of, as lines of a program that is thought to be `file`.
 *
 * @param options where `wgrad` is found
 */
export function withoutHints(
  file: string,
  options: ts.CompilerOptions,
): { readonly known: number; readonly silent: readonly string[] } {
  const text = program();
  const read = (path: string) => {
    if (path === file) return text;
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  };
  const service = ts.createLanguageService({
    getScriptFileNames: () => [file],
    getScriptVersion: () => '1',
    getScriptSnapshot(path) {
      const content = read(path);
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
    },
    getCurrentDirectory: () => process.cwd(),
    getCompilationSettings: () => ({
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      strict: true,
      ...options,
    }),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  });
  const lines = [...text.matchAll(/^(?:tensor|wgrad)\.(?:\w+\.)*(?=\w)(.*)$/gm)];
  // What has no type is no offer: methods that only say what one has done wrong.
  const known = lines.flatMap(({ 0: line, 1: name = '', index }) => {
    const hint = service.getQuickInfoAtPosition(file, index + line.length - name.length);
    return hint?.kind ? [{ line, hint }] : [];
  });
  const silent = known.filter(({ hint: { documentation, tags } }) => {
    const isDeprecated = tags?.some(({ name, text }) => name === 'deprecated' && text);
    return !documentation?.length && !isDeprecated;
  });
  service.dispose();
  return { known: known.length, silent: silent.map(({ line }) => line) };
}
