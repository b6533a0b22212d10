import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';

const ROOT = path.resolve(__dirname, '..', '..', '..');

/** What the compiler says of each example, all of them in one program because loading the libraries takes longest. */
function problemsOf(examples: string[]): string[][] {
  const names = examples.map((_, i) => path.join(__dirname, `readme-example-${i + 1}.ts`));
  const options: ts.CompilerOptions = {
    noEmit: true, strict: true, skipLibCheck: true, types: [],
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => names.includes(file) || fileExists.call(host, file);
  host.getSourceFile = (file, ...rest) => names.includes(file)
    ? ts.createSourceFile(file, examples[names.indexOf(file)], ts.ScriptTarget.ES2022)
    : getSourceFile.call(host, file, ...rest);
  const program = ts.createProgram(names, options, host);
  return names.map((name) => ts.getPreEmitDiagnostics(program, program.getSourceFile(name))
    .map((problem) => ts.flattenDiagnosticMessageText(problem.messageText, '\n')));
}

/** The packages compile their own examples; these are the other READMEs. */
const READMES = ['README.md', 'apps/operator/README.md', 'apps/local-aws/README.md', 'apps/tap-stack/README.md', 'CONTRIBUTING.md'];

describe('the READMEs', () => {
  const texts = READMES.map((file) => ({ file, text: fs.readFileSync(path.join(ROOT, file), 'utf8') }));
  const examples = texts.flatMap(({ text }) => [...text.matchAll(/```ts\n([^]*?)```/g)].map(([, code]) => code));

  test('have examples, at the root one of each package that has constructs; they compile, and one that does not is found', () => {
    expect(examples).toHaveLength(6);
    const wrong = "import { NoSuchThing } from '@tapstack/secure-network';\nnew NoSuchThing();\n";
    expect(problemsOf([...examples, wrong])).toEqual([[], [], [], [], [], [], [expect.stringContaining('NoSuchThing')]]);
  });

  test.each(texts)('$file links to files that exist', ({ file, text }) => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => path.join(ROOT, path.dirname(file), target));
    expect(links.filter((target) => !fs.existsSync(target))).toEqual([]);
  });
});
