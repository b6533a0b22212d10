import { App, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { NetworkPlace, ReachabilityCheck } from '../../src';

type RouteTarget = Omit<ec2.CfnRouteProps, 'routeTableId'>;
type Rule = ec2.CfnSecurityGroup.IngressProperty;
type Entry = [number: number, action: 'allow' | 'deny', range: string, ports?: [number, number], protocol?: number];

/** A network written as L1s: a public subnet that is routed to an internet gateway, a private one that is not, and whatever a test adds. */
export class SmallNetwork {
  public readonly stack = new Stack(new App(), 'Stack');
  public readonly check = ReachabilityCheck.of(this.stack);
  public readonly vpc = new ec2.CfnVPC(this.stack, 'Vpc', { cidrBlock: '10.0.0.0/16' });
  public readonly gateway = new ec2.CfnInternetGateway(this.stack, 'Gateway');
  public readonly attachment = new ec2.CfnVPCGatewayAttachment(this.stack, 'Attachment', {
    vpcId: this.vpc.ref, internetGatewayId: this.gateway.ref,
  });

  public readonly public = this.subnet('Public', '10.0.1.0/24', { destinationCidrBlock: '0.0.0.0/0', gatewayId: this.gateway.ref });
  public readonly private = this.subnet('Private', '10.0.2.0/24');
  private entries = 0;

  /** A subnet with a route table of its own. */
  public subnet(id: string, cidrBlock: string, ...routes: RouteTarget[]): ec2.CfnSubnet {
    const subnet = new ec2.CfnSubnet(this.stack, id, { vpcId: this.vpc.ref, cidrBlock });
    const table = new ec2.CfnRouteTable(this.stack, `${id}Table`, { vpcId: this.vpc.ref });
    new ec2.CfnSubnetRouteTableAssociation(this.stack, `${id}TableOf`, { subnetId: subnet.ref, routeTableId: table.ref });
    routes.forEach((route, index) => new ec2.CfnRoute(this.stack, `${id}Route${index}`, { ...route, routeTableId: table.ref }));
    return subnet;
  }

  /** A route more in the table of a subnet. */
  public route(subnet: ec2.CfnSubnet, id: string, route: RouteTarget): ec2.CfnRoute {
    const table = this.stack.node.findChild(`${subnet.node.id}Table`) as ec2.CfnRouteTable;
    return new ec2.CfnRoute(this.stack, id, { ...route, routeTableId: table.ref });
  }

  /** A public NAT gateway, with its address. */
  public nat(subnet: ec2.CfnSubnet, id = 'Nat'): ec2.CfnNatGateway {
    const address = new ec2.CfnEIP(this.stack, `${id}Address`);
    return new ec2.CfnNatGateway(this.stack, id, { subnetId: subnet.ref, allocationId: address.attrAllocationId });
  }

  /** A security group; without `egress` EC2 opens it to anywhere. */
  public group(id: string, securityGroupIngress: Rule[] = [], securityGroupEgress?: ec2.CfnSecurityGroup.EgressProperty[]): ec2.CfnSecurityGroup {
    return new ec2.CfnSecurityGroup(this.stack, id, { groupDescription: id, vpcId: this.vpc.ref, securityGroupIngress, securityGroupEgress });
  }

  /** An instance with one interface. */
  public instance(id: string, subnet: ec2.CfnSubnet, group?: ec2.CfnSecurityGroup, associatePublicIpAddress = false): ec2.CfnInstance {
    return new ec2.CfnInstance(this.stack, id, {
      networkInterfaces: [{ deviceIndex: '0', subnetId: subnet.ref, groupSet: group && [group.attrGroupId], associatePublicIpAddress }],
    });
  }

  /** A network ACL of its own for a subnet. */
  public acl(subnet: ec2.CfnSubnet, ingress: Entry[], egress: Entry[]): ec2.CfnNetworkAcl {
    const id = `${subnet.node.id}Acl`;
    const acl = new ec2.CfnNetworkAcl(this.stack, id, { vpcId: this.vpc.ref });
    new ec2.CfnSubnetNetworkAclAssociation(this.stack, `${id}Of`, { subnetId: subnet.ref, networkAclId: acl.attrId });
    ingress.forEach((entry) => this.entry(acl.attrId, entry, false));
    egress.forEach((entry) => this.entry(acl.attrId, entry, true));
    return acl;
  }

  /** An entry of a network ACL. */
  public entry(networkAclId: string, [ruleNumber, ruleAction, range, ports, protocol = 6]: Entry, egress: boolean): ec2.CfnNetworkAclEntry {
    return new ec2.CfnNetworkAclEntry(this.stack, `Entry${++this.entries}`, {
      networkAclId, ruleNumber, ruleAction, egress,
      ...(range.includes(':') ? { ipv6CidrBlock: range } : { cidrBlock: range }),
      ...(ports ? { protocol, portRange: { from: ports[0], to: ports[1] } } : { protocol: -1 }),
    });
  }

  /** States that nothing on the internet reaches what is given. */
  public notFromInternet(resource: ec2.CfnInstance): void {
    this.check.noPath(NetworkPlace.INTERNET, NetworkPlace.resource(resource));
  }

  /** States that what is given does not reach the internet. */
  public notToInternet(resource: ec2.CfnInstance): void {
    this.check.noPath(NetworkPlace.resource(resource), NetworkPlace.INTERNET);
  }
}

/** A rule about TCP. */
export function tcp(port: number, cidrIp: string): ec2.CfnSecurityGroup.IngressProperty {
  return { ipProtocol: 'tcp', fromPort: port, toPort: port, cidrIp };
}

/** A rule that lets the members of a group in. */
export function tcpFrom(port: number, group: ec2.CfnSecurityGroup): ec2.CfnSecurityGroup.IngressProperty {
  return { ipProtocol: 'tcp', fromPort: port, toPort: port, sourceSecurityGroupId: group.attrGroupId };
}

/** A rule about everything. */
export const EVERYTHING = { ipProtocol: '-1', cidrIp: '0.0.0.0/0' };
