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

/** Each runbook once, with the alarms that lead to it. */
function runbookList(alarms: (cloudwatch.CfnAlarm | cloudwatch.CfnCompositeAlarm)[], stack: Stack): string | undefined {
  const byAddress = new Map<string, string[]>();
  for (const alarm of alarms) {
    const [address] = ADDRESS.exec(alarm.alarmDescription ?? '') ?? [];
    if (address) byAddress.set(address, [...byAddress.get(address) ?? [], labelOf(alarm, stack)]);
  }
  if (byAddress.size === 0) return undefined;
  return ['### What to do', '', ...[...byAddress].map(([address, labels]) => `- [${titleOf(address)}](${address}): ${labels.join(', ')}`)].join('\n');
}

/** The section of the page, or the page. */
function titleOf(address: string): string {
  const [page, section] = address.split('#');
  const words = section ?? page.split('/').filter(Boolean).at(-1)!;
  return Token.isUnresolved(words) ? 'runbook' : words.replace(/[-_]+/g, ' ');
}

/** As many lists as needed, none longer than `most`. */
export function chunksOf<T>(most: number, items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / most) }, (_, index) => items.slice(index * most, (index + 1) * most));
}
