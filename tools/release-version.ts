/**
 * Gives each published package that changed since its last tag a version, a changelog and a tag of its own.
 *
 * Versions live in tags (`<package>/v1.2.3`), never in a commit: the package.json files that are written here are for packing only.
 * The changelogs are committed.
 */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

interface Manifest {
  name: string;
  private?: boolean;
  version: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

interface Package {
  readonly directory: string;
  readonly tagPrefix: string;
  readonly manifest: Manifest;
  readonly released?: string;
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

function publishedPackages(): Package[] {
  const directories = ['packages', 'apps'].flatMap((folder) => fs.readdirSync(folder).map((name) => path.join(folder, name)));
  return directories
    .map((directory) => ({ directory, manifest: JSON.parse(fs.readFileSync(path.join(directory, 'package.json'), 'utf8')) as Manifest }))
    .filter(({ manifest }) => !manifest.private)
    .map(({ directory, manifest }) => {
      const tagPrefix = `${path.basename(directory)}/v`;
      return { directory, manifest, tagPrefix, released: lastVersion(tagPrefix) };
    });
}

function lastVersion(tagPrefix: string): string | undefined {
  const [newest] = git('tag', '--list', `${tagPrefix}*`, '--sort=-version:refname', '--merged').split('\n');
  return newest ? newest.slice(tagPrefix.length) : undefined;
}

function changed({ directory, tagPrefix, released }: Package): boolean {
  return released === undefined || git('log', '--format=%h', `${tagPrefix}${released}..HEAD`, '--', directory) !== '';
}

/** The next version by the conventional commits that touched the folder; the changelog is written on the way. */
function bump({ directory, manifest, tagPrefix, released }: Package): string {
  write(directory, { ...manifest, version: released ?? '0.0.0' });
  const files = ['--packageFiles', 'package.json', '--bumpFiles', 'package.json'];
  execFileSync('npx', ['commit-and-tag-version', '--silent', '--path', '.', '--tag-prefix', tagPrefix, '--skip.commit', '--skip.tag', ...files], {
    cwd: directory, stdio: 'inherit',
  });
  return (JSON.parse(fs.readFileSync(path.join(directory, 'package.json'), 'utf8')) as Manifest).version;
}

/** Siblings are named by the version they get, so that an installed package finds the one it was built with. */
function withVersions(manifest: Manifest, versions: Map<string, string>): Manifest {
  const named = (dependencies?: Record<string, string>, range = '^') => dependencies && Object.fromEntries(
    Object.entries(dependencies).map(([name, wanted]) => [name, versions.has(name) ? `${range}${versions.get(name)}` : wanted]),
  );
  return {
    ...manifest,
    version: versions.get(manifest.name)!,
    dependencies: named(manifest.dependencies),
    devDependencies: named(manifest.devDependencies, ''),
    peerDependencies: named(manifest.peerDependencies),
  };
}

function write(directory: string, manifest: Manifest): void {
  fs.writeFileSync(path.join(directory, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

const packages = publishedPackages();
const due = packages.filter(changed);
const versions = new Map(packages.map((one) => [one.manifest.name, due.includes(one) ? bump(one) : one.released!]));
packages.forEach(({ directory, manifest }) => write(directory, withVersions(manifest, versions)));

if (due.length > 0) {
  git('add', ...due.map(({ directory }) => path.join(directory, 'CHANGELOG.md')));
  git('commit', '-m', `chore: release ${due.map(({ manifest }) => `${manifest.name}@${versions.get(manifest.name)}`).join(', ')}`);
  due.forEach(({ tagPrefix, manifest }) => git('tag', '-a', `${tagPrefix}${versions.get(manifest.name)}`, '-m', manifest.name));
}
console.log(`release: ${due.length} of ${packages.length} packages changed${due.length ? `: ${due.map(({ manifest }) => `${manifest.name} ${versions.get(manifest.name)}`).join(', ')}` : ''}`);
