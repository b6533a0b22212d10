import { DescribeKeyCommand, paginateListKeys } from '@aws-sdk/client-kms';
import { Clients } from '../clients';

/** A key of the customer's, which AWS keeps for a while after it was deleted. */
export interface CustomerKey {
  readonly id: string;
  readonly pendingDeletion: boolean;
}

/** The keys that are not AWS's own. */
export async function customerKeys({ kms }: Clients): Promise<CustomerKey[]> {
  const keys: CustomerKey[] = [];
  for await (const { Keys } of paginateListKeys({ client: kms }, {})) {
    for (const { KeyId } of Keys ?? []) {
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
      if (KeyMetadata!.KeyManager !== 'AWS') keys.push({ id: KeyId!, pendingDeletion: KeyMetadata!.KeyState === 'PendingDeletion' });
    }
  }
  return keys;
}
