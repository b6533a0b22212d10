import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EndpointSet } from './endpoint-set';
import { keepClosed } from './private/keep-closed';
import { ENDPOINT_RULE, insideProblem } from './private/peer-rule';

/**
 * Properties of `InterfaceEndpoints`.
 */
export interface InterfaceEndpointsProps {
  /**
   * The network the endpoints stand in. It needs DNS support and DNS host names for their names to lead to them.
   */
  readonly vpc: ec2.IVpc;

  /**
   * Which services are reached. A service that is in several sets gets one endpoint.
   */
  readonly sets: EndpointSet[];

  /**
   * Where the endpoints stand: one subnet in each zone, and each zone is paid for.
   *
   * @default - the private subnets, one in each zone
   */
  readonly subnets?: ec2.SubnetSelection;

  /**
   * Who reaches the endpoints, on TCP 443.
   *
   * @default - any address in the first range of the VPC
   */
  readonly reachedFrom?: ec2.IPeer[];
}

/**
 * The way to AWS services that leaves the VPC nowhere: interface endpoints with one security group for all of them, and a policy that lets
 * principals of this account through and nobody else's.
 *
 * Credentials of another account, brought along by whoever broke in, carry no data out this way. Callers that sign nothing
 * (`sts:AssumeRoleWithWebIdentity`) are not let through either: open the one endpoint with `endpoints.sts.addToPolicy`.
 *
 * Controls: NET-13 interface endpoints.
 *
 * @throws when no service is asked for, or when everybody on the internet might reach the endpoints
 */
export class InterfaceEndpoints extends Construct implements ec2.IConnectable {
  /** The endpoints, by the name of the service as in `com.amazonaws.<region>.<name>`: `ssm`, `logs`, `ecr.api`. */
  public readonly endpoints: { [service: string]: ec2.InterfaceVpcEndpoint };

  /** The one group of all endpoints. */
  public readonly securityGroup: ec2.SecurityGroup;

  /** Who may reach the endpoints; their port is 443. */
  public readonly connections: ec2.Connections;

  constructor(scope: Construct, id: string, props: InterfaceEndpointsProps) {
    super(scope, id);

    const services = this.distinct(props.sets);
    const rules = (props.reachedFrom ?? [ec2.Peer.ipv4(props.vpc.vpcCidrBlock)])
      .map((peer) => ({ peer, port: ec2.Port.HTTPS, description: ENDPOINT_RULE }));
    this.check(services, props.reachedFrom ?? []);

    this.securityGroup = new ec2.SecurityGroup(this, 'Group', {
      vpc: props.vpc,
      description: 'Interface endpoints',
      allowAllOutbound: false,
      allowAllIpv6Outbound: false,
      disableInlineRules: false,
    });
    keepClosed(this.securityGroup);
    rules.forEach(({ peer, port, description }) => this.securityGroup.addIngressRule(peer, port, description));
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup], defaultPort: ec2.Port.HTTPS });

    const subnets = props.subnets ?? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, onePerAz: true };
    this.endpoints = Object.fromEntries(services.map((service) => [service.shortName, this.endpoint(props.vpc, service, subnets)]));
  }

  private endpoint(vpc: ec2.IVpc, service: ec2.InterfaceVpcEndpointAwsService, subnets: ec2.SubnetSelection): ec2.InterfaceVpcEndpoint {
    // by the name of the service: more sets change none that is there
    const endpoint = new ec2.InterfaceVpcEndpoint(this, service.shortName.replace(/[^A-Za-z0-9]/g, '-'), {
      vpc,
      service,
      subnets,
      securityGroups: [this.securityGroup],
      open: false,
      privateDnsEnabled: true,
    });
    endpoint.addToPolicy(new iam.PolicyStatement({
      sid: 'WithinThisAccount',
      principals: [new iam.StarPrincipal()],
      actions: ['*'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:PrincipalAccount': Stack.of(this).account } },
    }));
    return endpoint;
  }

  private distinct(sets: EndpointSet[]): ec2.InterfaceVpcEndpointAwsService[] {
    const services = sets.flatMap((set) => set._services);
    return services.filter((service, i) => services.findIndex(({ shortName }) => shortName === service.shortName) === i);
  }

  private check(services: ec2.InterfaceVpcEndpointAwsService[], reachedFrom: ec2.IPeer[]): void {
    const problems = [
      services.length === 0 ? "'sets' must have a service, got none; leave the endpoints out, or say what they lead to" : undefined,
      ...reachedFrom.map((peer) => insideProblem("'reachedFrom'", peer)),
    ].filter((problem) => problem !== undefined);
    if (problems.length > 0) throw new Error(problems.map((problem) => `${problem} [${this.node.path}]`).join('\n'));
  }
}
