/** One more zone, each with a NAT gateway of its own: one more subnet in every tier, in the first ranges that are free. */
import { Egress, SecureVpcProps } from '@tapstack/secure-network';
import { alterNetworks } from './altered-network';

alterNetworks((props) => {
  const free = freeRanges(props);
  return {
    ...props,
    singleZone: undefined,
    availabilityZoneCount: props.availabilityZoneCount && props.availabilityZoneCount + 1,
    tiers: props.tiers?.map((tier) => (tier.cidrs ? { ...tier, cidrs: [...tier.cidrs, free.next().value!] } : tier)),
    egress: props.egress === Egress.NONE ? props.egress : Egress.PER_ZONE,
  };
});

function* freeRanges({ cidr = '10.0.0.0/16', tiers = [] }: SecureVpcProps): Generator<string, undefined> {
  const taken = new Set(tiers.flatMap((tier) => tier.cidrs ?? []));
  const [first, second] = cidr.split('.');
  for (let third = 0; third < 256; third += 1) {
    const range = `${first}.${second}.${third}.0/24`;
    if (!taken.has(range)) yield range;
  }
  return undefined;
}
