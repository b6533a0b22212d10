import * as fs from 'node:fs';
import * as path from 'node:path';
import { ENVIRONMENT_NAMES } from '../src/environments';
import { STAGE_NAMES } from '../src/stage';
import { plainTemplateOf } from './plain-template-of';

/** Writes `<environment>.<stage>.template.json` for every environment in every stage, and leaves nothing else in the folder; returns the files. */
export function writeTemplates(directory: string): string[] {
  fs.rmSync(directory, { recursive: true, force: true });
  fs.mkdirSync(directory, { recursive: true });
  return ENVIRONMENT_NAMES.flatMap((environment) => STAGE_NAMES.map((stage) => {
    const file = path.join(directory, `${environment}.${stage}.template.json`);
    fs.writeFileSync(file, plainTemplateOf(environment, stage));
    return file;
  }));
}
