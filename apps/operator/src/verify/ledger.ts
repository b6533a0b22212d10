import { Target } from '../target';
import { Check, failed, notVerifiable, passed } from './check';

/** What the local AWS did with one property of a resource. */
interface LedgerEntry {
  readonly logicalId: string;
  readonly type: string;
  readonly property: string;
  readonly status: 'applied' | 'stub' | 'dropped' | 'unread';
  readonly reliedOn: boolean;
}

/**
 * What the local AWS cannot show: a property that it did not apply or that nobody can read back there. A property that one of
 * our checks relies on must be applied: otherwise that check proves nothing.
 */
export async function ledgerChecks(target: Target, stackName: string): Promise<Check[]> {
  if (!target.local) return [];
  const { entries } = await target.local.ask<{ entries: LedgerEntry[] }>(`/_local/ledger?stack=${encodeURIComponent(stackName)}`);
  const reliedOn = entries.filter((entry) => entry.reliedOn);
  const missing = reliedOn.filter((entry) => entry.status !== 'applied');
  const unseen = groupByProperty(entries.filter((entry) => !entry.reliedOn && entry.status !== 'applied'));
  return [
    {
      title: `the ${reliedOn.length} properties that checks rely on are applied`,
      run: async () => missing.length === 0 ? passed : failed(missing.map((entry) => `${entry.logicalId}.${entry.property} is ${entry.status}`).join('; ')),
    },
    ...[...unseen].map(([property, { status, logicalIds }]) => ({
      title: property,
      run: async () => notVerifiable(`${REASONS[status]} (${logicalIds.length === 1 ? logicalIds[0] : `${logicalIds.length} resources`})`),
    })),
  ];
}

const REASONS = {
  applied: '',
  stub: 'the local AWS only records resources of this type',
  dropped: 'the local AWS does not keep this property',
  unread: 'no API of the local AWS tells what became of this property',
};

function groupByProperty(entries: LedgerEntry[]): Map<string, { status: LedgerEntry['status']; logicalIds: string[] }> {
  const groups = new Map<string, { status: LedgerEntry['status']; logicalIds: string[] }>();
  for (const { type, property, status, logicalId } of entries) {
    const name = `${type} ${property}`;
    const group = groups.get(name) ?? { status, logicalIds: [] };
    group.logicalIds.push(logicalId);
    groups.set(name, group);
  }
  return groups;
}
