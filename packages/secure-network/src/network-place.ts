import { Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { parseCidr } from './private/reachability/addresses';
import { PlaceSpec } from './private/reachability/places';
import { shortPath } from './private/reachability/tree';

/**
 * One side of a statement about who reaches whom. More kinds may follow: do not compare, pass one on.
 */
export class NetworkPlace {
  /** Every address that is routed on the internet, IPv4 and IPv6. */
  public static readonly INTERNET = new NetworkPlace({ label: 'the internet', internet: true });

  /**
   * A tier: whatever stands in these subnets, and whatever may be put there one day, with any security group and a public address.
   *
   * @param vpc the network
   * @param selection which of its subnets; all private ones, as everywhere in CDK, if left out
   */
  public static subnets(vpc: ec2.IVpc, selection?: ec2.SubnetSelection): NetworkPlace {
    const { subnetIds } = vpc.selectSubnets(selection);
    const name = selection?.subnetGroupName ?? selection?.subnetType ?? (selection ? 'chosen' : 'private');
    return new NetworkPlace({ label: `the ${name} subnets of ${vpc.node.path}`, subnetIds });
  }

  /**
   * The same for subnets by id, `attrSubnetId` of an L1 for one.
   *
   * @param subnetIds the ids; at least one
   */
  public static subnetIds(...subnetIds: string[]): NetworkPlace {
    if (subnetIds.length === 0) throw new Error("'subnetIds' must name at least one subnet, got none");
    return new NetworkPlace({ label: subnetIds.length === 1 ? 'the subnet' : `the ${subnetIds.length} subnets`, subnetIds });
  }

  /**
   * Whatever holds a security group. If nothing in the app does, whatever may hold it one day, in any subnet of its VPC.
   *
   * @param group the security group
   */
  public static securityGroup(group: ec2.ISecurityGroup): NetworkPlace {
    return new NetworkPlace({ label: `security group ${group.node.path}`, groupId: group.securityGroupId });
  }

  /**
   * The same by id, `attrGroupId` of an L1 for one.
   *
   * @param securityGroupId the id
   */
  public static securityGroupId(securityGroupId: string): NetworkPlace {
    return new NetworkPlace({ label: 'the security group', groupId: securityGroupId });
  }

  /**
   * A construct: an instance, a fleet, a database, a function, a load balancer, a network interface, or whatever has some of them inside.
   *
   * @param construct the construct
   */
  public static resource(construct: IConstruct): NetworkPlace {
    return new NetworkPlace({ label: shortPath(construct.node.path), construct });
  }

  /**
   * Ranges of addresses, near and far: an office, a data centre. A range that is a token is only known to be itself.
   *
   * @param cidrs IPv4 and IPv6 ranges; at least one
   * @throws when one is neither a range nor a token
   */
  public static addresses(...cidrs: string[]): NetworkPlace {
    if (cidrs.length === 0) throw new Error("'cidrs' must name at least one range, got none");
    checkCidrs(cidrs);
    return new NetworkPlace({ label: `addresses ${cidrs.map((cidr) => (Token.isUnresolved(cidr) ? 'of a parameter' : cidr)).join(', ')}`, cidrs });
  }

  private constructor(private readonly spec: PlaceSpec) {}

  /** What this is called in findings. */
  public get name(): string {
    return this.spec.label;
  }

  /** @internal */
  public _spec(): PlaceSpec {
    return this.spec;
  }
}

function checkCidrs(cidrs: string[]): void {
  const wrong = cidrs.find((cidr) => !Token.isUnresolved(cidr) && !(cidr.includes('/') && parseCidr(cidr)));
  if (wrong !== undefined) throw new Error(`'cidrs' must be ranges like 10.0.0.0/16 or 2001:db8::/32, got ${wrong}`);
}
