import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EncryptedDeadLetterQueue, EncryptedDeadLetterQueueProps, EncryptedQueue, EncryptionKey, ServiceWriter } from '../src';
import { keyStatements, statement } from './_helpers/policies';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

describe('EncryptedDeadLetterQueue', () => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(); });
  const template = () => Template.fromStack(stack);
  const make = (props?: EncryptedDeadLetterQueueProps) => new EncryptedDeadLetterQueue(stack, 'Failed', props);
  const only = (type: string) => Object.values(template().findResources(type))[0];

  test('STO-01 makes one key, which encrypts the messages (B-08)', () => {
    const { encryptionKey } = make();
    expect(only('AWS::SQS::Queue').Properties.KmsMasterKeyId).toEqual(stack.resolve(encryptionKey.keyArn));
    template().resourceCountIs('AWS::KMS::Key', 1);
  });

  test('STO-01 uses the key it is given and makes no other', () => {
    const { key } = new EncryptionKey(stack, 'Mine');
    expect(make({ encryptionKey: key }).encryptionKey).toBe(key);
    expect(only('AWS::SQS::Queue').Properties.KmsMasterKeyId).toEqual(stack.resolve(key.keyArn));
    template().resourceCountIs('AWS::KMS::Key', 1);
  });

  test.each(FLAGS)('STO-02, STO-03 refuses plain HTTP and allows nobody anything, %s', (_, flags) => {
    stack = stackInFrankfurt(flags);
    const { queueArn } = make().queue;
    expect(only('AWS::SQS::QueuePolicy').Properties.PolicyDocument.Statement).toEqual([expect.objectContaining({
      Sid: 'DenyInsecureConnections', Effect: 'Deny', Action: 'sqs:*', Resource: stack.resolve(queueArn), Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    })]);
  });

  test('STO-07 lets a service send when told so: queue policy and key policy together', () => {
    EncryptedQueue.allowSender(make().queue, ServiceWriter.EVENTBRIDGE_RULES);
    expect(statement(only('AWS::SQS::QueuePolicy').Properties.PolicyDocument.Statement, 'AllowEventBridgeRules').Action).toBe('sqs:SendMessage');
    expect(statement(keyStatements(stack), 'AllowEventBridgeRules').Action).toEqual(['kms:Decrypt', 'kms:GenerateDataKey*']);
  });

  test.each([
    ['is kept when silent', undefined, 'Retain'],
    ['goes when told so', RemovalPolicy.DESTROY, 'Delete'],
    ['is kept but for a failed creation', RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, 'RetainExceptOnCreate'],
  ])('STO-08 everything %s', (_, removalPolicy, expected) => {
    make({ removalPolicy });
    for (const type of ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy', 'AWS::KMS::Key']) template().allResources(type, { DeletionPolicy: expected });
  });

  test('STO-13 a message stays for 14 days however often it is looked at, and no queue leaves its dead letters here', () => {
    make();
    template().resourceCountIs('AWS::SQS::Queue', 1);
    expect(only('AWS::SQS::Queue').Properties).toMatchObject({ MessageRetentionPeriod: 1209600, RedriveAllowPolicy: { redrivePermission: 'denyAll' } });
    expect(only('AWS::SQS::Queue').Properties).not.toHaveProperty('RedrivePolicy');
  });
});
