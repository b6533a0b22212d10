import { Lazy, Resource, Tags } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** What a launch template leaves open, or says and is overridden in. */
export interface LaunchedInstanceProps {
  readonly launchTemplate: ec2.LaunchTemplate;
  readonly subnet: ec2.ISubnet;
  readonly publicAddress: boolean;
  readonly connections: ec2.Connections;
  readonly role: iam.IRole;
  /** Of the role, if it is not the one of the launch template. */
  readonly instanceProfile?: iam.IInstanceProfile;
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

  constructor(scope: Construct, id: string, props: LaunchedInstanceProps) {
    super(scope, id);

    const { launchTemplate, connections, role, instanceProfile } = props;
    const instance = new ec2.CfnInstance(this, 'Resource', {
      launchTemplate: { launchTemplateId: launchTemplate.launchTemplateId, version: launchTemplate.latestVersionNumber },
      networkInterfaces: [networkInterface(props)],
      iamInstanceProfile: instanceProfile?.instanceProfileName,
      propagateTagsToVolumeOnCreation: true,
    });
    this.node.defaultChild = instance;
    Tags.of(this).add('Name', this.node.path);

    this.connections = connections;
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

/** The template has an interface, and EC2 takes neither a subnet nor groups beside one: it takes the interface of the launch instead. */
function networkInterface({ subnet, publicAddress, connections }: LaunchedInstanceProps): ec2.CfnInstance.NetworkInterfaceProperty {
  return {
    deviceIndex: '0',
    associatePublicIpAddress: publicAddress,
    subnetId: subnet.subnetId,
    groupSet: Lazy.list({ produce: () => connections.securityGroups.map(({ securityGroupId }) => securityGroupId) }),
  };
}
