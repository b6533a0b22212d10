import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { OutputValue } from '../conventions/outputs';

const ZONES = ['first', 'second', 'third'];

/** The network and its subnets, tier by tier and zone by zone. */
export function networkOutputs(vpc: ec2.IVpc): Record<string, OutputValue> {
  const tiers = Object.entries({ Public: vpc.publicSubnets, Private: vpc.privateSubnets, Database: vpc.isolatedSubnets });
  const subnets = tiers.flatMap(([tier, ofTier]) => ofTier.map(({ subnetId }, zone): [string, OutputValue] => (
    [`${tier}Subnet${zone + 1}Id`, { value: subnetId, description: `The ${tier.toLowerCase()} subnet of the ${ZONES[zone]} zone` }])));
  return { VPCId: { value: vpc.vpcId, description: 'The network' }, ...Object.fromEntries(subnets) };
}
