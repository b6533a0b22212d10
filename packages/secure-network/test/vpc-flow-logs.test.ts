import { App, Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
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
