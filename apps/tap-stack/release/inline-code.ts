/** The files of a function's code, by their names beside each other: `index.js`. */
export type CodeFiles = Readonly<Record<string, string>>;

/** Code that stands in a template, and the handler to call there. */
export interface InlineCode {
  readonly code: string;
  readonly handler: string;
}

/** The one file that CloudFormation makes of code in a template. */
const THE_FILE = 'index';

/**
 * The code of a function as the one file `index.js` that CloudFormation makes of `ZipFile`: a file of that name as it is, several
 * in one that gives each of them the others.
 *
 * @param files what lies beside each other
 * @param handler what Lambda calls there: `<file>.<export>`
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html
 * @throws Error if a template cannot hold it
 */
export function inlineCode(files: CodeFiles, handler: string): InlineCode {
  const [entry, ...rest] = handler.split('.');
  const names = Object.keys(files).sort();
  if (rest.length !== 1 || !names.includes(`${entry}.js`)) {
    throw new Error(`'handler' must be <file>.<export> of one of the files ${names.join(', ')}, got '${handler}'`);
  }
  for (const name of names) check(name, files[name]);
  const code = names.length === 1 && entry === THE_FILE ? files[names[0]] : joined(files, names, entry);
  return { code, handler: `${THE_FILE}.${rest[0]}` };
}

function check(name: string, text: string): void {
  if (!/^[\w-]+\.js$/.test(name)) throw new Error(`code in a template must be files of JavaScript beside each other, got '${name}'; bundle it into one`);
  const [foreign] = /[^\n\x20-\x7e]/.exec(text) ?? [];
  // CloudFormation puts a question mark in the place of any other
  if (foreign) throw new Error(`code in a template must be ASCII, got ${JSON.stringify(foreign)} in '${name}'; have the bundler escape it`);
}

/** Each file as a function of what Node.js would give it; only what is not among them is looked for outside. */
function joined(files: CodeFiles, names: string[], entry: string): string {
  const modules = names.map((name) => `${JSON.stringify(`./${name.slice(0, -'.js'.length)}`)}:(exports,module,require)=>{${files[name]}\n}`);
  return [
    `const files={${modules.join(',')}},loaded={};`,
    'const load=(name)=>{',
    'if(!files[name])return require(name);',
    'if(!loaded[name]){const module=loaded[name]={exports:{}};files[name](module.exports,module,load)}',
    'return loaded[name].exports};',
    `module.exports=load(${JSON.stringify(`./${entry}`)});`,
  ].join('');
}
