import { Component, javascript } from 'projen';
import { ESBUILD } from './versions';

/** The oldest Node.js that handlers meet: the one local functions may run on. */
const TARGET = 'node20';

/**
 * Bundles `handlers/<name>/index.ts` into `assets/<name>/index.js` before the package compiles.
 *
 * Once, when the package is built, and not at synthesis, so that every machine deploys the same bytes: no source map, no
 * comment, no path and no setting of a tsconfig.json goes in. The AWS SDK comes with the runtime.
 */
export class BundledHandlers extends Component {
  constructor(project: javascript.NodeProject, names: string[]) {
    super(project);
    project.addDevDeps(`esbuild@${ESBUILD}`);
    const bundle = project.addTask('bundle', { description: 'Bundle the Lambda handlers' });
    for (const name of names) {
      bundle.exec([
        `esbuild handlers/${name}/index.ts --bundle --minify --legal-comments=none --platform=node --format=cjs --target=${TARGET}`,
        `--tsconfig-raw={} --external:@aws-sdk/* --outfile=assets/${name}/index.js --log-level=warning`,
      ].join(' '));
    }
    // a part of `compile`, so that whoever compiles has the handlers too
    project.compileTask.prependSpawn(bundle);
    project.addGitIgnore('/assets/');
  }
}
