import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { AlarmStates } from './alarm-states';
import { labelOf } from './resources-of-stack';

/** A widget shows at most as many. */
const ALARMS_A_WIDGET = 100;

/** An address, up to what cannot be a part of it at the end of a sentence. */
const ADDRESS = /https?:\/\/\S*[^\s.,;:)\]]/;

/** The states of all alarms, and what to do about them. */
export function alarmOverview(resources: CfnResource[], stack: Stack): cloudwatch.IWidget[] {
  const alarms = resources.filter((resource) => resource instanceof cloudwatch.CfnAlarm || resource instanceof cloudwatch.CfnCompositeAlarm);
  if (alarms.length === 0) return [];

  const runbooks = runbookList(alarms, stack);
  const width = runbooks ? 16 : 24;
  const states = chunksOf(ALARMS_A_WIDGET, alarms).map((chunk, index, { length }) => (
    new AlarmStates(length > 1 ? `Alarms (${index + 1} of ${length})` : 'Alarms', chunk, width, 2 + Math.ceil(chunk.length / (width / 4)))));
  const column = new cloudwatch.Column(...states);
  if (!runbooks) return [column];
  return [new cloudwatch.Row(column, new cloudwatch.TextWidget({ markdown: runbooks, width: 24 - width, height: column.height }))];
}

/** Each page once, with its sections and the alarms that lead to them: the alarms themselves name the section in their address. */
function runbookList(alarms: (cloudwatch.CfnAlarm | cloudwatch.CfnCompositeAlarm)[], stack: Stack): string | undefined {
  const pages = new Map<string, Map<string, string[]>>();
  for (const alarm of alarms) {
    const [address] = ADDRESS.exec(alarm.alarmDescription ?? '') ?? [];
    if (!address) continue;
    const [page, section = ''] = address.split('#');
    const sections = pages.get(page) ?? new Map<string, string[]>();
    pages.set(page, sections.set(section, [...sections.get(section) ?? [], labelOf(alarm, stack)]));
  }
  if (pages.size === 0) return undefined;
  return ['### What to do', ...[...pages].flatMap(([page, sections]) => ['', `[${titleOf(page)}](${page})`, '', ...listOf(sections)])].join('\n');
}

function listOf(sections: Map<string, string[]>): string[] {
  return [...sections].map(([section, labels]) => `- ${section && `${inWords(section)}: `}${labels.join(', ')}`);
}

/** The last part of the address that says something. */
function titleOf(page: string): string {
  const words = page.replace(/\/(README|index)\.\w+$/, '').split('/').filter(Boolean).at(-1)!;
  return Token.isUnresolved(words) ? 'runbook' : inWords(words);
}

function inWords(part: string): string {
  return Token.isUnresolved(part) ? part : part.replace(/[-_]+/g, ' ');
}

/** As many lists as needed, none longer than `most`. */
export function chunksOf<T>(most: number, items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, index) => items.slice(index * most, (index + 1) * most));
}
