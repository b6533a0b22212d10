import { EncryptedLogGroup } from '@tapstack/encrypted-storage';
import { CfnResource, CustomResourceProviderBase, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';

/** What the CDK's own helper functions lack. */
export interface HelperFunctionSettings {
  readonly encryptionKey: kms.IKey;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  /** Hears of the invocations that failed for good. */
  readonly failures: sns.ITopic;
}

/**
 * Completes the functions that the CDK adds by itself (closing the default group, emptying buckets): structured logs in an
 * encrypted group that goes with the stack, failures to a topic, and a role without AWS's managed policy.
 *
 * Call it last: it finds the helpers that are there.
 */
export function completeHelperFunctions(stack: Stack, settings: HelperFunctionSettings): void {
  for (const provider of stack.node.children.filter((child) => child instanceof CustomResourceProviderBase)) {
    complete(provider, settings);
  }
}

function complete(provider: CustomResourceProviderBase, settings: HelperFunctionSettings): void {
  const { logGroup } = new EncryptedLogGroup(provider, 'Logs', {
    encryptionKey: settings.encryptionKey,
    retention: settings.logRetention,
    removalPolicy: settings.removalPolicy,
  });
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
