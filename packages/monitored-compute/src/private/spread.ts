import * as ec2 from 'aws-cdk-lib/aws-ec2';

/** The subnets in an order that visits every zone before any zone twice. */
export function spread(subnets: ec2.ISubnet[]): ec2.ISubnet[] {
  const seen = new Map<string, number>();
  return subnets
    .map((subnet) => {
      const round = seen.get(subnet.availabilityZone) ?? 0;
      seen.set(subnet.availabilityZone, round + 1);
      return { subnet, round };
    })
    .sort((a, b) => a.round - b.round)
    .map(({ subnet }) => subnet);
}
