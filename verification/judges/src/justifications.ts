import { JudgeName } from './judge';

/**
 * A finding that we live with: one rule of one judge on one resource, and why. Nothing else silences a judge.
 *
 * An entry that silences nothing any more fails, and so does the 26th rule.
 */
export interface Justification {
  readonly judge: JudgeName;
  readonly rule: string;
  readonly environment: string;
  /** The path of the resource's construct below its stack. */
  readonly resource: string;
  readonly reason: string;
}

/** More than this is not a list of exceptions but another opinion. */
export const MOST_RULES = 25;

type Known = Omit<Justification, 'environment'>;

/** One reason that holds for several resources, each of which is looked at by itself. */
function onEach(resources: string[], known: Omit<Known, 'resource'>): Known[] {
  return resources.map((resource) => ({ ...known, resource }));
}

const INVOKED_BY_CLOUDFORMATION = 'Only CloudFormation invokes it, a few times a deployment; reserved concurrency would be taken from everything else in the account.';

/** The functions that constructs add by themselves; they run while the stack is deployed or deleted, and then not. */
const HELPERS = ['Custom::ClosedDefaultGroupCustomResourceProvider/Handler', 'Custom::S3AutoDeleteObjectsCustomResourceProvider/Handler'];

const ON_HELPERS: Known[] = [
  ...onEach(HELPERS, {
    judge: 'checkov', rule: 'CKV_AWS_117',
    reason: 'It calls public AWS APIs only and reaches nothing inside the VPC, whose endpoints it may have to outlive while the stack is deleted.',
  }),
  ...onEach(HELPERS, {
    judge: 'checkov', rule: 'CKV_AWS_115',
    reason: INVOKED_BY_CLOUDFORMATION,
  }),
  ...onEach(HELPERS, {
    judge: 'cdk-nag', rule: 'AwsSolutions-L1',
    reason: 'It is the newest runtime that the CDK has for such functions, and AWS supports it; the version of the CDK moves it.',
  }),
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-IAM5[Resource::*]', resource: 'Custom::ClosedDefaultGroupCustomResourceProvider/Role',
    reason: 'It reads which rules the default group has, and EC2 knows no resource for reading that. It takes rules off that one group only.',
  },
];

/** A function that sets something of the account while a stack is deployed or deleted. */
function onSetter(resource: string): Known[] {
  return [
    { judge: 'checkov', rule: 'CKV_AWS_117', resource, reason: 'It calls public AWS APIs only and reaches nothing inside the VPC.' },
    { judge: 'checkov', rule: 'CKV_AWS_115', resource, reason: INVOKED_BY_CLOUDFORMATION },
  ];
}

/** What turns on the detection of threats, in the stages that last. */
const DETECTORS = ['GuardDuty', 'AccessAnalyzer', 'SecurityHub', 'Inspector'].map((service) => `Detection/${service}`);

const ON_DETECTORS: Known[] = [
  ...DETECTORS.flatMap((detector) => onSetter(`${detector}/Function/Resource`)),
  ...onEach(['GuardDuty', 'AccessAnalyzer', 'Inspector'].map((service) => `Detection/${service}/RolePolicy/Resource`), {
    judge: 'cdk-nag', rule: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'Whether the account has the service, and turning it on, are calls about the account: they know no resource.',
  }),
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:guardduty:<AWS::Region>:<AWS::AccountId>:detector/*]',
    resource: 'Detection/GuardDuty/RolePolicy/Resource',
    reason: 'It reads whether the detector of the account is paused; the id of that detector is only known when it has been listed.',
  },
];

/** What holds for every instance, by the paths of its construct and of its security group. */
function onInstance(server: string, group: string): Known[] {
  return [
    {
      judge: 'cdk-nag', rule: 'AwsSolutions-EC23', resource: `${group}/Resource`,
      reason: 'The rule cannot read a parameter. AllowedSSHCIDR refuses prefixes shorter than /8, so it is never any address (X-01).',
    },
    {
      judge: 'cdk-nag', rule: 'AwsSolutions-EC29', resource: `${server}/Instance/Resource`,
      reason: 'Every new image replaces the instance, which keeps nothing; protected, it would fail the update. The stack itself is protected in stages that last.',
    },
  ];
}

/** A bucket of access logs. */
function onAccessLogs(bucket: string): Known {
  return {
    judge: 'checkov', rule: 'CKV_AWS_18', resource: `${bucket}/Bucket/Resource`,
    reason: 'It is the bucket that receives the access logs: logging its own deliveries would never end.',
  };
}

const PRIVATE_WORKLOAD: Known[] = [
  ...ON_HELPERS,
  ...ON_DETECTORS,
  ...onInstance('Server', 'Tiers/Instance'),
  onAccessLogs('AccessLogs'),
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-SQS3', resource: 'Detection/FailedEvents/Queue/Resource',
    reason: 'It is the dead-letter queue of the rules that tell of findings, which the judge does not look at. Nobody works on what waits there.',
  },
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-IAM5[Resource::*]', resource: 'Server/Role/Baseline/Resource',
    reason: 'cloudwatch:PutMetricData knows no resources; the namespace is its condition. The other statements on * deny.',
  },
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-IAM5[Resource::<StoreBucket.Arn>/*]', resource: 'StoreAccess/Resource',
    reason: 'Every object of its one bucket is what the role is for (P-06); the actions are listed, without deleting versions.',
  },
];

/** An instance that people open sessions on. */
function onSessions(instance: string): Known[] {
  const resource = `${instance}/Role/Baseline/Resource`;
  return [
    {
      judge: 'cdk-nag', rule: 'AwsSolutions-IAM5[Resource::*]', resource,
      reason: 'Neither PutMetricData, whose condition is the namespace, nor what Session Manager needs knows a resource. The other statements on * deny.',
    },
    {
      judge: 'checkov', rule: 'CKV_AWS_111', resource,
      reason: 'What writes without a constraint is the agent of Session Manager, which reports its own instance and opens its own channels: these actions know no resources.',
    },
  ];
}

/** The role that works with the secure storage. */
function onSecureStorage(instance: string): Known {
  return {
    judge: 'cdk-nag', rule: 'AwsSolutions-IAM5[Resource::<SecureStorageBucket.Arn>/*]', resource: `${instance}/Role/Role/Grants/Resource`,
    reason: 'Every object of its one bucket is what the role is for; the actions are listed, without deleting versions.',
  };
}

const ON_DATABASE: Known[] = [
  {
    judge: 'cfn-lint', rule: 'E3691', resource: 'Database/Instance/Resource',
    reason: 'RDS takes the line 8.4 for its preferred patch. A patch that the template pins is withdrawn after a while, and cannot be deployed afresh then.',
  },
  {
    judge: 'checkov', rule: 'CKV_AWS_157', resource: 'Database/Instance/Resource',
    reason: 'In the ephemeral stage only, which goes with its data (X-04); the others have a standby.',
  },
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-RDS3', resource: 'Database/Instance/Resource',
    reason: 'In the ephemeral stage only, which goes with its data (X-04); the others have a standby.',
  },
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-RDS10', resource: 'Database/Instance/Resource',
    reason: 'In the ephemeral stage only: a protected database would make its stack impossible to delete (X-04). The others are protected.',
  },
  ...[':*', ':log-stream:*'].map((part): Known => ({
    judge: 'cdk-nag',
    rule: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:RDSOSMetrics${part}]`,
    resource: 'Database/MonitoringPolicy/Resource',
    reason: 'RDS writes enhanced monitoring to this one log group, in streams that it names itself.',
  })),
];

/** The trail, and the function that tells about changes. */
const ON_RECORDS: Known[] = [
  {
    judge: 'cdk-nag',
    rule: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:<AuditEventsLogGroup>:log-stream:<AWS::AccountId>_CloudTrail_<AWS::Region>*]',
    resource: 'Audit/DeliveryPolicy/Resource',
    reason: 'CloudTrail numbers its streams in this one log group; this is the beginning of their names, as AWS documents it.',
  },
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-IAM5[Resource::*]', resource: 'Watch/RolePolicy/Resource',
    reason: 'Lambda takes no narrower resource for the network interfaces that it makes in the name of the role; the code of the function is denied them.',
  },
  {
    judge: 'checkov', rule: 'CKV_AWS_111', resource: 'Watch/RolePolicy/Resource',
    reason: 'Lambda takes no narrower resource for the network interfaces that it makes in the name of the role; the code of the function is denied them.',
  },
  {
    judge: 'checkov', rule: 'CKV_AWS_115', resource: 'Watch/Function/Resource',
    reason: 'Reserved concurrency is taken from everything else in the account, and a new account has none to give; what waits is handled later, and nothing is lost.',
  },
];

/** Users who manage their own device. A template says `${!aws:username}` for what IAM puts in. */
const ON_MFA: Known[] = [
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-IAM5[Resource::*]', resource: 'Identity/MfaPolicy/Resource',
    reason: 'It denies everything without MFA. What it allows on * are two calls that list and know no resources.',
  },
  ...['user/*/<!aws:username>', 'mfa/*'].map((part): Known => ({
    judge: 'cdk-nag', rule: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:iam::<AWS::AccountId>:${part}]`, resource: 'Identity/MfaPolicy/Resource',
    reason: 'The policy that AWS documents for users who manage their own device: a user has any path and names the device as it likes, and reaches no other user.',
  })),
];

const IN_THE_PUBLIC_TIER: Known = {
  judge: 'checkov', rule: 'CKV_AWS_88', resource: 'PublicServer/Instance/Resource',
  reason: 'An instance in the public tier is asked for (B-03); AllowedSSHCIDR is all that reaches it, on one port.',
};

const BASELINE: Known[] = [
  ...ON_HELPERS,
  ...ON_DETECTORS,
  ...onInstance('PublicServer', 'Tiers/Public'),
  ...onInstance('PrivateServer', 'Tiers/Private'),
  ...onSessions('PublicServer'),
  ...onSessions('PrivateServer'),
  onSecureStorage('PrivateServer'),
  onAccessLogs('Logging'),
  ...ON_DATABASE,
  ...ON_RECORDS,
  IN_THE_PUBLIC_TIER,
  ...ON_MFA,
];

/** What sees to the recorder of AWS Config. */
const ON_CONFIGURATION: Known[] = [
  ...onSetter('Config/Ensured/Function/Resource'),
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-IAM5[Resource::*]', resource: 'Config/Ensured/RolePolicy/Resource',
    reason: 'The one recorder of the region has an id that nobody knows before it is made, and its channel has no ARN at all.',
  },
  {
    judge: 'cdk-nag',
    rule: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:config:<AWS::Region>:<AWS::AccountId>:configuration-recorder/*]',
    resource: 'Config/Ensured/RolePolicy/Resource',
    reason: 'It marks the one recorder of the region as used by the stack, and no rule; its id is not known before it is made.',
  },
];

const COMPLIANCE: Known[] = [
  ...ON_HELPERS,
  ...ON_DETECTORS,
  ...onInstance('Server', 'Tiers/Server'),
  ...onSessions('Server'),
  onSecureStorage('Server'),
  onAccessLogs('Logging'),
  ...ON_DATABASE,
  ...ON_RECORDS,
  ...ON_CONFIGURATION,
];

/** An API that asks its callers to sign. */
const ON_API: Known[] = [
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-APIG2', resource: 'Api/Api/Resource',
    reason: 'Its one method is a mock that reads nothing of a request: there is nothing to validate.',
  },
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-APIG3', resource: 'Api/Api/DeploymentStage.prod/Resource',
    reason: 'Only callers who sign and may invoke it are answered, and all are throttled; a firewall is for what anybody may call.',
  },
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-COG4', resource: 'Api/Api/Default/data/GET/Resource',
    reason: 'Its callers are known to IAM, by signature (D-08); a user pool is another way to know callers, not a safer one.',
  },
  {
    judge: 'checkov', rule: 'CKV_AWS_120', resource: 'Api/Api/DeploymentStage.prod/Resource',
    reason: 'What a caller is answered may not be another one\'s: a cache of answers is a decision of who puts something behind the API.',
  },
  ...onSetter('ApiGatewayAccount/Setter/Resource'),
];

const FLEET = ['Fleet/Instance1/Resource', 'Fleet/Instance2/Resource'];

/** An instance of a launch template, into which the rule does not look. */
function onMonitoring(resource: string, requirement: string): Known {
  return {
    judge: 'cdk-nag', rule: 'AwsSolutions-EC28', resource,
    reason: `Detailed monitoring is on, in the launch template of the instance, into which the rule does not look; the deployed instance says so (${requirement}).`,
  };
}

const DATA_PLATFORM: Known[] = [
  ...ON_HELPERS,
  ...ON_DETECTORS,
  ...ON_DATABASE,
  ...ON_RECORDS,
  ...onSessions('Fleet'),
  onAccessLogs('Logging'),
  ...onEach(FLEET, {
    judge: 'cdk-nag', rule: 'AwsSolutions-EC29',
    reason: 'Every new image replaces the instance, which keeps nothing; protected, it would fail the update. The stack itself is protected in stages that last.',
  }),
  ...FLEET.map((resource) => onMonitoring(resource, 'D-04')),
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-IAM5[Resource::<LakeZonedataBucket.Arn>/*]', resource: 'Fleet/Role/Role/Grants/Resource',
    reason: 'Every object of the lake is what the role is for (D-05); the actions are listed, without deleting versions.',
  },
  ...ON_API,
];

const TAP_STACK: Known[] = [
  ...ON_HELPERS,
  ...ON_DETECTORS,
  ...onInstance('PublicServer', 'Tiers/Public'),
  onMonitoring('PublicServer/Instance/Resource', 'B-03'),
  IN_THE_PUBLIC_TIER,
  ...onSessions('Fleet'),
  onAccessLogs('Logging'),
  ...ON_DATABASE,
  ...ON_RECORDS,
  ...ON_CONFIGURATION,
  ...ON_API,
  ...ON_MFA,
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-EC23', resource: 'Tiers/Instance/Resource',
    reason: 'The rule cannot read a parameter. AllowedSSHCIDR refuses prefixes shorter than /8, so it is never any address (X-01).',
  },
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-AS3', resource: 'Fleet/Group/ASG',
    reason: 'A group that replaces an instance does its job; that it has too few in service is an alarm, and that one fails too.',
  },
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-IAM5[Resource::<LakeZonedataBucket.Arn>/*]', resource: 'Fleet/Role/Role/Grants/Resource',
    reason: 'Every object of its one bucket is what the role is for; the actions are listed, without deleting versions.',
  },
];

/** The one list; whoever adds to it needs a reviewer who agrees with the reason. */
export const JUSTIFICATIONS: Justification[] = Object.entries({
  'private-workload': PRIVATE_WORKLOAD,
  'baseline': BASELINE,
  'recoverable': [...BASELINE, ...ON_CONFIGURATION],
  'compliance': COMPLIANCE,
  'data-platform': DATA_PLATFORM,
  'tap-stack': TAP_STACK,
}).flatMap(([environment, known]) => known.map((one) => ({ ...one, environment })));
