import { CfnParameter, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { LogPurpose } from '../src';
import { withArnsOfAws } from './_helpers/policies';
import { stackInFrankfurt } from './_helpers/stacks';

const BUCKET = 'arn:aws:s3:::logs';
const ACCOUNT = '111122223333';
const OWNED = { 's3:x-amz-acl': 'bucket-owner-full-control' };
const FROM_HERE = { 'aws:SourceAccount': ACCOUNT };
const FROM_TRAILS = { 'aws:SourceArn': `arn:aws:cloudtrail:eu-central-1:${ACCOUNT}:trail/*` };
const FROM_LOGS = { 'aws:SourceArn': `arn:aws:logs:eu-central-1:${ACCOUNT}:*` };

type Purpose = keyof typeof LogPurpose & string;

/** What each service's own documentation asks of the bucket policy, with every source condition that it supports. */
const DOCUMENTED: [Purpose, object[]][] = [
  ['ACCESS_LOGS', [{
    Sid: 'AllowAccessLogDelivery',
    Principal: { Service: 'logging.s3.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: `${BUCKET}/*`,
    Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::*' }, StringEquals: FROM_HERE },
  }]],
  ['CLOUDTRAIL', [{
    Sid: 'AllowTrailAclCheck',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: 's3:GetBucketAcl',
    Resource: BUCKET,
    Condition: { ArnLike: FROM_TRAILS },
  }, {
    Sid: 'AllowTrailDelivery',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: `${BUCKET}/AWSLogs/${ACCOUNT}/*`,
    Condition: { ArnLike: FROM_TRAILS, StringEquals: OWNED },
  }]],
  ['CONFIG', [{
    Sid: 'AllowConfigBucketCheck',
    Principal: { Service: 'config.amazonaws.com' },
    Action: ['s3:GetBucketAcl', 's3:ListBucket'],
    Resource: BUCKET,
    Condition: { StringEquals: FROM_HERE },
  }, {
    Sid: 'AllowConfigDelivery',
    Principal: { Service: 'config.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: `${BUCKET}/AWSLogs/${ACCOUNT}/Config/*`,
    Condition: { StringEquals: { ...OWNED, ...FROM_HERE } },
  }]],
  ['FLOW_LOGS', [{
    Sid: 'AllowFlowLogBucketCheck',
    Principal: { Service: 'delivery.logs.amazonaws.com' },
    Action: ['s3:GetBucketAcl', 's3:ListBucket'],
    Resource: BUCKET,
    Condition: { ArnLike: FROM_LOGS, StringEquals: FROM_HERE },
  }, {
    Sid: 'AllowFlowLogDelivery',
    Principal: { Service: 'delivery.logs.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: `${BUCKET}/AWSLogs/${ACCOUNT}/*`,
    Condition: { ArnLike: FROM_LOGS, StringEquals: { ...OWNED, ...FROM_HERE } },
  }]],
  ['LOAD_BALANCER', [{
    Sid: 'AllowLoadBalancerLogDelivery',
    Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
    Action: 's3:PutObject',
    Resource: `${BUCKET}/AWSLogs/${ACCOUNT}/*`,
  }]],
];

describe('LogPurpose', () => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(); });
  const statements = (purpose: LogPurpose): { Resource: unknown }[] => {
    const bucket = s3.Bucket.fromBucketName(stack, `Bucket-${purpose.id}`, 'logs');
    return purpose.bucketPolicyStatements(bucket).map((statement) => withArnsOfAws(stack.resolve(statement.toStatementJson())));
  };

  describe('STO-12 log delivery (C-08)', () => {
    test.each(DOCUMENTED)('%s: its service gets exactly what it documents, where it writes', (name, expected) => {
      expect(statements(LogPurpose[name] as LogPurpose)).toEqual(expected.map((statement) => ({ Effect: 'Allow', ...statement })));
    });

    test('every purpose stands in the table above', () => {
      const purposes = Object.entries(LogPurpose).filter(([, value]) => value instanceof LogPurpose).map(([name]) => name);
      expect(DOCUMENTED.map(([name]) => name).sort()).toEqual(purposes.sort());
    });

    test('a load balancer needs no region that is known at synthesis', () => {
      stack = new Stack();
      expect(JSON.stringify(statements(LogPurpose.LOAD_BALANCER))).not.toContain('AWS::Region');
    });

    test.each<[Purpose, string]>([
      ['CLOUDTRAIL', `${BUCKET}/audit/prod/AWSLogs/${ACCOUNT}/*`],
      ['CONFIG', `${BUCKET}/audit/prod/AWSLogs/${ACCOUNT}/Config/*`],
      ['FLOW_LOGS', `${BUCKET}/audit/prod/AWSLogs/${ACCOUNT}/*`],
      ['LOAD_BALANCER', `${BUCKET}/audit/prod/AWSLogs/${ACCOUNT}/*`],
    ])('%s: a prefix stands before AWSLogs, and nowhere else may be written', (name, resource) => {
      const resources = statements((LogPurpose[name] as LogPurpose).under('audit/prod')).map(({ Resource }) => Resource);
      expect(resources.filter((one) => one !== BUCKET)).toEqual([resource]);
    });

    test('the purpose without a prefix stays as it was', () => {
      LogPurpose.CONFIG.under('audit');
      expect(LogPurpose.CONFIG.prefix).toBeUndefined();
    });

    test('takes a prefix that is known at deployment only', () => {
      const prefix = new CfnParameter(stack, 'Prefix').valueAsString;
      expect(JSON.stringify(statements(LogPurpose.CONFIG.under(prefix)))).toContain('{"Ref":"Prefix"}');
    });
  });

  test.each(['', '/audit', 'audit/', 'audit//prod', 'a*', 'a?', '${aws:username}', 'AWSLogs', 'audit/AWSLogs', 'a b', 'x'.repeat(201)])("fails with the prefix '%s'", (prefix) => {
    expect(() => LogPurpose.CONFIG.under(prefix)).toThrow(`'prefix' must be 1 to 200 letters, digits and "!_.'()-" in parts separated by single slashes, without 'AWSLogs', got '${prefix}'`);
  });

  test('fails with a prefix for access logs, of which each source has its own', () => {
    expect(() => LogPurpose.ACCESS_LOGS.under('access')).toThrow(/'prefix' is not for LogPurpose 'AccessLogs', because each bucket .* 'accessLogsPrefix', got 'access'; leave it out/);
  });
});
