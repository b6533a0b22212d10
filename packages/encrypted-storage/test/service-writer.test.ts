import { Stack } from 'aws-cdk-lib';
import { ServiceWriter } from '../src';
import { withArnsOfAws } from './_helpers/policies';
import { stackInFrankfurt } from './_helpers/stacks';

const AUTO_SCALING_ROLE = 'arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling';
const SOURCE = { 'aws:SourceAccount': '111122223333' };

/** What each service's own documentation asks of the key policy. */
const DOCUMENTED: [keyof typeof ServiceWriter & string, object[]][] = [
  ['LOG_GROUPS', [{
    Sid: 'AllowLogGroups',
    Principal: { Service: 'logs.eu-central-1.amazonaws.com' },
    Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
    Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:eu-central-1:111122223333:log-group:*' } },
  }]],
  ['CLOUDWATCH_ALARMS', [{
    Sid: 'AllowCloudWatchAlarms',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:eu-central-1:111122223333:alarm:*' }, StringEquals: SOURCE },
  }]],
  ['EVENTBRIDGE_RULES', [{
    Sid: 'AllowEventBridgeRules',
    Principal: { Service: 'events.amazonaws.com' },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
  }]],
  ['CLOUDTRAIL', [{
    Sid: 'AllowCloudTrail',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: 'kms:GenerateDataKey*',
    Condition: {
      ArnLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/*' },
      StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': 'arn:aws:cloudtrail:*:111122223333:trail/*' },
    },
  }, {
    Sid: 'AllowCloudTrail2',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: 'kms:DescribeKey',
    Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/*' } },
  }]],
  ['CONFIG', [{
    Sid: 'AllowConfig',
    Principal: { Service: 'config.amazonaws.com' },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
    Condition: { StringEquals: SOURCE },
  }]],
  ['LOG_DELIVERY', [{
    Sid: 'AllowLogDelivery',
    Principal: { Service: 'delivery.logs.amazonaws.com' },
    Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
    Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:logs:eu-central-1:111122223333:*' }, StringEquals: SOURCE },
  }]],
  ['S3_NOTIFICATIONS', [{
    Sid: 'AllowS3Notifications',
    Principal: { Service: 's3.amazonaws.com' },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::*' }, StringEquals: SOURCE },
  }]],
  ['RDS_EVENTS', [{
    Sid: 'AllowRdsEvents',
    Principal: { Service: 'events.rds.amazonaws.com' },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:rds:eu-central-1:111122223333:*' }, StringEquals: SOURCE },
  }]],
  ['BUDGETS', [{
    Sid: 'AllowBudgets',
    Principal: { Service: 'budgets.amazonaws.com' },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:budgets::111122223333:*' }, StringEquals: SOURCE },
  }]],
  ['SNS_TOPICS', [{
    Sid: 'AllowSnsTopics',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:eu-central-1:111122223333:*' }, StringEquals: SOURCE },
  }]],
  ['AUTO_SCALING', [{
    Sid: 'AllowAutoScaling',
    Principal: { AWS: AUTO_SCALING_ROLE },
    Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
  }, {
    Sid: 'AllowAutoScaling2',
    Principal: { AWS: AUTO_SCALING_ROLE },
    Action: 'kms:CreateGrant',
    Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  }]],
];

describe('ServiceWriter', () => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(); });
  const statements = (name: string) => (ServiceWriter[name as keyof typeof ServiceWriter] as ServiceWriter).keyPolicyStatements(stack)
    .map((statement) => withArnsOfAws(stack.resolve(statement.toStatementJson())));

  describe('STO-07 service writers', () => {
    test.each(DOCUMENTED)('%s gets exactly the actions and source conditions its service documents', (name, expected) => {
      expect(statements(name)).toEqual(expected.map((statement) => ({ Effect: 'Allow', Resource: '*', ...statement })));
    });

    test('every writer stands in the table above', () => {
      const writers = Object.entries(ServiceWriter).filter(([, value]) => value instanceof ServiceWriter).map(([name]) => name);
      expect(DOCUMENTED.map(([name]) => name).sort()).toEqual(writers.sort());
    });

    test('no writer may do more than use the key, and none gets grants but for AWS resources', () => {
      const all = DOCUMENTED.flatMap(([name]) => statements(name)).filter(({ Condition }) => !Condition?.Bool).flatMap(({ Action }) => Action);
      expect(all.filter((action) => !/^kms:(Encrypt|Decrypt|ReEncrypt\*|GenerateDataKey\*?|DescribeKey)$/.test(action))).toEqual([]);
    });
  });
});
