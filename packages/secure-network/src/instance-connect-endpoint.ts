import { Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { keepClosed } from './private/keep-closed';

/** How long AWS keeps a tunnel at most. */
const LONGEST_TUNNEL = Duration.hours(1);

/**
 * Properties of `InstanceConnectEndpoint`.
 */
export interface InstanceConnectEndpointProps {
  /**
   * The network whose machines administrators connect to.
   */
  readonly vpc: ec2.IVpc;

  /**
   * Where the endpoint stands: the first subnet that is selected. It reaches machines in all zones of the VPC; connections to other zones are
   * charged for crossing.
   *
   * @default - the first private subnet
   */
  readonly subnets?: ec2.SubnetSelection;
}

/**
 * A door for administrators that is closed to the internet: SSH to private machines through AWS, where IAM decides who may, CloudTrail
 * records each tunnel, and no machine has a public address or a port open to any.
 *
 * It costs nothing. A VPC has one, an account five in a region.
 *
 * Controls: NET-10 administrator access.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-with-ec2-instance-connect-endpoint.html
 */
export class InstanceConnectEndpoint extends Construct implements ec2.IConnectable {
  /** The endpoint, by the L1: CDK has no other. */
  public readonly endpoint: ec2.CfnInstanceConnectEndpoint;

  /** Its group: nothing reaches it, and it reaches the tiers that name it only. */
  public readonly securityGroup: ec2.SecurityGroup;

  /** What the endpoint reaches. */
  public readonly connections: ec2.Connections;

  constructor(scope: Construct, id: string, props: InstanceConnectEndpointProps) {
    super(scope, id);

    const [subnet] = props.vpc.selectSubnets(props.subnets ?? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }).subnets;
    if (!subnet) {
      throw new Error(`'subnets' must select a subnet for the endpoint to stand in, got none; pass others [${this.node.path}]`);
    }
    this.securityGroup = new ec2.SecurityGroup(this, 'Group', {
      vpc: props.vpc,
      description: 'EC2 Instance Connect Endpoint',
      allowAllOutbound: false,
      allowAllIpv6Outbound: false,
      disableInlineRules: false,
    });
    keepClosed(this.securityGroup);
    this.connections = new ec2.Connections({ securityGroups: [this.securityGroup] });
    this.endpoint = new ec2.CfnInstanceConnectEndpoint(this, 'Endpoint', {
      subnetId: subnet.subnetId,
      securityGroupIds: [this.securityGroup.securityGroupId],
      // machines see the endpoint: with the address of the client, rules by group would not match
      preserveClientIp: false,
    });
    this.node.defaultChild = this.endpoint;
  }

  /**
   * Lets somebody open tunnels for SSH through this endpoint, for up to an hour each. To log in they also need
   * `ec2-instance-connect:SendSSHPublicKey` on the machine, or a key that is on it.
   *
   * @param grantee who
   */
  public grantTunnel(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['ec2-instance-connect:OpenTunnel'],
      resourceArns: [Stack.of(this).formatArn({ service: 'ec2', resource: 'instance-connect-endpoint', resourceName: this.endpoint.attrId })],
      conditions: {
        NumericEquals: { 'ec2-instance-connect:remotePort': 22 },
        NumericLessThanEquals: { 'ec2-instance-connect:maxTunnelDuration': LONGEST_TUNNEL.toSeconds() },
      },
    });
  }
}
