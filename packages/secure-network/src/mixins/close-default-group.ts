import * as path from 'node:path';
import { CfnResource, CustomResource, CustomResourceProvider, CustomResourceProviderRuntime, Duration, Mixin, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { IConstruct } from 'constructs';

/** The type CloudFormation shows, and the name of the one function of a stack. */
const CLOSED_GROUP = 'Custom::ClosedDefaultGroup';

/**
 * Properties of `CloseDefaultGroup`.
 */
export interface CloseDefaultGroupProps {
  /**
   * The key that encrypts the log of the function. It must let CloudWatch Logs in. The first VPC of a stack decides for all.
   *
   * @default - CloudWatch Logs encrypts with a key of its own; the log holds ids of groups and numbers of rules
   */
  readonly encryptionKey?: kms.IKey;
}

/**
 * Takes every rule off the default security group of a VPC: `vpc.with(new CloseDefaultGroup())`. What is attached to it by mistake reaches
 * nothing, and nothing reaches it.
 *
 * For VPCs that others made, L1s included; `SecureVpc` uses it too. CloudFormation cannot take rules off a group it did not make: a function does,
 * one for all VPCs of a stack, with a role of its own that changes these groups only. Rules that were added by hand go too, and the group stays
 * closed when this leaves the stack, where `restrictDefaultSecurityGroup` of `ec2.Vpc` removes the two rules of AWS and brings them back.
 *
 * Controls: NET-07 closed default security group.
 */
export class CloseDefaultGroup extends Mixin {
  private readonly encryptionKey?: kms.IKey;

  constructor(props: CloseDefaultGroupProps = {}) {
    super();
    this.encryptionKey = props.encryptionKey;
  }

  /**
   * Whether this can be applied to a construct.
   *
   * @param construct is an `AWS::EC2::VPC`, or not
   */
  public supports(construct: IConstruct): boolean {
    return ec2.CfnVPC.isCfnVPC(construct);
  }

  /**
   * Closes the group. Asking twice changes nothing.
   *
   * @param construct an `AWS::EC2::VPC`; anything else is left alone
   */
  public applyTo(construct: IConstruct): void {
    if (!ec2.CfnVPC.isCfnVPC(construct) || construct.node.tryFindChild('ClosedDefaultGroup')) return;

    const group = construct.attrDefaultSecurityGroup;
    const provider = this.providerOf(construct);
    const arn = Stack.of(construct).formatArn({ service: 'ec2', resource: 'security-group', resourceName: group });
    provider.addToRolePolicy({ Effect: 'Allow', Action: ['ec2:RevokeSecurityGroupIngress', 'ec2:RevokeSecurityGroupEgress'], Resource: [arn] });
    new CustomResource(construct, 'ClosedDefaultGroup', {
      serviceToken: provider.serviceToken,
      resourceType: CLOSED_GROUP,
      properties: { GroupId: group },
      serviceTimeout: Duration.minutes(10),
    });
  }

  private providerOf(vpc: ec2.CfnVPC): CustomResourceProvider {
    const stack = Stack.of(vpc);
    const existing = stack.node.tryFindChild(`${CLOSED_GROUP}CustomResourceProvider`);
    if (existing) return existing as CustomResourceProvider;

    const provider = CustomResourceProvider.getOrCreateProvider(vpc, CLOSED_GROUP, {
      codeDirectory: path.join(__dirname, '..', '..', 'assets', 'close-default-group'),
      runtime: CustomResourceProviderRuntime.NODEJS_22_X,
      description: 'Takes every rule off the default security group of a VPC',
      timeout: Duration.minutes(2),
      memorySize: Size.mebibytes(256),
      // EC2 knows no permission to describe one group
      policyStatements: [{ Effect: 'Allow', Action: 'ec2:DescribeSecurityGroups', Resource: '*' }],
    });
    const logGroup = new logs.LogGroup(provider, 'Log', {
      retention: logs.RetentionDays.ONE_YEAR,
      encryptionKey: this.encryptionKey,
      // it holds nothing that must outlive the function
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const handler = provider.node.findChild('Handler') as CfnResource;
    handler.addPropertyOverride('LoggingConfig', { LogFormat: 'JSON', LogGroup: logGroup.logGroupName });
    return provider;
  }
}
