/**
 * Loaded into the app of an integration test while its snapshot is compared: fails if any of its templates is not the one in the snapshot.
 * integ-runner passes over the templates of assertions, and over the hashes of assets.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';

process.on('exit', (code) => {
  const made = process.env.CDK_OUTDIR;
  if (code !== 0 || !made || !fs.existsSync(made)) return;
  // the apps of a snapshot that is not there yet have nothing to be compared with: integ-runner says so
  const snapshot = path.join(path.dirname(made), path.basename(made).replace(/^cdk-integ\.out\./, ''));
  if (snapshot === made || !fs.existsSync(snapshot)) return;
  const other = templatesOf(made).filter((file) => read(made, file) !== read(snapshot, file));
  if (other.length === 0) return;
  console.error(`not as in the snapshot: ${other.join(', ')}; write it with 'npx projen integ:update --force test/${path.basename(snapshot, '.snapshot')}'`);
  process.exitCode = 1;
});

function templatesOf(directory) {
  return fs.readdirSync(directory).filter((file) => file.endsWith('.template.json'));
}

/** A template without the time at which it was made, which every assertion holds. */
function read(directory, file) {
  const at = path.join(directory, file);
  return fs.existsSync(at) ? JSON.stringify(JSON.parse(fs.readFileSync(at, 'utf8'), (key, value) => key === 'salt' ? undefined : value)) : undefined;
}
