/**
 * Writes API.md of the package in the current directory.
 *
 * jsii-docgen's own command looks for assemblies below the package only, and npm workspaces hoist them to the root: the ones
 * that are needed are laid side by side in a temporary directory first.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Documentation, Language } from 'jsii-docgen';

interface Manifest {
  readonly name: string;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
}

const ASSEMBLY_FILES = ['.jsii', '.jsii.gz', 'package.json'];

function manifestOf(directory: string): Manifest {
  return JSON.parse(fs.readFileSync(path.join(directory, 'package.json'), 'utf8')) as Manifest;
}

/** The directory of a dependency, as Node.js looks for it; `exports` does not matter. */
function locate(dependency: string, from: string): string | undefined {
  const candidate = path.join(from, 'node_modules', dependency);
  if (fs.existsSync(path.join(candidate, 'package.json'))) return fs.realpathSync(candidate);
  const parent = path.dirname(from);
  return parent === from ? undefined : locate(dependency, parent);
}

function gather(directory: string, into: string): void {
  const manifest = manifestOf(directory);
  const target = path.join(into, manifest.name.replace('/', '__'));
  if (fs.existsSync(target) || !fs.existsSync(path.join(directory, '.jsii'))) return;
  fs.mkdirSync(target);
  for (const file of ASSEMBLY_FILES.filter((name) => fs.existsSync(path.join(directory, name)))) {
    fs.copyFileSync(path.join(directory, file), path.join(target, file));
  }
  for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    const found = locate(dependency, directory);
    if (found) gather(found, into);
  }
}

async function main(): Promise<void> {
  const assemblies = fs.mkdtempSync(path.join(os.tmpdir(), 'assemblies-'));
  try {
    gather(process.cwd(), assemblies);
    const documentation = await Documentation.forAssembly(manifestOf(process.cwd()).name, assemblies);
    const markdown = await documentation.toMarkdown({ language: Language.TYPESCRIPT, readme: false });
    fs.writeFileSync('API.md', markdown.render());
  } finally {
    fs.rmSync(assemblies, { recursive: true, force: true });
  }
}

void main();
