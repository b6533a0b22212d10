import { Target } from '../target';
import { Check, notVerifiable, unless } from './check';

type Status = 'applied' | 'stub' | 'dropped' | 'unread';

/** What the local AWS did with the properties of a stack, read back resource by resource. */
interface Ledger {
  readonly summary: Record<Status, number>;
  readonly reliedOnButNotApplied: { readonly logicalId: string; readonly property: string; readonly status: Status }[];
  readonly resources: {
    readonly logicalId: string;
    readonly type: string;
    readonly properties: Record<string, { readonly status: Status }>;
  }[];
}

const REASONS: Record<Status, string> = {
  applied: '',
  stub: 'the local AWS only records resources of this type',
  dropped: 'the local AWS does not keep all of it',
  unread: 'no API of the local AWS tells what became of it',
};

/**
 * What the local AWS cannot show: a property that it did not apply, or that nobody can read back there. One that our checks
 * rely on must be applied; otherwise those checks prove nothing.
 */
export async function ledgerChecks(target: Target, stackName: string): Promise<Check[]> {
  if (!target.local) return [];
  const ledger = await target.local.ask<Ledger>(`/_local/ledger?stack=${encodeURIComponent(stackName)}`);
  const missing = ledger.reliedOnButNotApplied.map(({ logicalId, property, status }) => `${logicalId} ${property} is ${status}`);
  return [
    { title: `the local AWS applied ${ledger.summary.applied} properties, and each that a check relies on`, run: async () => unless(missing) },
    ...unseen(ledger).map(({ property, status, resources }) => ({
      title: property,
      run: async () => notVerifiable(`${REASONS[status]} (${resources.join(', ')})`),
    })),
  ];
}

/** One row per property of a type, however many resources have it. */
function unseen(ledger: Ledger): { property: string; status: Status; resources: string[] }[] {
  const reliedOn = new Set(ledger.reliedOnButNotApplied.map(({ logicalId, property }) => `${logicalId} ${property}`));
  const rows = new Map<string, { property: string; status: Status; resources: string[] }>();
  for (const { logicalId, type, properties } of ledger.resources) {
    for (const [name, { status }] of Object.entries(properties)) {
      if (status === 'applied' || reliedOn.has(`${logicalId} ${name}`)) continue;
      const property = `${type} ${name}`;
      const row = rows.get(`${property} ${status}`) ?? { property, status, resources: [] };
      row.resources.push(logicalId);
      rows.set(`${property} ${status}`, row);
    }
  }
  return [...rows.values()];
}
