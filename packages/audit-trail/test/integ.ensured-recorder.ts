import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { EncryptedTopic, EncryptionKey, LogBucket, LogPurpose } from '@tapstack/encrypted-storage';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ConfigRecorder, ConfigRuleSet, RecorderSource } from '../src';

/**
 * Two stacks that share the recorder of an account that had none (X-02, C-03).
 */
// stack traces would put the paths of the machine at hand into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const removalPolicy = RemovalPolicy.DESTROY;
const [first, second] = ['FirstEnsured', 'SecondEnsured'].map((name) => {
  const stack = new Stack(app, name);
  const { key: encryptionKey } = new EncryptionKey(stack, 'Key', { removalPolicy });
  const { topic } = new EncryptedTopic(stack, 'Alerts', { encryptionKey });
  const { bucket: accessLogsBucket } = new LogBucket(stack, 'AccessLogs', { purpose: LogPurpose.ACCESS_LOGS, removalPolicy });
  return new ConfigRecorder(stack, 'Config', { source: RecorderSource.ENSURE, topic, encryptionKey, accessLogsBucket, removalPolicy, ruleSets: [ConfigRuleSet.NETWORK] });
});
Stack.of(second).addDependency(Stack.of(first));

const { assertions } = new IntegTest(app, 'EnsuredRecorderTest', { testCases: [Stack.of(first), Stack.of(second)], regions: ['us-east-1'] });
const config = (call: string, parameters?: object) => {
  const request = assertions.awsApiCall('@aws-sdk/client-config-service', call, parameters);
  request.provider.addToRolePolicy({ Effect: 'Allow', Action: [`config:${call}`], Resource: ['*'] });
  return request;
};

// AUD-21 every resource is recorded, with the role that AWS Config has for itself, and the recorder really records
config('DescribeConfigurationRecorders').expect(ExpectedResult.objectLike({
  ConfigurationRecorders: [{
    roleARN: Match.stringLikeRegexp('/AWSServiceRoleForConfig$'), recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
  }],
}));
config('DescribeConfigurationRecorderStatus').expect(ExpectedResult.objectLike({ ConfigurationRecordersStatus: [{ recording: true }] }));

// AUD-13 the second stack takes nothing from the first
config('DescribeDeliveryChannels').expect(ExpectedResult.objectLike({
  DeliveryChannels: [{ s3BucketName: first.bucket!.bucketName, s3KmsKeyArn: first.bucket!.encryptionKey!.keyArn }],
}));
const named = config('DescribeConfigurationRecorders', { ConfigurationRecorderNames: ['default'] });
config('ListTagsForResource', { ResourceArn: named.getAttString('ConfigurationRecorders.0.arn') }).expect(ExpectedResult.objectLike({
  Tags: Match.arrayWith([first, second].map(({ bucket }) => Match.objectLike({ Value: Match.stringLikeRegexp(`^${bucket!.bucketName} `) }))),
}));
