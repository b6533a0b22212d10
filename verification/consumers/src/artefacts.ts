import * as fs from 'node:fs';
import * as path from 'node:path';
import { run } from './program';

const REPOSITORY = path.resolve(__dirname, '../../..');
const PACKAGES = path.join(REPOSITORY, 'packages');

/** A package as it is packed for each language. */
export interface Artefact {
  readonly name: string;
  readonly version: string;
  readonly tarball: string;
  readonly wheel: string;
  /** The directory of a Maven repository. */
  readonly mavenRepository: string;
  readonly maven: { readonly groupId: string; readonly artifactId: string };
  /** What a program in each language imports. */
  readonly modules: Record<'typescript' | 'python' | 'java', string>;
  readonly hasConstructs: boolean;
}

interface Assembly {
  readonly name: string;
  readonly version: string;
  readonly targets: { readonly java: { readonly package: string; readonly maven: Artefact['maven'] }; readonly python: { readonly module: string } };
  readonly types?: Record<string, { readonly kind: string; readonly base?: string }>;
}

/** Packs every package we ship for every language; what has not changed is packed already. */
export async function packEverything(): Promise<Artefact[]> {
  const directories = fs.readdirSync(PACKAGES).sort().map((name) => path.join(PACKAGES, name));
  const projects = directories.map((directory) => `packages/${path.basename(directory)}`);
  await run('npx', ['nx', 'run-many', '-t', 'package:js', 'package:python', 'package:java', '-p', projects.join(',')], { cwd: REPOSITORY });
  return directories.map(artefactIn);
}

function artefactIn(directory: string): Artefact {
  const { name, version, targets, types } = JSON.parse(fs.readFileSync(path.join(directory, '.jsii'), 'utf8')) as Assembly;
  return {
    name,
    version,
    tarball: only(path.join(directory, 'dist', 'js'), '.tgz'),
    wheel: only(path.join(directory, 'dist', 'python'), '.whl'),
    mavenRepository: path.join(directory, 'dist', 'java'),
    maven: targets.java.maven,
    modules: { typescript: name, python: targets.python.module, java: targets.java.package },
    hasConstructs: Object.values(types ?? {}).some(({ kind, base }) => kind === 'class' && base === 'constructs.Construct'),
  };
}

function only(directory: string, extension: string): string {
  const files = fs.existsSync(directory) ? fs.readdirSync(directory).filter((file) => file.endsWith(extension)) : [];
  if (files.length !== 1) throw new Error(`'${directory}' must have one ${extension} file, got ${files.length}; pack the package again`);
  return path.join(directory, files[0]);
}
