import { visitStatements } from '../syntax/survey.ts';
import type { Expression, FunctionSyntax, Statement } from '../syntax/tree.ts';
import { leafCount, MOST_LEAVES } from './contents.ts';

/** Calls of functions of more statements than this are rather not made in vain. */
const MOST_STATEMENTS = 6;

/**
 * Whether an expression may be computed where the program would not: it loads from no address that
 * may be wrong, changes nothing and costs little.
 */
export function isHarmless(expression: Expression): boolean {
  if (expression.constant !== undefined) return true;
  switch (expression.kind) {
    case 'name':
      return expression.variable?.space !== 'storage' && expression.variable?.space !== 'workgroup';
    case 'unary':
      return !'*&'.includes(expression.operator) && isHarmless(expression.operand);
    case 'binary':
      return isHarmless(expression.left) && isHarmless(expression.right);
    case 'member':
      return expression.base.type?.kind !== 'pointer' && isHarmless(expression.base);
    case 'index':
      return isLocal(expression.base) && isHarmless(expression.index);
    case 'call': {
      const { target, args } = expression;
      if (target?.kind === 'function' && !isHarmlessFunction(target.callee)) return false;
      return target?.kind !== 'builtin' && args.every(isHarmless);
    }
    default:
      return false;
  }
}

/** Whether an element of a value in registers is meant. */
function isLocal(base: Expression): boolean {
  if (base.kind === 'index' || base.kind === 'member') return isLocal(base.base);
  if (base.kind !== 'name' || !base.variable) return false;
  const { space, type } = base.variable;
  return (space === 'function' || space === 'let') && leafCount(type) <= MOST_LEAVES;
}

const known = new WeakMap<FunctionSyntax, boolean>();

function isHarmlessFunction(callee: FunctionSyntax): boolean {
  let result = known.get(callee);
  if (result === undefined) {
    let count = 0;
    result = true;
    visitStatements(callee.body, (statement) => {
      count++;
      if (!isHarmlessStatement(statement)) result = false;
    });
    result &&= count <= MOST_STATEMENTS;
    known.set(callee, result);
  }
  return result;
}

function isHarmlessStatement(statement: Statement): boolean {
  switch (statement.kind) {
    case 'return':
      return !statement.value || isHarmless(statement.value);
    case 'declaration':
      return (
        statement.keyword === 'let' && statement.value !== undefined && isHarmless(statement.value)
      );
    case 'if':
      return isHarmless(statement.condition);
    default:
      return false;
  }
}
