// Types that are right need few assertions: `x as T`, `<T>x`, `x!` and `x!: T` each tell the compiler
// something that it cannot see. `as const` tells it nothing false and does not count.
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { byFolder, linesOf, sourceFiles } from './source-files.mjs';

const MOST_IN_100_LINES = 1.5;

export function check(options) {
  const paths = sourceFiles('src').filter((path) => /(?<!\.d)\.ts$/.test(path));
  const counts = paths.map((path) => ({
    path,
    lines: linesOf(path).length,
    assertions: assertionsIn(path),
  }));
  const isBroken = rate(counts) > MOST_IN_100_LINES;
  const folders = [...byFolder(counts)];
  return {
    summary: `Type assertions in src: ${describe(counts)}; at most ${MOST_IN_100_LINES} in 100.`,
    places:
      isBroken || options.byFolder
        ? folders.map(([name, files]) => `${name}: ${describe(files)}`)
        : [],
    isBroken,
  };
}

function assertionsIn(path) {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
  let count = 0;
  const visit = (node) => {
    if (isAssertion(node)) count += 1;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return count;
}

function isAssertion(node) {
  return (
    (ts.isAssertionExpression(node) && !ts.isConstTypeReference(node.type)) ||
    ts.isNonNullExpression(node) ||
    ((ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node)) &&
      node.exclamationToken !== undefined)
  );
}

function describe(counts) {
  return `${sum(counts, 'assertions')} in ${sum(counts, 'lines')} lines, ${rate(counts).toFixed(2)} in 100`;
}

function rate(counts) {
  return (100 * sum(counts, 'assertions')) / sum(counts, 'lines');
}

function sum(counts, key) {
  return counts.reduce((total, count) => total + count[key], 0);
}
