import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';

/** What is known about the way from a subnet to SNS. */
export enum Way { THERE, MISSING, UNKNOWN }

/**
 * Whether a function in `subnet` can reach SNS, as far as the app knows.
 *
 * Functions get no public address, so an internet gateway does not help them. Of a network that was made elsewhere only the
 * kind of a subnet is known, and not its endpoints.
 */
export function wayToSns(vpc: ec2.IVpc, subnet: ec2.ISubnet): Way {
  const resources = vpc.node.root.node.findAll();
  if (resources.some((resource) => isSnsEndpoint(resource, vpc))) return Way.THERE;

  if (subnet.node.findAll().some((child) => child instanceof ec2.CfnSubnet)) {
    return resources.some((resource) => isWayOut(resource, subnet)) ? Way.THERE : Way.MISSING;
  }
  return vpc.privateSubnets.some(({ subnetId }) => subnetId === subnet.subnetId) ? Way.THERE : Way.UNKNOWN;
}

function isSnsEndpoint(resource: IConstruct, vpc: ec2.IVpc): boolean {
  if (!(resource instanceof ec2.CfnVPCEndpoint) || resource.vpcId !== vpc.vpcId) return false;

  // most of the name is known at deployment only, but not its end
  return /\.sns"/.test(JSON.stringify(Stack.of(resource).resolve(resource.serviceName)));
}

/** A default route to anything but a gateway of the VPC: a NAT gateway or instance, a transit gateway, a firewall. */
function isWayOut(resource: IConstruct, subnet: ec2.ISubnet): boolean {
  return resource instanceof ec2.CfnRoute
    && resource.routeTableId === subnet.routeTable.routeTableId
    && resource.destinationCidrBlock === '0.0.0.0/0'
    && resource.gatewayId === undefined;
}
