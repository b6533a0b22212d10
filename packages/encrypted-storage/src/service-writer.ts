import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';

/**
 * An AWS service that uses a key in its own name, and so must stand in the key policy.
 *
 * Each writer is admitted with the actions its own documentation asks for and with every source condition it supports.
 * A condition that a service does not support would not tighten the policy: the service would be refused, silently.
 *
 * Pass one to `EncryptionKey.allowService`.
 */
export class ServiceWriter {
  /**
   * CloudWatch Logs, for the log groups of the account and region.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  public static readonly LOG_GROUPS = new ServiceWriter('LogGroups', (scope) => [{
    principals: [new iam.ServicePrincipal(`logs.${Stack.of(scope).region}.amazonaws.com`)],
    actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
    conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arnOfAny(scope, 'logs', 'log-group') } },
  }]);

  /**
   * CloudWatch alarms of the account and region that notify an encrypted topic.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  public static readonly CLOUDWATCH_ALARMS = ServiceWriter.publisher('CloudWatchAlarms', 'cloudwatch.amazonaws.com', (scope) => arnOfAny(scope, 'cloudwatch', 'alarm'));

  /**
   * EventBridge rules that notify an encrypted topic or queue.
   *
   * There are no source conditions, because EventBridge sends none to the key: with one, every event would be lost.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  public static readonly EVENTBRIDGE_RULES = ServiceWriter.publisher('EventBridgeRules', 'events.amazonaws.com');

  /**
   * S3 buckets of the account that notify an encrypted topic or queue.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
   */
  public static readonly S3_NOTIFICATIONS = ServiceWriter.publisher('S3Notifications', 's3.amazonaws.com', (scope) => Stack.of(scope).formatArn({ service: 's3', region: '', account: '', resource: '*' }));

  /**
   * RDS event subscriptions of the account and region that notify an encrypted topic.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.GrantingPermissions.html
   */
  public static readonly RDS_EVENTS = ServiceWriter.publisher('RdsEvents', 'events.rds.amazonaws.com', (scope) => Stack.of(scope).formatArn({ service: 'rds', resource: '*' }));

  /**
   * AWS Budgets of the account that notify an encrypted topic.
   *
   * @see https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
   */
  public static readonly BUDGETS = ServiceWriter.publisher('Budgets', 'budgets.amazonaws.com', (scope) => Stack.of(scope).formatArn({ service: 'budgets', region: '', resource: '*' }));

  /**
   * SNS topics of the account and region that deliver to an encrypted queue, dead letters of subscriptions included.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic-sqs-queue-subscriptions.html
   */
  public static readonly SNS_TOPICS = ServiceWriter.publisher('SnsTopics', 'sns.amazonaws.com', (scope) => Stack.of(scope).formatArn({ service: 'sns', resource: '*' }));

  /**
   * CloudTrail, for the log files of the trails of the account.
   *
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
   */
  public static readonly CLOUDTRAIL = new ServiceWriter('CloudTrail', (scope) => {
    const principals = [new iam.ServicePrincipal('cloudtrail.amazonaws.com')];
    const trailOfThisRegion = { 'aws:SourceArn': arnOfAny(scope, 'cloudtrail', 'trail', ArnFormat.SLASH_RESOURCE_NAME) };
    return [
      {
        principals,
        actions: ['kms:GenerateDataKey*'],
        conditions: {
          ArnLike: trailOfThisRegion,
          // a trail of several regions encrypts in each of them under its own ARN
          StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': arnOfAny(scope, 'cloudtrail', 'trail', ArnFormat.SLASH_RESOURCE_NAME, '*') },
        },
      },
      // describing a key has no encryption context, so it needs a statement of its own
      { principals, actions: ['kms:DescribeKey'], conditions: { ArnLike: trailOfThisRegion } },
    ];
  });

  /**
   * AWS Config, for what it delivers to a bucket under the key, where its recorder's role may not use it.
   *
   * @see https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html
   */
  public static readonly CONFIG = new ServiceWriter('Config', (scope) => [{
    principals: [new iam.ServicePrincipal('config.amazonaws.com')],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  }]);

  /**
   * The log delivery service, for VPC flow logs and the like that it writes to a bucket under the key.
   *
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-cmk-policy.html
   */
  public static readonly LOG_DELIVERY = new ServiceWriter('LogDelivery', (scope) => [{
    principals: [new iam.ServicePrincipal('delivery.logs.amazonaws.com')],
    actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
    conditions: {
      ArnLike: { 'aws:SourceArn': Stack.of(scope).formatArn({ service: 'logs', resource: '*' }) },
      StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
    },
  }]);

  /**
   * EC2 Auto Scaling, for the volumes of the instances it launches: by its service-linked role, which must exist. It does once the
   * account has had a group, or after `new iam.CfnServiceLinkedRole(this, 'Role', { awsServiceName: 'autoscaling.amazonaws.com' })`.
   *
   * Without this, a group with volumes under the key launches nothing. Only AWS resources get the grants.
   *
   * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
   */
  public static readonly AUTO_SCALING = new ServiceWriter('AutoScaling', (scope) => {
    const principals = [new iam.ArnPrincipal(Stack.of(scope).formatArn({
      service: 'iam', region: '', resource: 'role', resourceName: 'aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling',
    }))];
    return [
      { principals, actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'] },
      { principals, actions: ['kms:CreateGrant'], conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } } },
    ];
  });

  /** A service that sends messages in its own name; with the source it tells the key of, if it tells one. */
  private static publisher(id: string, service: string, source?: (scope: IConstruct) => string): ServiceWriter {
    return new ServiceWriter(id, (scope) => [{
      principals: [new iam.ServicePrincipal(service)],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      conditions: source && { ArnLike: { 'aws:SourceArn': source(scope) }, StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }]);
  }

  private constructor(
    /** The name of the writer; its statements are called `Allow<id>`. */
    public readonly id: string,
    private readonly statementsFor: (scope: IConstruct) => iam.PolicyStatementProps[],
  ) {}

  /**
   * The statements that a key policy needs to admit this writer.
   *
   * @param scope whose account and region the writer works in
   */
  public keyPolicyStatements(scope: IConstruct): iam.PolicyStatement[] {
    return this.statementsFor(scope).map((statement, index) => new iam.PolicyStatement({
      sid: `Allow${this.id}${index === 0 ? '' : index + 1}`,
      resources: ['*'], // in a key policy: this key
      ...statement,
    }));
  }
}

function arnOfAny(scope: IConstruct, service: string, resource: string, arnFormat = ArnFormat.COLON_RESOURCE_NAME, region?: string): string {
  return Stack.of(scope).formatArn({ service, resource, resourceName: '*', arnFormat, region });
}
