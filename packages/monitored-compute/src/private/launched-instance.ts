import { Lazy, Resource, Tags } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** What a launch template leaves open. */
export interface LaunchedInstanceProps {
  readonly launchTemplate: ec2.LaunchTemplate;
  readonly subnet: ec2.ISubnet;
  readonly role: iam.IRole;
  /** Whether the launch template asks for a public address. */
  readonly publicAddress: boolean;
}

/** An instance as a launch template describes it, which `ec2.Instance` cannot be. */
export class LaunchedInstance extends Resource implements ec2.IInstance {
  public readonly connections: ec2.Connections;
  public readonly grantPrincipal: iam.IPrincipal;
  public readonly instanceId: string;
  public readonly instanceAvailabilityZone: string;
  public readonly instancePrivateDnsName: string;
  public readonly instancePrivateIp: string;
  public readonly instancePublicDnsName: string;
  public readonly instancePublicIp: string;
  public readonly instanceRef: ec2.InstanceReference;

  constructor(scope: Construct, id: string, { launchTemplate, subnet, role, publicAddress }: LaunchedInstanceProps) {
    super(scope, id);

    const instance = new ec2.CfnInstance(this, 'Resource', {
      launchTemplate: { launchTemplateId: launchTemplate.launchTemplateId, version: launchTemplate.latestVersionNumber },
      ...publicAddress ? { networkInterfaces: [interfaceIn(subnet, launchTemplate)] } : { subnetId: subnet.subnetId },
      propagateTagsToVolumeOnCreation: true,
    });
    Tags.of(this).add('Name', this.node.path);

    this.connections = launchTemplate.connections;
    this.grantPrincipal = role.grantPrincipal;
    this.instanceId = instance.ref;
    this.instanceAvailabilityZone = instance.attrAvailabilityZone;
    this.instancePrivateDnsName = instance.attrPrivateDnsName;
    this.instancePrivateIp = instance.attrPrivateIp;
    this.instancePublicDnsName = instance.attrPublicDnsName;
    this.instancePublicIp = instance.attrPublicIp;
    this.instanceRef = { instanceId: instance.ref };
  }
}

/** A template that asks for a public address has an interface, and EC2 takes no subnet beside one: it takes the interface of the launch instead. */
function interfaceIn(subnet: ec2.ISubnet, { connections }: ec2.LaunchTemplate): ec2.CfnInstance.NetworkInterfaceProperty {
  return {
    deviceIndex: '0',
    associatePublicIpAddress: true,
    subnetId: subnet.subnetId,
    groupSet: Lazy.list({ produce: () => connections.securityGroups.map(({ securityGroupId }) => securityGroupId) }),
  };
}
