import { RemovalPolicy, Size } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { InstanceThresholds } from './instance-alarms';

/**
 * What one instance and a fleet of them have in common.
 */
export interface MachineProps extends InstanceThresholds {
  /**
   * The network the instances are placed in.
   */
  readonly vpc: ec2.IVpc;

  /**
   * The groups that every instance joins. None may be empty; the first is the one that `connections` adds rules to, together with the others.
   *
   * @default - a new one that lets nothing in, and only HTTPS out
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * The type. It must take EBS-optimized volumes, as every current type does. It may be a CloudFormation parameter; then
   * `machineImage` must be given, as nobody knows the architecture.
   *
   * @default - t4g.small
   */
  readonly instanceType?: ec2.InstanceType;

  /**
   * The image: Amazon Linux 2023, or made from it. For an image id of a CloudFormation parameter see `LinuxImage`. User data that
   * comes with the image object is not used.
   *
   * The default is looked up at every deployment: a new image replaces the instances. Give an image id to pin it.
   *
   * @default - the latest Amazon Linux 2023 for the architecture of the type
   */
  readonly machineImage?: ec2.IMachineImage;

  /**
   * The key that encrypts the volume, and the log group if it is made here. Its policy must let the account's IAM policies
   * permit its use and grants for AWS resources.
   *
   * @default - a new `EncryptionKey`, rotated every 365 days
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The size of the root volume. Whole GiB, from 8 to 65,536.
   *
   * @default Size.gibibytes(20)
   * @see https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
   */
  readonly rootVolumeSize?: Size;

  /**
   * The device of the image's root volume. With a wrong one the root volume would stay as the image has it, and a second volume be made.
   *
   * @default '/dev/xvda'
   */
  readonly rootDeviceName?: string;

  /**
   * Your own role. What the agent and Session Manager need is added to it as one managed policy; the denial of privilege
   * escalation is not.
   *
   * @default - a new `InstanceRole`
   */
  readonly role?: iam.IRole;

  /**
   * The name of the new role. Not together with `role`.
   *
   * @default - CloudFormation makes a unique name
   */
  readonly roleName?: string;

  /**
   * The name of the managed policy that holds what the instance itself needs.
   *
   * @default - CloudFormation makes a unique name
   */
  readonly baselinePolicyName?: string;

  /**
   * The most the new role may ever do. Not together with `role`.
   *
   * @default - no boundary
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;

  /**
   * The log group of the system's and the application's log files.
   *
   * @default - a new `EncryptedLogGroup`, kept for a year
   */
  readonly logGroup?: logs.ILogGroup;

  /**
   * Log files of the application, by absolute path. The system's own are always sent.
   *
   * @default - only the log files of the system
   */
  readonly logFiles?: string[];

  /**
   * Who is told when an alarm goes off. The topic, and the key that encrypts it, must let CloudWatch alarms publish.
   *
   * @default - nobody is told, and synthesis warns (CMP-10)
   */
  readonly alarmTopic?: sns.ITopic;

  /**
   * Whether people can open sessions on the instance with Session Manager. When off, neither the permissions nor the running agent of
   * Systems Manager remain.
   *
   * @default true
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html
   */
  readonly sessionManager?: boolean;

  /**
   * A key pair for SSH: a secret that is shared, never expires and leaves no record of who used it. Synthesis warns (CMP-06).
   *
   * @default - none; sessions are opened with Session Manager
   */
  readonly keyPair?: ec2.IKeyPair;

  /**
   * What happens to the key and the log group, if they are made here, when they leave the stack. Instances and their volumes
   * always go.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
