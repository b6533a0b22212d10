import { Clients } from '../../clients';

/** The names of one kind of resource that an account and region hold. */
export type Listing = (clients: Clients) => Promise<(string | undefined)[]>;

/** One row per kind of resource: how to list them. */
export type Listings = Readonly<Record<string, Listing>>;

/** What all pages of an answer hold. */
export async function all<P>(pages: AsyncIterable<P>, items: (page: P) => (string | undefined)[] | undefined): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  for await (const page of pages) found.push(...items(page) ?? []);
  return found;
}
