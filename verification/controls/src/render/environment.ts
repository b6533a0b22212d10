import { EnvironmentData } from '../data/environments/environment';
import { REQUIREMENTS } from '../data/requirements';
import { carrying, Evidence, filesOf } from '../evidence';
import { APP, Found } from '../wiring';
import { GENERATED, link, table } from './markdown';

export interface EnvironmentFacts {
  readonly name: string;
  readonly data: EnvironmentData;
  readonly wiring: Record<string, Found[]>;
  /** The names of all tests of the repository. */
  readonly tests: Evidence[];
  /** What the deployed environment is asked on the local AWS. */
  readonly confirmed: Evidence[];
}

/** The requirements that an environment has, by id. */
export function requirementsOf({ requirements }: EnvironmentData): string[] {
  return Object.keys(REQUIREMENTS).filter((id) => requirements.some((each) => each === id || `${each}-` === id.slice(0, 2)));
}

/** The page of an environment. */
export function environmentPage({ name, data, wiring, tests, confirmed }: EnvironmentFacts): string {
  const page = `docs/environments/${name}.md`;
  const said = ({ says }: Evidence) => says.replaceAll(/\s*\((?:[A-Z]-\d\d(?:, )?)+\)\.?/g, '').replaceAll(/(?:[A-Z]-\d\d(?:, )?)+: /g, '').replaceAll(/\$\{[^}]*\}: ?/g, '').replaceAll('`', "'");
  return [
    GENERATED,
    `# ${name}`,
    `${data.summary[0].toUpperCase()}${data.summary.slice(1)}. What it needs, what gives it that, which tests would notice if it did not, and what is asked of it when it is deployed on the local AWS.`,
    table(['Requirement', 'Construct and property', 'Test', 'Confirmed on the local AWS'], requirementsOf(data).map((id) => [
      `${id} ${REQUIREMENTS[id]}`,
      [...(wiring[id] ?? []).map((each) => wiredIn(page, each)), ...(data.departs?.[id] ? [`*otherwise: ${data.departs[id]}*`] : [])].join('<br>'),
      filesOf(carrying(tests, id)).map((file) => link(page, file)).join('<br>'),
      [...new Set(carrying(confirmed, id).map((each) => `${said(each)} (${link(page, each.file)})`))].join('<br>'),
    ])),
  ].join('\n\n') + '\n';
}

function wiredIn(page: string, { path: where, construct, props = [], file }: Found): string {
  if (file) return link(page, `${APP}/${file}`);
  return `\`${where}\` (${[construct, ...props.map((prop) => `\`${prop}\``)].join(', ')})`;
}
