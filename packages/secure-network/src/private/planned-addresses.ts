import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { SubnetPlan } from '../subnet-plan';

/** Gives a `Vpc` the exact ranges of a plan, where CDK's own would divide the VPC by itself. */
export class PlannedAddresses implements ec2.IIpAddresses {
  constructor(private readonly plan: SubnetPlan, private readonly zones: string[]) {}

  public allocateVpcCidr(): ec2.VpcIpamOptions {
    return { cidrBlock: this.plan.cidr };
  }

  public allocateSubnetsCidr(request: ec2.AllocateCidrRequest): ec2.SubnetIpamOptions {
    return {
      allocatedSubnets: request.requestedSubnets.map(({ configuration, availabilityZone }) => {
        const zone = this.zones.indexOf(availabilityZone) + 1;
        return this.plan.subnets.find((subnet) => subnet.tier === configuration.name && subnet.zone === zone)!;
      }),
    };
  }
}
