import * as fs from 'node:fs';
import * as path from 'node:path';
import { IConstruct } from 'constructs';
import { Wiring } from './data/environments/environment';
import { PublicClasses } from './public-classes';
import { REPOSITORY } from './repository';

export const APP = 'apps/tap-stack';

/** A wiring, with the class that stands there; or what is wrong with it. */
export interface Found extends Wiring {
  readonly construct?: string;
  readonly problem?: string;
}

/** What stands where an environment is said to be wired. */
export function find(wiring: Wiring, environment: IConstruct, classes: PublicClasses): Found {
  const { file, path: where = '', props = [] } = wiring;
  if (file !== undefined) {
    return { ...wiring, problem: fs.existsSync(path.join(REPOSITORY, APP, file)) ? undefined : `there is no file ${file} in ${APP}` };
  }
  let at: IConstruct | undefined = environment;
  for (const step of where.split('/')) at = at?.node.tryFindChild(step);
  if (!at) return { ...wiring, problem: `there is no construct '${where}'` };

  const construct = at.constructor.name;
  const strange = props.filter((prop) => !classes.takes(construct, prop));
  return { ...wiring, construct, problem: strange.length > 0 ? `'${where}' is a ${construct}, which takes no '${strange.join("', '")}'` : undefined };
}
