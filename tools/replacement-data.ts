/**
 * Writes which properties of which CloudFormation types make a new resource when they change, as CloudFormation's own schemas say
 * it, for the change sets of the local AWS. Run it after an update of `@aws-cdk/aws-service-spec`; `--check` only compares.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

const REPLACEMENT_DATA = path.join(__dirname, '..', 'apps', 'local-aws', 'python', 'tapstack_local_aws', 'replacements.json');

/** The data as text: one type a line, so that a difference can be read. */
function replacementData(): string {
  const types = [...loadAwsServiceSpecSync().all('resource')].map(({ cloudFormationType, properties }) => {
    const those = (answer: 'yes' | 'maybe') => Object.keys(properties).filter((name) => properties[name].causesReplacement === answer).sort();
    return [cloudFormationType, { always: those('yes'), conditionally: those('maybe') }] as const;
  });
  const lines = types.sort(([one], [other]) => (one < other ? -1 : 1)).map(([type, properties]) => `  ${JSON.stringify(type)}: ${JSON.stringify(properties)}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

if (process.argv.includes('--check')) {
  const current = fs.readFileSync(REPLACEMENT_DATA, 'utf8') === replacementData();
  if (!current) console.error("replacements.json is not what the pinned schemas say: run 'npx tsx tools/replacement-data.ts'");
  process.exitCode = current ? 0 : 1;
} else {
  fs.writeFileSync(REPLACEMENT_DATA, replacementData());
}
