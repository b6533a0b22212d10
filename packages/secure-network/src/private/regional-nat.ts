import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

/**
 * One NAT gateway for all zones of a VPC, and a route to it from each private subnet.
 *
 * By L1: aws-cdk-lib has `NatProvider.regionalGateway` only from 2.272 on, above our floor. It needs a public subnet there, here none.
 */
export function regionalNat(scope: Construct, vpc: ec2.Vpc, zones: string[], allocationIds: string[] | undefined): ec2.CfnNatGateway {
  const gateway = new ec2.CfnNatGateway(scope, 'RegionalNat', {
    availabilityMode: 'regional',
    connectivityType: 'public',
    vpcId: vpc.vpcId,
    availabilityZoneAddresses: allocationIds?.map((id, i) => ({ availabilityZone: zones[i], allocationIds: [id] })),
  });
  // EC2 refuses it in a VPC without a way to the internet
  gateway.node.addDependency(vpc.node.findChild('VPCGW'));
  // the id of the route to a zonal gateway: going from one kind to the other changes the route in place
  const route = { routerType: ec2.RouterType.NAT_GATEWAY, routerId: gateway.ref, enablesInternetConnectivity: true };
  (vpc.privateSubnets as ec2.PrivateSubnet[]).forEach((subnet) => subnet.addRoute('DefaultRoute', route));
  return gateway;
}
