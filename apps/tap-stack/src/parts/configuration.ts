import { ConfigRecorder, ConfigRecorderProps, RecorderSource } from '@tapstack/audit-trail';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EnvironmentStack } from '../environments/environment';

/** Where the record of configurations goes, and who is told. */
export interface ConfigurationProps extends Pick<ConfigRecorderProps, 'conformancePackName'> {
  readonly encryptionKey: kms.IKey;
  readonly alerts: sns.ITopic;
  readonly accessLogsBucket: s3.IBucket;
}

/**
 * Every resource of the account is recorded and checked against rules. The recorder is the account's: whoever made it, and whichever
 * stacks stand beside this one.
 */
export function recordConfiguration(stack: EnvironmentStack, { alerts: topic, ...props }: ConfigurationProps): ConfigRecorder {
  const { stage } = stack;
  return new ConfigRecorder(stack, 'Config', {
    ...props,
    source: RecorderSource.ENSURE,
    topic,
    bucketNamePrefix: stack.names.of('config'),
    logRetention: stage.logRetention,
    historyKeptFor: stage.logsKeptFor,
    removalPolicy: stage.dataRemoval,
  });
}
