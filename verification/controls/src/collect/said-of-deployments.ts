import * as path from 'node:path';
import * as ts from 'typescript';
import { Evidence } from '../evidence';

/** Comments above the assertions of an integration test: what the deployed stack is asked. */
export function assertionsOf(file: string, text: string): Evidence[] {
  return [...text.matchAll(/^\/\/ (.*)$/gm)].map(([, says]) => ({ file, says }));
}

/** Titles, and what stands above lists, of the drills of a file and of those it takes from others. */
export function drillsOf(file: string, read: (file: string) => string, seen = new Set<string>()): Evidence[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022, true);
  const found: Evidence[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === 'title') found.push({ file, says: node.initializer.getText().slice(1, -1) });
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier) && node.moduleSpecifier.text.startsWith('./')) {
      found.push(...drillsOf(path.posix.join(path.posix.dirname(file), `${node.moduleSpecifier.text}.ts`), read, seen));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const [, says] of source.text.matchAll(/^\/\*\* (.*) \*\/$/gm)) found.push({ file, says });
  return found;
}
