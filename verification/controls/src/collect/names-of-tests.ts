import * as ts from 'typescript';
import { Evidence } from '../evidence';

const BLOCKS = new Set(['describe', 'test', 'it']);
const SKIPPED_BLOCKS = new Set(['xdescribe', 'xtest', 'xit']);
const SKIPPED = 'skipped';

/** The names of all tests of a file, each with the names of the blocks it stands in. Nothing is run: what a table puts into a name is not known. */
export function namesOfTests(file: string, text: string): Evidence[] {
  const found: Evidence[] = [];
  const visit = (node: ts.Node, blocks: string[]): void => {
    const block = ts.isCallExpression(node) ? blockOf(node) : undefined;
    if (!block) return ts.forEachChild(node, (child) => visit(child, blocks));
    // what is skipped shows nothing, nor does what stands in it
    if (block.kind === SKIPPED) return;
    const names = [...blocks, block.title];
    if (block.kind !== 'describe') found.push({ file, says: names.join(' › ') });
    else block.body.forEach((child) => visit(child, names));
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true), []);
  return found;
}

/** `test('…', …)`, `describe.each(…)('…', …)` and the like. */
function blockOf(call: ts.CallExpression): { kind: string; title: string; body: readonly ts.Node[] } | undefined {
  const [title, ...body] = call.arguments;
  const kind = kindOf(call.expression);
  if (!kind || !title || !(ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))) return undefined;
  return { kind, title: ts.isStringLiteralLike(title) ? title.text : title.getText().slice(1, -1), body };
}

function kindOf(callee: ts.Expression): string | undefined {
  if (ts.isIdentifier(callee)) {
    if (SKIPPED_BLOCKS.has(callee.text)) return SKIPPED;
    return BLOCKS.has(callee.text) ? callee.text : undefined;
  }
  if (ts.isPropertyAccessExpression(callee)) {
    const kind = kindOf(callee.expression);
    return kind && ['skip', 'todo'].includes(callee.name.text) ? SKIPPED : kind;
  }
  if (ts.isCallExpression(callee)) return kindOf(callee.expression);
  return ts.isTaggedTemplateExpression(callee) ? kindOf(callee.tag) : undefined;
}

/** The names of the tests of a Python file; an id is written `x08` there. */
export function namesOfPythonTests(file: string, text: string): Evidence[] {
  return [...text.matchAll(/^(?:async )?def (test_\w+)/gm)].map(([, name]) => ({
    file, says: name.replaceAll(/_([xbrdcp])(\d\d)(?=_|$)/g, (_, letter: string, digits: string) => ` ${letter.toUpperCase()}-${digits} `).replaceAll('_', ' '),
  }));
}
