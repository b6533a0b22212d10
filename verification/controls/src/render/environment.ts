import { Confirmed, seenOf } from '../confirmed';
import { EnvironmentData } from '../data/environments/environment';
import { REQUIREMENTS } from '../data/requirements';
import { carrying, Evidence, filesOf } from '../evidence';
import { namesBelow, TestsOf } from '../tests-of';
import { APP, Found } from '../wiring';
import { GENERATED, link, literally } from './markdown';

export interface EnvironmentFacts {
  readonly name: string;
  readonly data: EnvironmentData;
  readonly wiring: Record<string, Found[]>;
  readonly tests: Record<string, TestsOf>;
  /** What its integration test asserts, in the words of its comments. */
  readonly asserted: Evidence[];
  readonly record: Confirmed;
}

/** The requirements that an environment has, by id. */
export function requirementsOf({ requirements }: EnvironmentData): string[] {
  return Object.keys(REQUIREMENTS).filter((id) => requirements.some((each) => each === id || `${each}-` === id.slice(0, 2)));
}

/** The page of an environment: a section for each requirement. */
export function environmentPage({ name, data, wiring, tests, asserted, record }: EnvironmentFacts): string {
  const page = `docs/environments/${name}.md`;
  return [
    GENERATED,
    `# ${name}`,
    `${data.summary[0].toUpperCase()}${data.summary.slice(1)}. What it needs, what gives it that, which tests would notice if it did not, and what was seen to hold when it was deployed on the local AWS.`,
    `*Confirmed* is what the last \`npm test\` saw: it deploys the environment, and fails if it sees less, or more, than [the record](confirmed/${name}.json) says. \`npm run integ:local\` evaluates the assertions of the integration tests.`,
    ...requirementsOf(data).flatMap((id) => [
      `## ${id} ${literally(REQUIREMENTS[id])}`,
      section('Made by', [...(wiring[id] ?? []).map((each) => wiredIn(page, each)), ...(data.departs?.[id] ? [`*otherwise than it says: ${data.departs[id]}*`] : [])]),
      section('Tested by', testedBy(page, id, tests[id], asserted)),
      section('Confirmed on the local AWS', confirmed(id, record)),
    ]).filter(Boolean),
  ].join('\n\n') + '\n';
}

function section(title: string, entries: string[]): string {
  return entries.length > 0 ? [`${title}:`, '', ...entries.map((entry) => `* ${entry}`)].join('\n') : '';
}

function testedBy(page: string, id: string, { own, shared, constructs }: TestsOf, asserted: Evidence[]): string[] {
  const byFile = (evidence: Evidence[]) => filesOf(evidence).map((each) => (
    `${link(page, each)}: ${literally(namesBelow(id, evidence.filter(({ file }) => file === each)).join('; '))}`));
  return [
    ...byFile(own),
    ...byFile(carrying(asserted, id)),
    ...byFile(shared),
    ...(constructs.length > 0 ? [`of the constructs: ${constructs.map((file) => link(page, file)).join(', ')}`] : []),
  ];
}

function confirmed(id: string, record: Confirmed): string[] {
  const seen = seenOf(id, record);
  return [...seen.confirmed.map(literally), ...seen.notVerifiable.map((says) => `*not verifiable here:* ${literally(says)}`)];
}

function wiredIn(page: string, { path: where, construct, props = [], file }: Found): string {
  if (file) return link(page, `${APP}/${file}`);
  return `\`${where}\` (${[construct, ...props.map((prop) => `\`${prop}\``)].join(', ')})`;
}
