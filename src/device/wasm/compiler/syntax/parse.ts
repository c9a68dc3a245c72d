import { Mistake } from '../error.ts';
import { StatementParser } from './parse-statement.ts';
import type { Attribute, FunctionSyntax, GlobalSyntax, Parameter, TypeSyntax } from './tree.ts';

/** WGSL text as a list of global declarations. */
export function parse(source: string): GlobalSyntax[] {
  return new Parser(source).program();
}

/** Reads the declarations outside of functions. */
class Parser extends StatementParser {
  program(): GlobalSyntax[] {
    const globals: GlobalSyntax[] = [];
    while (this.token.kind !== 'end') {
      if (this.accept(';')) continue;
      globals.push(this.global());
    }
    return globals;
  }

  private global(): GlobalSyntax {
    const attributes = this.attributes();
    const { at, text } = this.token;
    switch (text) {
      case 'fn':
        return this.function(attributes);
      case 'struct':
        return this.struct();
      case 'alias': {
        this.next();
        const name = this.name('a name').text;
        this.expect('=');
        const typeSyntax = this.type();
        this.expect(';');
        return { kind: 'alias', name, typeSyntax, at };
      }
      case 'const_assert':
        return this.assert();
      case 'var':
      case 'const':
      case 'override': {
        const declaration = this.declaration(attributes);
        this.expect(';');
        return declaration;
      }
      case 'enable':
      case 'requires':
        throw new Mistake(at, `'${text}' is not supported: no f16, no other extension of WGSL`);
      default:
        throw new Mistake(at, `expected a declaration, found '${text}'`);
    }
  }

  private struct(): GlobalSyntax {
    const { at } = this.expect('struct');
    const name = this.name('a name').text;
    const members = this.list('{', '}', () => this.parameter());
    return { kind: 'struct', name, members, at };
  }

  private parameter(): Parameter {
    const attributes = this.attributes();
    const { text, at } = this.name('a name');
    this.expect(':');
    return { name: text, typeSyntax: this.type(), attributes, at };
  }

  private function(attributes: Attribute[]): FunctionSyntax {
    const { at } = this.expect('fn');
    const name = this.name('a name').text;
    const parameters = this.list('(', ')', () => this.parameter());
    let returnSyntax: TypeSyntax | undefined;
    if (this.accept('->')) {
      this.attributes();
      returnSyntax = this.type();
    }
    const body = this.block();
    return { kind: 'function', name, parameters, returnSyntax, body, attributes, at };
  }
}
