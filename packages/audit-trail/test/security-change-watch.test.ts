import { App, CfnParameter, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { SecurityChangeWatch, SecurityChangeWatchProps } from '../src';
import { managedPolicy, onlyPolicy } from './_helpers/policies';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

describe.each(FLAGS)('SecurityChangeWatch %s', (_, flags) => {
  let stack: Stack;
  let topic: sns.Topic;
  beforeEach(() => {
    stack = stackInFrankfurt(flags);
    topic = new sns.Topic(stack, 'Topic');
  });
  const watch = (props: Partial<SecurityChangeWatchProps> = {}) => new SecurityChangeWatch(stack, 'Watch', { topic, ...props });
  const template = () => Template.fromStack(stack);
  const theFunction = (properties: object) => template().hasResourceProperties('AWS::Lambda::Function', properties);
  const sids = () => managedPolicy(stack).map(({ Sid }) => Sid);
  const network = (subnetType: ec2.SubnetType, natGateways = 0) => new ec2.Vpc(stack, 'Vpc', {
    restrictDefaultSecurityGroup: false,
    natGateways,
    subnetConfiguration: [{ name: 'outer', subnetType: ec2.SubnetType.PUBLIC }, { name: 'inner', subnetType }],
  });

  describe('AUD-03 every change (B-10)', () => {
    test('listens to exactly the successful calls that change security groups, and tells the function', () => {
      const { function: told } = watch();
      template().hasResourceProperties('AWS::Events::Rule', {
        State: 'ENABLED',
        EventPattern: {
          'source': ['aws.ec2'],
          'detail-type': ['AWS API Call via CloudTrail'],
          'detail': {
            eventSource: ['ec2.amazonaws.com'],
            eventName: [
              'AssociateSecurityGroupVpc', 'AuthorizeSecurityGroupEgress', 'AuthorizeSecurityGroupIngress', 'CreateSecurityGroup', 'DeleteSecurityGroup',
              'DisassociateSecurityGroupVpc', 'ModifySecurityGroupRules', 'RevokeSecurityGroupEgress', 'RevokeSecurityGroupIngress',
              'UpdateSecurityGroupRuleDescriptionsEgress', 'UpdateSecurityGroupRuleDescriptionsIngress',
            ],
            errorCode: [{ exists: false }],
          },
        },
        Targets: [Match.objectLike({ Arn: stack.resolve(told.functionArn) })],
      });
      template().hasResourceProperties('AWS::Lambda::Permission', { Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com', SourceArn: Match.anyValue() });
    });

    test('tells the topic it is given (B-11)', () => {
      watch();
      theFunction({ Environment: { Variables: { TOPIC_ARN: stack.resolve(topic.topicArn) } }, Runtime: 'nodejs24.x', Handler: 'index.handler', Timeout: 30, MemorySize: 256 });
    });
  });

  describe('AUD-04 no event is lost (B-11)', () => {
    test('keeps what could not be delivered, and what could not be published', () => {
      const { failedEvents } = watch();
      const arn = stack.resolve(failedEvents.queueArn);
      theFunction({ DeadLetterConfig: { TargetArn: arn } });
      template().hasResourceProperties('AWS::Events::Rule', {
        // tried for a day, as EventBridge does unless it is told otherwise
        Targets: [Match.objectLike({ DeadLetterConfig: { Arn: arn }, RetryPolicy: Match.absent() })],
      });
      // whoever looks at a message again and again does not move it to where no alarm sees it
      template().allResourcesProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 14 * 86400, RedrivePolicy: Match.absent() });
    });

    test('EventBridge may send to the queue, and use its key', () => {
      watch();
      template().hasResourceProperties('AWS::SQS::QueuePolicy', {
        PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'sqs:SendMessage', Principal: { Service: 'events.amazonaws.com' } })]) },
      });
      const keyStatements = onlyPolicy(stack, 'AWS::KMS::Key', 'KeyPolicy').map(({ Sid }) => Sid);
      expect(keyStatements).toEqual(expect.arrayContaining(['AllowEventBridgeRules', 'AllowLogGroups']));
    });
  });

  describe('AUD-05 least privilege (B-06, X-07)', () => {
    test('may publish, keep failed events, write its log and use its key, and nothing else', () => {
      const { failedEvents, logGroup, encryptionKey } = watch();
      expect(managedPolicy(stack)).toEqual([
        { Sid: 'PublishFindings', Effect: 'Allow', Action: 'sns:Publish', Resource: stack.resolve(topic.topicArn) },
        { Sid: 'KeepFailedEvents', Effect: 'Allow', Action: 'sqs:SendMessage', Resource: stack.resolve(failedEvents.queueArn) },
        { Sid: 'WriteLogs', Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: stack.resolve(logGroup.logGroupArn) },
        { Sid: 'UseKeys', Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: stack.resolve(encryptionKey.keyArn) },
      ]);
    });

    test.each([['a key of its own', false], ['the key of the topic', true]])('uses the key of the topic, with %s', (__, same) => {
      const masterKey = new kms.Key(stack, 'Mine');
      topic = new sns.Topic(stack, 'Encrypted', { masterKey });
      const { encryptionKey } = watch({ encryptionKey: same ? masterKey : undefined });
      const arns = same ? stack.resolve(masterKey.keyArn) : [stack.resolve(encryptionKey.keyArn), stack.resolve(masterKey.keyArn)];
      expect(managedPolicy(stack).find(({ Sid }) => Sid === 'UseKeys')?.Resource).toEqual(arns);
    });

    test('has no inline policy and none of AWS', () => {
      watch({ vpc: network(ec2.SubnetType.PRIVATE_WITH_EGRESS, 1) });
      template().resourceCountIs('AWS::IAM::Policy', 0);
      template().hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent(), Policies: Match.absent() });
    });

    test('has its permissions before the function is made', () => {
      watch();
      template().hasResource('AWS::Lambda::Function', { DependsOn: Match.arrayWith([Match.stringLikeRegexp('^WatchRolePolicy')]) });
    });

    test('may make network interfaces only when it is in a network, and its code never', () => {
      watch();
      expect(sids()).not.toContain('AttachToVpc');

      stack = stackInFrankfurt(flags);
      topic = new sns.Topic(stack, 'Topic');
      watch({ vpc: network(ec2.SubnetType.PRIVATE_WITH_EGRESS, 1) });
      const [attach, deny] = managedPolicy(stack).slice(-2);
      expect(attach).toMatchObject({ Sid: 'AttachToVpc', Effect: 'Allow', Resource: '*' });
      expect(deny).toMatchObject({
        Effect: 'Deny', Action: attach.Action, Condition: { ArnLike: { 'lambda:SourceFunctionArn': 'arn:aws:lambda:eu-central-1:111122223333:function:*' } },
      });
    });
  });

  describe('AUD-06 way to SNS (B-11)', () => {
    const findings = () => stack.node.findAll().flatMap(({ node }) => node.validate());
    const missing = /'subnets' must reach SNS, got 'Stack\/Vpc\/.*' without a NAT route; .* \[Stack\/Watch\]/;
    const snsEndpoint = (vpc: ec2.IVpc) => new ec2.InterfaceVpcEndpoint(stack, 'Endpoint', { vpc, service: ec2.InterfaceVpcEndpointAwsService.SNS });

    test('is in no network by default', () => {
      const { connections } = watch();
      theFunction({ VpcConfig: Match.absent() });
      expect(connections.securityGroups).toEqual([]);
    });

    test('is in the private subnets of a network, with nothing in and HTTPS out', () => {
      const vpc = network(ec2.SubnetType.PRIVATE_WITH_EGRESS, 1);
      const { connections } = watch({ vpc });
      theFunction({
        VpcConfig: {
          SubnetIds: vpc.privateSubnets.map(({ subnetId }) => stack.resolve(subnetId)),
          SecurityGroupIds: [stack.resolve(connections.securityGroups[0].securityGroupId)],
        },
      });
      template().hasResourceProperties('AWS::EC2::SecurityGroup', {
        SecurityGroupEgress: [Match.objectLike({ CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 })],
        SecurityGroupIngress: Match.absent(),
      });
      expect(findings()).toEqual([]);
    });

    test('uses the security groups it is given', () => {
      const vpc = network(ec2.SubnetType.PRIVATE_WITH_EGRESS, 1);
      const mine = new ec2.SecurityGroup(stack, 'Mine', { vpc });
      expect(watch({ vpc, securityGroups: [mine] }).connections.securityGroups).toEqual([mine]);
      template().resourceCountIs('AWS::EC2::SecurityGroup', 1);
    });

    test.each([
      ['private subnets without a NAT gateway', ec2.SubnetType.PRIVATE_WITH_EGRESS],
      ['isolated subnets', ec2.SubnetType.PRIVATE_ISOLATED],
      ['public subnets, where a function has no public address', ec2.SubnetType.PUBLIC],
    ])('fails in %s', (__, subnetType) => {
      watch({ vpc: network(subnetType), subnets: { subnetType } });
      expect(findings()).toContainEqual(expect.stringMatching(missing));
    });

    test('is content with an endpoint for SNS, though it is made later', () => {
      const vpc = network(ec2.SubnetType.PRIVATE_ISOLATED);
      watch({ vpc, subnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } });
      snsEndpoint(vpc);
      expect(findings()).toEqual([]);
    });

    test('is not content with an endpoint for SNS of another network', () => {
      watch({ vpc: network(ec2.SubnetType.PRIVATE_ISOLATED), subnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } });
      snsEndpoint(new ec2.Vpc(stack, 'Other', { natGateways: 0, restrictDefaultSecurityGroup: false }));
      expect(findings()).toContainEqual(expect.stringMatching(missing));
    });

    test.each([['isolated', 1], ['private', 0]])('warns in %s subnets of an imported network as often as it must: %d', (kind, times) => {
      const subnets = kind === 'private' ? { privateSubnetIds: ['subnet-1'] } : { isolatedSubnetIds: ['subnet-1'] };
      const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Imported', { vpcId: 'vpc-1', availabilityZones: ['eu-central-1a'], ...subnets });
      watch({ vpc, subnets: { subnets: [...vpc.privateSubnets, ...vpc.isolatedSubnets] } });
      expect(findings()).toEqual([]);
      expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('nothing is known of a way to SNS.*audit-trail:AUD-06'))).toHaveLength(times);
    });
  });

  describe('AUD-07 encrypted (B-08, B-13)', () => {
    test('makes one key for logs, failed events and environment', () => {
      const { encryptionKey } = watch();
      const keyArn = stack.resolve(encryptionKey.keyArn);
      template().resourceCountIs('AWS::KMS::Key', 1);
      theFunction({ KmsKeyArn: keyArn });
      template().hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: keyArn, RetentionInDays: 365 });
      template().allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: keyArn });
    });

    test('uses the key it is given and makes no other', () => {
      const encryptionKey = new kms.Key(stack, 'Mine');
      expect(watch({ encryptionKey }).encryptionKey).toBe(encryptionKey);
      template().resourceCountIs('AWS::KMS::Key', 1);
    });

    test('logs to that group, as JSON', () => {
      const { logGroup } = watch({ retention: logs.RetentionDays.TEN_YEARS });
      theFunction({ LoggingConfig: { LogFormat: 'JSON', LogGroup: stack.resolve(logGroup.logGroupName) } });
      template().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 3653 });
    });

    test.each([[undefined, 'Retain'], [RemovalPolicy.DESTROY, 'Delete']])('keeps logs, queues and key as told: %s', (removalPolicy, DeletionPolicy) => {
      watch({ removalPolicy });
      for (const type of ['AWS::Logs::LogGroup', 'AWS::SQS::Queue', 'AWS::KMS::Key']) template().allResources(type, { DeletionPolicy });
    });
  });

  describe('input', () => {
    test('uses timeout, memory and concurrency it is given', () => {
      watch({ timeout: Duration.minutes(1), memorySize: Size.gibibytes(1), reservedConcurrentExecutions: 5 });
      theFunction({ Timeout: 60, MemorySize: 1024, ReservedConcurrentExecutions: 5 });
    });

    test('takes numbers that are known at deployment only', () => {
      const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
      watch({ timeout: Duration.seconds(number), memorySize: Size.mebibytes(number), reservedConcurrentExecutions: number });
      theFunction({ Timeout: { Ref: 'Number' }, MemorySize: { Ref: 'Number' }, ReservedConcurrentExecutions: { Ref: 'Number' } });
    });

    test.each<[string, Partial<SecurityChangeWatchProps>]>([
      ["'timeout' must be a whole number from 20 to 900, got 19", { timeout: Duration.seconds(19) }],
      ["'timeout' must be a whole number from 20 to 900, got 901", { timeout: Duration.seconds(901) }],
      ["'memorySize' must be a whole number from 128 to 10240, got 127", { memorySize: Size.mebibytes(127) }],
      ["'memorySize' must be a whole number from 128 to 10240, got 128.5", { memorySize: Size.kibibytes(131584) }],
      ["'memorySize' must be a whole number from 128 to 10240, got 10241", { memorySize: Size.mebibytes(10241) }],
      ["'reservedConcurrentExecutions' must be a whole number from 1 to 1000000, got 0", { reservedConcurrentExecutions: 0 }],
      ["'subnets' must come with the network, got no 'vpc'; pass it too", { subnets: {} }],
      ["'securityGroups' must come with the network, got no 'vpc'; pass it too", { securityGroups: [] }],
    ])('fails with %s', (message, props) => {
      expect(() => watch(props)).toThrow(`${message} [Stack/Watch]`);
    });

    test('fails without any security group', () => {
      expect(() => watch({ vpc: network(ec2.SubnetType.PRIVATE_WITH_EGRESS, 1), securityGroups: [] }))
        .toThrow("'securityGroups' must name at least one group, got none; leave it out for a closed one [Stack/Watch]");
    });
  });

  test('needs nothing of the region and account', () => {
    stack = new Stack(new App({ context: flags }), 'Stack');
    topic = new sns.Topic(stack, 'Topic');
    watch();
    template().resourceCountIs('AWS::Lambda::Function', 1);
  });
});
