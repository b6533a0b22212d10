import { Mixin } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';

/**
 * Makes a subnet hand out no public addresses: `vpc.with(new NoAutomaticPublicAddresses())` does it for every subnet of a VPC. What needs one, a NAT
 * gateway or a load balancer, asks for it; a machine does not get one by being there.
 *
 * For subnets that others made; a `SecureVpc` uses it for its public tiers. IPv6 addresses are all public: with `assignIpv6AddressOnCreation` they are left to you.
 *
 * Controls: NET-03 no automatic public addresses.
 */
export class NoAutomaticPublicAddresses extends Mixin {
  /**
   * Whether this can be applied to a construct.
   *
   * @param construct is an `AWS::EC2::Subnet`, or not
   */
  public supports(construct: IConstruct): boolean {
    return ec2.CfnSubnet.isCfnSubnet(construct);
  }

  /**
   * Switches automatic public addresses off.
   *
   * @param construct an `AWS::EC2::Subnet`; anything else is left alone
   */
  public applyTo(construct: IConstruct): void {
    if (ec2.CfnSubnet.isCfnSubnet(construct)) construct.mapPublicIpOnLaunch = false;
  }
}
