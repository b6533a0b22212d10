import { LogBucket, LogPurpose } from '@tapstack/encrypted-storage';
import { App, Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { VpcFlowLogs, VpcFlowLogsProps } from '../src';

describe('VpcFlowLogs', () => {
  let stack: Stack;
  let vpc: ec2.IVpc;
  beforeEach(() => {
    stack = new Stack(new App(), 'Stack');
    vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-12345678', availabilityZones: ['eu-west-1a'] });
  });
  const flowLogs = (props?: Partial<VpcFlowLogsProps>) => new VpcFlowLogs(stack, 'FlowLogs', { vpc, ...props });
  const template = () => Template.fromStack(stack);

  describe('NET-06 flow logs', () => {
    test('C-10 records accepted and rejected traffic in CloudWatch Logs', () => {
      const { logGroup, role } = flowLogs();
      template().hasResourceProperties('AWS::EC2::FlowLog', {
        ResourceId: 'vpc-12345678',
        ResourceType: 'VPC',
        TrafficType: 'ALL',
        LogDestinationType: 'cloud-watch-logs',
        LogGroupName: stack.resolve(logGroup.logGroupName),
        DeliverLogsPermissionArn: stack.resolve(role.roleArn),
        MaxAggregationInterval: 600,
      });
    });

    test('writes a record each minute when asked to', () => {
      flowLogs({ aggregationInterval: ec2.FlowLogMaxAggregationInterval.ONE_MINUTE });
      template().hasResourceProperties('AWS::EC2::FlowLog', { MaxAggregationInterval: 60 });
    });

    test('the role writes to the one log group and does nothing else', () => {
      const { logGroup } = flowLogs();
      template().hasResourceProperties('AWS::IAM::ManagedPolicy', {
        PolicyDocument: { Statement: [{
          Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], Resource: stack.resolve(logGroup.logGroupArn),
        }] },
      });
      template().resourceCountIs('AWS::IAM::Policy', 0);
    });

    test('the role is for flow logs of this account and region only', () => {
      flowLogs();
      template().hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: { Statement: [{
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
            ArnLike: { 'aws:SourceArn': stack.resolve(`arn:${Aws.PARTITION}:ec2:${Aws.REGION}:${Aws.ACCOUNT_ID}:vpc-flow-log/*`) },
          },
        }] },
      });
    });

    test('the role has its policy before the flow log starts', () => {
      flowLogs();
      const [policy] = Object.keys(template().findResources('AWS::IAM::ManagedPolicy'));
      template().hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: [{ Ref: policy }] });
    });

    test('encrypts with a key of its own that lets the logs service in', () => {
      const { encryptionKey } = flowLogs();
      template().hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: stack.resolve(encryptionKey.keyArn), RetentionInDays: 365 });
      template().hasResourceProperties('AWS::KMS::Key', {
        EnableKeyRotation: true,
        KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({ Principal: { Service: Match.objectLike({}) }, Condition: Match.anyValue() })]) },
      });
    });

    test('encrypts with the key it is given and makes no other', () => {
      const encryptionKey = new kms.Key(stack, 'Mine');
      flowLogs({ encryptionKey });
      template().resourceCountIs('AWS::KMS::Key', 1);
      template().hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: stack.resolve(encryptionKey.keyArn) });
    });
  });

  describe('NET-06 flow logs in a bucket', () => {
    const policyOf = (): Array<Record<string, unknown>> => Object.values(template().findResources('AWS::S3::BucketPolicy'))[0].Properties.PolicyDocument.Statement;
    const fromHere = {
      ArnLike: { 'aws:SourceArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':*']] } },
    };

    test('records all traffic as Parquet files, and makes no log group, role or key', () => {
      const bucket = new s3.Bucket(stack, 'Mine');
      expect(flowLogs({ bucket }).bucket).toBe(bucket);
      template().hasResourceProperties('AWS::EC2::FlowLog', {
        ResourceId: 'vpc-12345678', TrafficType: 'ALL', LogDestinationType: 's3', LogDestination: stack.resolve(bucket.bucketArn),
        DestinationOptions: { FileFormat: 'parquet' }, DeliverLogsPermissionArn: Match.absent(), MaxAggregationInterval: 600,
      });
      ['AWS::Logs::LogGroup', 'AWS::IAM::Role', 'AWS::KMS::Key'].forEach((type) => template().resourceCountIs(type, 0));
    });

    test('the bucket lets the log delivery service write for this account and region, and look whether it may', () => {
      const bucket = new s3.Bucket(stack, 'Mine');
      flowLogs({ bucket });
      const principal = { Service: 'delivery.logs.amazonaws.com' };
      const account = { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } };
      expect(policyOf()).toEqual([
        {
          Sid: 'AllowFlowLogBucketCheck', Effect: 'Allow', Principal: principal, Action: ['s3:GetBucketAcl', 's3:ListBucket'],
          Resource: stack.resolve(bucket.bucketArn), Condition: { ...fromHere, StringEquals: account },
        },
        {
          Sid: 'AllowFlowLogDelivery', Effect: 'Allow', Principal: principal, Action: 's3:PutObject',
          Resource: stack.resolve(bucket.arnForObjects(`AWSLogs/${Aws.ACCOUNT_ID}/*`)),
          Condition: { ...fromHere, StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control', ...account } },
        },
      ]);
    });

    test('the policy is there before the flow log', () => {
      flowLogs({ bucket: new s3.Bucket(stack, 'Mine') });
      template().hasResource('AWS::EC2::FlowLog', { DependsOn: Object.keys(template().findResources('AWS::S3::BucketPolicy')) });
    });

    test('the key of the bucket lets the log delivery service in', () => {
      flowLogs({ bucket: new s3.Bucket(stack, 'Mine', { encryptionKey: new kms.Key(stack, 'Key') }) });
      template().hasResourceProperties('AWS::KMS::Key', {
        KeyPolicy: { Statement: Match.arrayWith([Match.objectLike({
          Principal: { Service: 'delivery.logs.amazonaws.com' }, Action: Match.arrayWith(['kms:GenerateDataKey*']),
          Condition: { ...fromHere, StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        })]) },
      });
    });

    test('writes into a folder, which the policy names', () => {
      const bucket = new s3.Bucket(stack, 'Mine');
      flowLogs({ bucket, bucketFolder: 'network/blue/', fileFormat: ec2.FlowLogFileFormat.PLAIN_TEXT });
      template().hasResourceProperties('AWS::EC2::FlowLog', { LogDestination: stack.resolve(bucket.arnForObjects('network/blue/')), DestinationOptions: { FileFormat: 'plain-text' } });
      expect(policyOf()[1]).toMatchObject({ Sid: 'AllowFlowLogDeliverynetworkblue', Resource: stack.resolve(bucket.arnForObjects(`network/blue/AWSLogs/${Aws.ACCOUNT_ID}/*`)) });
    });

    test('two networks share a bucket, which says once what it lets in; a log bucket for flow logs has said it', () => {
      const { bucket } = new LogBucket(stack, 'Logs', { purpose: LogPurpose.FLOW_LOGS });
      flowLogs({ bucket });
      new VpcFlowLogs(stack, 'Other', { vpc, bucket });
      const letIn = policyOf().map(({ Sid }) => String(Sid)).filter((sid) => sid.startsWith('AllowFlowLog'));
      expect(letIn).toEqual(['AllowFlowLogBucketCheck', 'AllowFlowLogDelivery']);
    });

    test('is the same whatever the feature flag says', () => {
      const build = (flag: boolean) => {
        const flagged = new Stack(new App({ context: { '@aws-cdk/aws-s3:createDefaultLoggingPolicy': flag } }), 'Stack');
        const network = ec2.Vpc.fromVpcAttributes(flagged, 'Vpc', { vpcId: 'vpc-12345678', availabilityZones: ['eu-west-1a'] });
        new VpcFlowLogs(flagged, 'FlowLogs', { vpc: network, bucket: new s3.Bucket(flagged, 'Mine') });
        return Template.fromStack(flagged).toJSON();
      };
      expect(build(true)).toEqual(build(false));
    });

    test('says what the policy of an imported bucket must contain', () => {
      flowLogs({ bucket: s3.Bucket.fromBucketName(stack, 'Central', 'central-logs') });
      Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('its owner must add .*AllowFlowLogBucketCheck.*NET-06'));
      Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('its owner must add .*central-logs/AWSLogs/.*NET-06-AllowFlowLogDelivery'));
    });

    test.each(['logGroup', 'role', 'encryptionKey'] as const)('fails when asked for the %s it does not have', (name) => {
      const toBucket = flowLogs({ bucket: new s3.Bucket(stack, 'Mine') });
      expect(() => toBucket[name]).toThrow(`'${name}' must not be asked of flow logs that go to a bucket, which have none; use 'bucket' [Stack/FlowLogs]`);
    });

    const refused: Array<[string, (mine: s3.Bucket) => Partial<VpcFlowLogsProps>, string]> = [
      ['a bucket and a retention', (bucket) => ({ bucket, retention: logs.RetentionDays.ONE_YEAR }), "'bucket' must go without what belongs to a log group, got 'retention'; leave it out, or leave out 'bucket'"],
      ['a bucket and a log group', (bucket) => ({ bucket, logGroupName: 'flow', encryptionKey: new kms.Key(bucket, 'Key') }), "got 'encryptionKey' and 'logGroupName'"],
      ['a folder without a bucket', () => ({ bucketFolder: 'network/' }), "'bucketFolder' must go with 'bucket', got none; pass the bucket, or leave it out"],
      ['a format without a bucket', () => ({ fileFormat: ec2.FlowLogFileFormat.PARQUET }), "'fileFormat' must go with 'bucket', got none"],
      ['a folder of deployment', (bucket) => ({ bucket, bucketFolder: Aws.STACK_NAME }), "'bucketFolder' must be known at synthesis and end with one slash, not begin with one or contain AWSLogs, got a value of deployment"],
      ...['network', '/network/', 'network//', 'AWSLogs/', 'a/AWSLogs/', '', '/', 'my network/', `${'x'.repeat(201)}/`].map((bucketFolder): [string, (mine: s3.Bucket) => Partial<VpcFlowLogsProps>, string] => [
        `the folder '${bucketFolder}'`, (bucket) => ({ bucket, bucketFolder }), `'bucketFolder' must be known at synthesis and end with one slash, not begin with one or contain AWSLogs, got '${bucketFolder}'`,
      ]),
    ];
    test.each(refused)('fails on %s', (_, props, problem) => {
      const bucket = new s3.Bucket(stack, 'Mine');
      expect(() => flowLogs(props(bucket))).toThrow(problem);
      expect(() => new VpcFlowLogs(stack, 'Again', { vpc, ...props(new s3.Bucket(stack, 'Other')) })).toThrow(/ \[Stack\/Again\]$/);
    });
  });

  test('keeps records and key when it leaves the stack', () => {
    flowLogs();
    template().hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain' });
    template().hasResource('AWS::KMS::Key', { DeletionPolicy: 'Retain' });
  });

  test('lets records and key go when asked to', () => {
    flowLogs({ removalPolicy: RemovalPolicy.DESTROY });
    template().hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete' });
    template().hasResource('AWS::KMS::Key', { DeletionPolicy: 'Delete' });
  });

  test('names the log group and sets its retention when asked to, and says that a month is short', () => {
    flowLogs({ logGroupName: '/prod/flow-logs', retention: logs.RetentionDays.ONE_MONTH });
    template().hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: '/prod/flow-logs', RetentionInDays: 30 });
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('STO-10'));
  });
});
