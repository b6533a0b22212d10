/** Any of the calls, in the syntax of metric filters. */
const called = (...names: string[]) => names.map((name) => `($.eventName = ${name})`).join(' || ');

/** Any of the calls of one service. */
const calledOf = (service: string, ...names: string[]) => `($.eventSource = ${service}.amazonaws.com) && (${called(...names)})`;

/**
 * An activity that the CIS AWS Foundations Benchmark asks to be told about, with the metric filter that finds it among the events
 * of a trail.
 *
 * The patterns are complete as CIS states them; what is in parentheses here, and not there, is how CIS means it.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
 */
export class MonitoredActivity {
  /** Calls that were refused: somebody tries what they may not do. Not the log delivery of AWS, and not `HeadBucket`. */
  public static readonly UNAUTHORIZED_API_CALLS = new MonitoredActivity('UnauthorizedApiCalls', 'unauthorized API calls', 1, 2,
    '(($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*"))'
    + ' && ($.sourceIPAddress != "delivery.logs.amazonaws.com") && ($.eventName != "HeadBucket")');

  /** A user of IAM signed in to the console with nothing but a password. */
  public static readonly SIGN_IN_WITHOUT_MFA = new MonitoredActivity('SignInWithoutMfa', 'console sign-in without MFA', 2, 3,
    '($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes")'
    + ' && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success")');

  /** The root user did anything at all. Not what a service does for the account. */
  public static readonly ROOT_USAGE = new MonitoredActivity('RootUsage', 'usage of the root user', 3, 1,
    '$.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent"');

  /** A policy of IAM was made, changed, attached or taken away. */
  public static readonly IAM_POLICY_CHANGES = new MonitoredActivity('IamPolicyChanges', 'changes of IAM policies', 4, 4, calledOf('iam',
    'DeleteGroupPolicy', 'DeleteRolePolicy', 'DeleteUserPolicy', 'PutGroupPolicy', 'PutRolePolicy', 'PutUserPolicy', 'CreatePolicy',
    'DeletePolicy', 'CreatePolicyVersion', 'DeletePolicyVersion', 'AttachRolePolicy', 'DetachRolePolicy', 'AttachUserPolicy',
    'DetachUserPolicy', 'AttachGroupPolicy', 'DetachGroupPolicy'));

  /** A trail was made, changed, started, stopped or deleted. */
  public static readonly CLOUDTRAIL_CHANGES = new MonitoredActivity('CloudTrailChanges', 'changes of CloudTrail', 5, 5,
    called('CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging'));

  /** A sign-in to the console failed. */
  public static readonly SIGN_IN_FAILURES = new MonitoredActivity('SignInFailures', 'failed console sign-ins', 6, 6,
    '($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication")');

  /** A key was disabled, or its deletion begun. */
  public static readonly KEY_DELETION = new MonitoredActivity('KeyDeletion', 'keys disabled or to be deleted', 7, 7,
    calledOf('kms', 'DisableKey', 'ScheduleKeyDeletion'));

  /** Who may reach a bucket, or how long it keeps what, was changed. */
  public static readonly BUCKET_POLICY_CHANGES = new MonitoredActivity('BucketPolicyChanges', 'changes of bucket policies', 8, 8,
    calledOf('s3', 'PutBucketAcl', 'PutBucketPolicy', 'PutBucketCors', 'PutBucketLifecycle', 'PutBucketReplication', 'DeleteBucketPolicy',
      'DeleteBucketCors', 'DeleteBucketLifecycle', 'DeleteBucketReplication'));

  /** AWS Config was stopped, or its recorder or channel changed. */
  public static readonly CONFIG_CHANGES = new MonitoredActivity('ConfigChanges', 'changes of AWS Config', 9, 9,
    calledOf('config', 'StopConfigurationRecorder', 'DeleteDeliveryChannel', 'PutDeliveryChannel', 'PutConfigurationRecorder'));

  /** A security group was made, opened, closed or deleted. */
  public static readonly SECURITY_GROUP_CHANGES = new MonitoredActivity('SecurityGroupChanges', 'changes of security groups', 10, 10,
    called('AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress', 'RevokeSecurityGroupIngress', 'RevokeSecurityGroupEgress',
      'CreateSecurityGroup', 'DeleteSecurityGroup'));

  /** A network access control list was changed. */
  public static readonly NETWORK_ACL_CHANGES = new MonitoredActivity('NetworkAclChanges', 'changes of network ACLs', 11, 11,
    called('CreateNetworkAcl', 'CreateNetworkAclEntry', 'DeleteNetworkAcl', 'DeleteNetworkAclEntry', 'ReplaceNetworkAclEntry',
      'ReplaceNetworkAclAssociation'));

  /** A gateway to other networks was made, attached, detached or deleted. */
  public static readonly GATEWAY_CHANGES = new MonitoredActivity('GatewayChanges', 'changes of network gateways', 12, 12,
    called('CreateCustomerGateway', 'DeleteCustomerGateway', 'AttachInternetGateway', 'CreateInternetGateway', 'DeleteInternetGateway',
      'DetachInternetGateway'));

  /** A route was changed. */
  public static readonly ROUTE_TABLE_CHANGES = new MonitoredActivity('RouteTableChanges', 'changes of route tables', 13, 13,
    calledOf('ec2', 'CreateRoute', 'CreateRouteTable', 'ReplaceRoute', 'ReplaceRouteTableAssociation', 'DeleteRouteTable', 'DeleteRoute',
      'DisassociateRouteTable'));

  /** A VPC was made, changed, peered or deleted. */
  public static readonly VPC_CHANGES = new MonitoredActivity('VpcChanges', 'changes of VPCs', 14, 14,
    called('CreateVpc', 'DeleteVpc', 'ModifyVpcAttribute', 'AcceptVpcPeeringConnection', 'CreateVpcPeeringConnection',
      'DeleteVpcPeeringConnection', 'RejectVpcPeeringConnection', 'AttachClassicLinkVpc', 'DetachClassicLinkVpc', 'DisableVpcClassicLink',
      'EnableVpcClassicLink'));

  /** The organization, its accounts or its policies were changed. Seen in its management account only. */
  public static readonly ORGANIZATION_CHANGES = new MonitoredActivity('OrganizationChanges', 'changes of the organization', 15, undefined,
    calledOf('organizations', 'AcceptHandshake', 'AttachPolicy', 'CreateAccount', 'CreateOrganizationalUnit', 'CreatePolicy',
      'DeclineHandshake', 'DeleteOrganization', 'DeleteOrganizationalUnit', 'DeletePolicy', 'DetachPolicy', 'DisablePolicyType',
      'EnablePolicyType', 'InviteAccountToOrganization', 'LeaveOrganization', 'MoveAccount', 'RemoveAccountFromOrganization',
      'UpdatePolicy', 'UpdateOrganizationalUnit'));

  /**
   * Every activity, in the order of CIS.
   */
  public static all(): MonitoredActivity[] {
    return [
      MonitoredActivity.UNAUTHORIZED_API_CALLS,
      MonitoredActivity.SIGN_IN_WITHOUT_MFA,
      MonitoredActivity.ROOT_USAGE,
      MonitoredActivity.IAM_POLICY_CHANGES,
      MonitoredActivity.CLOUDTRAIL_CHANGES,
      MonitoredActivity.SIGN_IN_FAILURES,
      MonitoredActivity.KEY_DELETION,
      MonitoredActivity.BUCKET_POLICY_CHANGES,
      MonitoredActivity.CONFIG_CHANGES,
      MonitoredActivity.SECURITY_GROUP_CHANGES,
      MonitoredActivity.NETWORK_ACL_CHANGES,
      MonitoredActivity.GATEWAY_CHANGES,
      MonitoredActivity.ROUTE_TABLE_CHANGES,
      MonitoredActivity.VPC_CHANGES,
      MonitoredActivity.ORGANIZATION_CHANGES,
    ];
  }

  /** What CIS and AWS call it: the number of the benchmark in its editions 3.0, 5.0 and 7.0, and the control of Security Hub. */
  public readonly controls: string[];

  /** Where it is defined. */
  public readonly source: string;

  /** The section of the runbook that says what to do. */
  public readonly runbook: string;

  private constructor(
    /** The name of the filter, and of the metric that it counts in. */
    public readonly id: string,
    /** What happened, in words. */
    public readonly title: string,
    number: number,
    securityHub: number | undefined,
    private readonly condition: string,
  ) {
    const page = 'https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html';
    this.controls = [`CIS 3.0 4.${number}`, `CIS 5.0 4.${number}`, `CIS 7.0 5.${number}`, ...securityHub ? [`FSBP CloudWatch.${securityHub}`] : []];
    this.source = securityHub ? `${page}#cloudwatch-${securityHub}` : 'https://www.cisecurity.org/benchmark/amazon_web_services';
    this.runbook = title.toLowerCase().replace(/ /g, '-');
  }

  /**
   * The pattern of the metric filter. At most 1,024 characters, which is what CloudWatch Logs takes.
   *
   * @param exclusions what must hold besides, each a condition in the syntax of metric filters
   */
  public pattern(...exclusions: string[]): string {
    return exclusions.length === 0 ? `{ ${this.condition} }` : `{ ${[this.condition, ...exclusions].map((condition) => `(${condition})`).join(' && ')} }`;
  }
}
