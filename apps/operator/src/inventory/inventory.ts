import { Clients } from '../clients';
import { customerKeys } from './keys';
import { LISTINGS } from './listings';

/** The names of what an account holds, each with its kind in front, sorted. */
export type Inventory = readonly string[];

/** What AWS itself keeps for a while after a deletion: not a leftover, but worth a word. */
export interface Kept {
  readonly keysPendingDeletion: readonly string[];
}

/** Lists what an account and region hold. */
export async function takeInventory(clients: Clients): Promise<Inventory> {
  const found = await Promise.all(Object.entries(LISTINGS).map(async ([kind, list]) =>
    (await list(clients)).filter((name) => name !== undefined).map((name) => `${kind} ${name}`)));
  return found.flat().sort();
}

/** What a deletion leaves with AWS for a while. */
export async function keptByAws(clients: Clients): Promise<Kept> {
  return { keysPendingDeletion: (await customerKeys(clients)).filter((key) => key.pendingDeletion).map((key) => key.id) };
}
