import { CfnParameter, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { EncryptedQueue, EncryptedQueueProps, EncryptionKey, ServiceWriter } from '../src';
import { keyStatements, Statement, statement, withArnsOfAws } from './_helpers/policies';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

describe('EncryptedQueue', () => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(); });
  const template = () => Template.fromStack(stack);
  const make = (props?: EncryptedQueueProps) => new EncryptedQueue(stack, 'Orders', props);
  const logicalId = (queue: { queueArn: string }): string => stack.resolve(queue.queueArn)['Fn::GetAtt'][0];
  const properties = (queue: { queueArn: string }) => template().findResources('AWS::SQS::Queue')[logicalId(queue)].Properties;

  describe('STO-01 customer key (B-08)', () => {
    test('makes one key, which encrypts the messages and the dead letters', () => {
      const { encryptionKey } = make();
      template().allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: stack.resolve(encryptionKey.keyArn) });
      template().resourceCountIs('AWS::KMS::Key', 1);
    });

    test('uses the key it is given and makes no other', () => {
      const { key } = new EncryptionKey(stack, 'Mine');
      expect(make({ encryptionKey: key }).encryptionKey).toBe(key);
      template().allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: stack.resolve(key.keyArn) });
      template().resourceCountIs('AWS::KMS::Key', 1);
    });

    test('a role that may send may use the key for it', () => {
      const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
      make().queue.grantSendMessages(role);
      template().hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['kms:Decrypt', 'kms:GenerateDataKey*']) })]) },
      });
    });
  });

  describe('STO-02 TLS only, STO-03 no public access', () => {
    test.each(FLAGS)('both queues refuse plain HTTP and allow nobody anything, %s', (_, flags) => {
      stack = stackInFrankfurt(flags);
      const { queue, deadLetterQueue } = make();
      for (const { queueArn, queueUrl } of [queue, deadLetterQueue]) {
        template().hasResourceProperties('AWS::SQS::QueuePolicy', {
          Queues: [stack.resolve(queueUrl)],
          PolicyDocument: {
            Statement: [{
              Sid: 'DenyInsecureConnections', Effect: 'Deny', Action: 'sqs:*', Resource: stack.resolve(queueArn),
              Condition: { Bool: { 'aws:SecureTransport': 'false' } }, Principal: Match.anyValue(),
            }],
          },
        });
      }
      template().resourceCountIs('AWS::SQS::QueuePolicy', 2);
    });

    test('statements of yours go into the same policy', () => {
      make().queue.addToResourcePolicy(new iam.PolicyStatement({
        sid: 'Mine', principals: [new iam.AccountRootPrincipal()], actions: ['sqs:SendMessage'], resources: ['*'],
      }));
      template().resourceCountIs('AWS::SQS::QueuePolicy', 2);
    });
  });

  describe('STO-07 service writers', () => {
    const RULES = { ArnLike: { 'aws:SourceArn': 'arn:aws:events:eu-central-1:111122223333:rule/*' } };
    const from = (source: string) => ({ ArnLike: { 'aws:SourceArn': source }, StringEquals: { 'aws:SourceAccount': '111122223333' } });

    test.each<['allowEventBridgeRules' | 'allowS3Notifications' | 'allowSnsTopics', string, string, object, object | undefined]>([
      ['allowEventBridgeRules', 'AllowEventBridgeRules', 'events.amazonaws.com', RULES, undefined],
      ['allowS3Notifications', 'AllowS3Notifications', 's3.amazonaws.com', from('arn:aws:s3:::*'), from('arn:aws:s3:::*')],
      ['allowSnsTopics', 'AllowSnsTopics', 'sns.amazonaws.com', from('arn:aws:sns:eu-central-1:111122223333:*'), from('arn:aws:sns:eu-central-1:111122223333:*')],
    ])('%s: queue policy and key policy, each with the source that it is told', (allow, sid, Service, onQueue, onKey) => {
      const orders = make();
      orders[allow]();
      orders[allow]();
      const policies = Object.values(template().findResources('AWS::SQS::QueuePolicy')).flatMap(({ Properties }) => withArnsOfAws(Properties.PolicyDocument.Statement));
      expect(policies.filter(({ Sid }: Statement) => Sid === sid)).toEqual([{
        Sid: sid, Effect: 'Allow', Principal: { Service }, Action: 'sqs:SendMessage', Resource: stack.resolve(orders.queue.queueArn), Condition: onQueue,
      }]);
      expect(statement(keyStatements(stack), sid)).toMatchObject({ Principal: { Service }, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] });
      expect(statement(keyStatements(stack), sid).Condition).toEqual(onKey);
    });

    test('says what the policy of an imported queue must contain', () => {
      EncryptedQueue.allowSender(sqs.Queue.fromQueueArn(stack, 'Theirs', 'arn:aws:sqs:eu-central-1:111122223333:failed'), ServiceWriter.EVENTBRIDGE_RULES);
      Annotations.fromStack(stack).hasWarning('/Stack/Theirs', Match.stringLikeRegexp('its owner must add .*sqs:SendMessage.*STO-07-queue-EventBridgeRules'));
    });
  });

  describe('STO-08 survives its stack', () => {
    test.each([
      ['is kept when silent', undefined, 'Retain'],
      ['goes when told so', RemovalPolicy.DESTROY, 'Delete'],
      ['is kept but for a failed creation', RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, 'RetainExceptOnCreate'],
    ])('everything %s', (_, removalPolicy, expected) => {
      make({ removalPolicy });
      for (const type of ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'AWS::KMS::Key']) {
        template().allResources(type, { DeletionPolicy: expected });
      }
    });
  });

  describe('STO-13 dead letters', () => {
    test('what was tried five times is kept for 14 days', () => {
      const { queue, deadLetterQueue } = make();
      expect(properties(queue).RedrivePolicy).toEqual({ deadLetterTargetArn: stack.resolve(deadLetterQueue.queueArn), maxReceiveCount: 5 });
      expect(properties(deadLetterQueue).MessageRetentionPeriod).toBe(1209600);
    });

    test('tries as often as it is told', () => {
      expect(properties(make({ maxReceiveCount: 1 }).queue).RedrivePolicy.maxReceiveCount).toBe(1);
    });

    test('no other queue may leave its dead letters there', () => {
      const { queue, deadLetterQueue } = make();
      const [prefix, stackId] = properties(queue).QueueName['Fn::Join'][1];
      const source = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:sqs:eu-central-1:111122223333:${prefix}`, stackId]] };
      expect(properties(deadLetterQueue).RedriveAllowPolicy).toEqual({ redrivePermission: 'byQueue', sourceQueueArns: [source] });
    });

    test('the source is the queue by the name it is given', () => {
      const { queue, deadLetterQueue } = make({ queueName: 'orders' });
      expect(properties(queue).QueueName).toBe('orders');
      expect(JSON.stringify(properties(deadLetterQueue).RedriveAllowPolicy)).toContain(':sqs:eu-central-1:111122223333:orders');
    });
  });

  describe('names', () => {
    test('two queues of one stack, and one template in two stacks, have different names', () => {
      const queues = ['One', 'Other'].map((id) => new EncryptedQueue(stack, id).queue);
      const [one, other] = queues.map((queue) => properties(queue).QueueName);
      expect(one).not.toEqual(other);
      expect(one['Fn::Join'][1]).toEqual([expect.stringMatching(/^queue-[0-9a-f]{8}-$/), { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }]);
    });

    test('are as different where the ids of resources have no hash', () => {
      const queues = ['One', 'Other'].map((id) => new EncryptedQueue(stack, id).queue);
      for (const queue of queues) (queue.node.defaultChild as sqs.CfnQueue).overrideLogicalId(`${queue.node.scope!.node.id}Queue`);
      const [one, other] = queues.map((queue): string => properties(queue).QueueName['Fn::Join'][1][0]);
      expect(one).not.toBe(other);
      for (const prefix of [one, other]) expect(prefix).toMatch(/^queue-[0-9a-f]{8}-$/);
    });

    test('accepts a name that is known at deployment', () => {
      const queueName = new CfnParameter(stack, 'Name').valueAsString;
      expect(properties(make({ queueName }).queue).QueueName).toEqual({ Ref: 'Name' });
    });

    test.each(['', 'my queue', 'orders.fifo', 'x'.repeat(81)])("fails when it is called '%s'", (queueName) => {
      expect(() => make({ queueName })).toThrow(/'queueName' must be 1 to 80 letters.*, got '.*' \[Stack\/Orders\]/);
    });
  });

  describe('times', () => {
    test('messages wait four days, and are hidden for 30 seconds', () => {
      expect(properties(make().queue)).toMatchObject({ MessageRetentionPeriod: 345600, VisibilityTimeout: 30 });
    });

    test('takes the times it is given', () => {
      const { queue } = make({ messageRetention: Duration.days(13), visibilityTimeout: Duration.hours(12) });
      expect(properties(queue)).toMatchObject({ MessageRetentionPeriod: 1123200, VisibilityTimeout: 43200 });
    });

    test('accepts a time that is known at deployment', () => {
      const seconds = Duration.seconds(new CfnParameter(stack, 'Seconds', { type: 'Number' }).valueAsNumber);
      expect(properties(make({ visibilityTimeout: seconds }).queue).VisibilityTimeout).toEqual({ Ref: 'Seconds' });
    });

    test.each([Duration.seconds(59), Duration.days(14), Duration.millis(60500)])('fails when messages are kept for %s', (messageRetention) => {
      expect(() => make({ messageRetention })).toThrow(/'messageRetention' must be whole seconds from 1 minute to 13 days, got .* \[Stack\/Orders\]/);
    });

    test.each([Duration.seconds(43201), Duration.millis(500)])('fails when messages are hidden for %s', (visibilityTimeout) => {
      expect(() => make({ visibilityTimeout })).toThrow(/'visibilityTimeout' must be whole seconds from .* to 12 hours, got .* \[Stack\/Orders\]/);
    });

    test.each([0, 1001, 1.5, -1])('fails when a message is tried %d times', (maxReceiveCount) => {
      expect(() => make({ maxReceiveCount })).toThrow(/'maxReceiveCount' must be a whole number from 1 to 1000, got .* \[Stack\/Orders\]/);
    });
  });
});
