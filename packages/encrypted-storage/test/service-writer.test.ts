import { Stack } from 'aws-cdk-lib';
import { ServiceWriter } from '../src';
import { withArnsOfAws } from './_helpers/policies';
import { stackInFrankfurt } from './_helpers/stacks';

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

    test('no writer may do more than use the key, and none gets grants', () => {
      const all = DOCUMENTED.flatMap(([name]) => statements(name)).flatMap(({ Action }) => Action);
      expect(all.filter((action) => !/^kms:(Encrypt|Decrypt|ReEncrypt\*|GenerateDataKey\*?|DescribeKey)$/.test(action))).toEqual([]);
    });
  });
});
