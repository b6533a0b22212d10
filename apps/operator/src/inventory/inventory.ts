import { Clients } from '../clients';
import { customerKeys } from './keys';
import { LISTINGS } from './listings';
import { ACCOUNT } from './listings/account';
import { Listings } from './listings/listing';

/** The names of what an account holds, each with its kind in front, sorted. */
export type Inventory = readonly string[];

/** What AWS itself keeps for a while after a deletion: not a leftover, but worth a word. */
export interface Kept {
  readonly keysPendingDeletion: readonly string[];
}

/** Stands in front of what belongs to the account and to no stack. */
const OF_THE_ACCOUNT = 'account: ';

/** Lists what an account and region hold. */
export async function takeInventory(clients: Clients): Promise<Inventory> {
  const [made, ofTheAccount] = await Promise.all([listed(LISTINGS, clients), listed(ACCOUNT, clients)]);
  return [...made, ...ofTheAccount.map((item) => `${OF_THE_ACCOUNT}${item}`)].sort();
}

/** Whether there is one of it for the whole account, so that no stack takes it away again. */
export function belongsToTheAccount(item: string): boolean {
  return item.startsWith(OF_THE_ACCOUNT);
}

/** What a deletion leaves with AWS for a while. */
export async function keptByAws(clients: Clients): Promise<Kept> {
  return { keysPendingDeletion: (await customerKeys(clients)).filter((key) => key.pendingDeletion).map((key) => key.id) };
}

async function listed(listings: Listings, clients: Clients): Promise<string[]> {
  const found = await Promise.all(Object.entries(listings).map(async ([kind, list]) =>
    (await list(clients)).filter((name) => name !== undefined).map((name) => `${kind} ${name}`)));
  return found.flat();
}
