import { EncryptedLogGroup, EncryptionKey, ServiceWriter } from '@tapstack/encrypted-storage';
import { CfnResource, CustomResourceProviderBase, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';

/** What helper functions lack. */
export interface HelperFunctionSettings {
  readonly encryptionKey: kms.IKey;
  readonly logRetention: logs.RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  /** Hears of the invocations that failed for good. */
  readonly failures: sns.ITopic;
}

/**
 * Completes the functions that constructs add by themselves (closing the default group, emptying buckets): structured logs in one
 * encrypted group that is kept as the stage says, failures to a topic, and a role without AWS's managed policy.
 *
 * Call it last: it finds the helpers that are there.
 */
export function completeHelperFunctions(stack: Stack, settings: HelperFunctionSettings): void {
  for (const provider of stack.node.children.filter((child) => child instanceof CustomResourceProviderBase)) {
    complete(provider, settings);
  }
}

function complete(provider: CustomResourceProviderBase, settings: HelperFunctionSettings): void {
  const logGroup = logGroupOf(provider, settings);
  const handler = provider.node.findChild('Handler') as CfnResource;
  handler.addPropertyOverride('LoggingConfig', { LogGroup: logGroup.logGroupName, LogFormat: 'JSON' });
  handler.addPropertyOverride('DeadLetterConfig', { TargetArn: settings.failures.topicArn });

  // AWSLambdaBasicExecutionRole may write to every log group of the account, and make new ones
  const role = provider.node.findChild('Role') as CfnResource;
  role.addPropertyDeletionOverride('ManagedPolicyArns');
  provider.addToRolePolicy({ Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: logGroup.logGroupArn });
  provider.addToRolePolicy({ Effect: 'Allow', Action: 'sns:Publish', Resource: settings.failures.topicArn });
  provider.addToRolePolicy({ Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: settings.encryptionKey.keyArn });
}

/** The group that the helper brings, made what the stage asks for, or a new one: CDK's helpers bring none. */
function logGroupOf(provider: CustomResourceProviderBase, { encryptionKey, logRetention, removalPolicy }: HelperFunctionSettings): logs.LogGroup {
  const own = provider.node.children.find((child) => child instanceof logs.LogGroup);
  if (!own) return new EncryptedLogGroup(provider, 'Logs', { encryptionKey, retention: logRetention, removalPolicy }).logGroup;

  const resource = own.node.defaultChild as logs.CfnLogGroup;
  resource.kmsKeyId = encryptionKey.keyArn;
  resource.retentionInDays = logRetention;
  resource.applyRemovalPolicy(removalPolicy);
  EncryptionKey.allowService(encryptionKey, ServiceWriter.LOG_GROUPS);
  return own;
}
