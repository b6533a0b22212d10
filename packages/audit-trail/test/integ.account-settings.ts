import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { EncryptedTopic, EncryptionKey, LogBucket, LogPurpose } from '@tapstack/encrypted-storage';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ConfigRecorder, ConfigRuleSet, PasswordPolicy, RecorderSource } from '../src';

/**
 * A recorder that is made and records, adopted by a second construct and ensured by a third, which find it there, and the password
 * policy of the account: what an account has once, read back.
 */
// stack traces would put the paths of the machine at hand into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'AccountSettings');
const removalPolicy = RemovalPolicy.DESTROY;
const { key: encryptionKey } = new EncryptionKey(stack, 'Key', { removalPolicy });
const { topic } = new EncryptedTopic(stack, 'Alerts', { encryptionKey });
const { bucket: accessLogsBucket } = new LogBucket(stack, 'AccessLogs', { purpose: LogPurpose.ACCESS_LOGS, removalPolicy });
const made = new ConfigRecorder(stack, 'Config', { encryptionKey, accessLogsBucket, removalPolicy, ruleSets: [ConfigRuleSet.IDENTITY] });
const adopting = new ConfigRecorder(stack, 'Adopting', {
  source: RecorderSource.ADOPT, topic, encryptionKey, removalPolicy, ruleSets: [ConfigRuleSet.of({ identifier: 'EIP_ATTACHED' })],
});
adopting.node.addDependency(made.recorder!, made.deliveryChannel!);
const ensuring = new ConfigRecorder(stack, 'Ensuring', {
  source: RecorderSource.ENSURE, topic, encryptionKey, accessLogsBucket, removalPolicy, conformancePackName: 'account-settings-storage', ruleSets: [ConfigRuleSet.STORAGE],
});
ensuring.node.addDependency(made.recorder!, made.deliveryChannel!);
new PasswordPolicy(stack, 'Passwords', { topic, encryptionKey, removalPolicy });

const { assertions } = new IntegTest(app, 'AccountSettingsTest', { testCases: [stack], regions: ['us-east-1'] });
const config = (call: string, parameters?: object) => {
  const request = assertions.awsApiCall('@aws-sdk/client-config-service', call, parameters);
  request.provider.addToRolePolicy({ Effect: 'Allow', Action: [`config:${call}`], Resource: ['*'] });
  return request;
};

// AUD-21 every resource is recorded, and the recorder really records
config('DescribeConfigurationRecorders').expect(ExpectedResult.objectLike({
  ConfigurationRecorders: [{ recordingGroup: { allSupported: true, includeGlobalResourceTypes: true } }],
}));
config('DescribeConfigurationRecorderStatus').expect(ExpectedResult.objectLike({ ConfigurationRecordersStatus: [{ recording: true }] }));
// AUD-13 somebody else's recorder goes on delivering where it did, and is not marked as ours
config('DescribeDeliveryChannels').expect(ExpectedResult.objectLike({
  DeliveryChannels: [{ s3BucketName: made.bucket!.bucketName, s3KmsKeyArn: encryptionKey.keyArn }],
}));
const named = config('DescribeConfigurationRecorders', { ConfigurationRecorderNames: ['default'] });
config('ListTagsForResource', { ResourceArn: named.getAttString('ConfigurationRecorders.0.arn') }).expect(ExpectedResult.objectLike({ Tags: [] }));

// AUD-22 compliance is checked
[...made.rules, ...adopting.rules].forEach((rule) => {
  config('DescribeConfigRules', { ConfigRuleNames: [rule.configRuleName] }).expect(ExpectedResult.objectLike({
    ConfigRules: [{ ConfigRuleName: rule.configRuleName, Source: { Owner: 'AWS', SourceIdentifier: Match.stringLikeRegexp('^[A-Z_]+$') } }],
  }));
});
const ConformancePackName = ensuring.conformancePack!.ref;
config('DescribeConformancePackStatus', { ConformancePackNames: [ConformancePackName] }).expect(ExpectedResult.objectLike({
  ConformancePackStatusDetails: [{ ConformancePackName, ConformancePackState: 'CREATE_COMPLETE' }],
}));
config('DescribeConformancePackCompliance', { ConformancePackName }).expect(ExpectedResult.objectLike({
  ConformancePackRuleComplianceList: ConfigRuleSet.STORAGE.rules.map(({ identifier }) => (
    { ConfigRuleName: Match.stringLikeRegexp(`^${identifier.toLowerCase().replaceAll('_', '-')}-conformance-pack-`) }
  )),
}));
config('DescribeConfigRules', {}).expect(ExpectedResult.objectLike({
  ConfigRules: Match.arrayWith([Match.objectLike({
    ConfigRuleName: Match.stringLikeRegexp('^s3-bucket-versioning-enabled-conformance-pack-'), ConfigRuleState: 'ACTIVE', CreatedBy: 'config-conforms.amazonaws.com',
    Source: { Owner: 'AWS', SourceIdentifier: 'S3_BUCKET_VERSIONING_ENABLED' },
  })]),
}));

// AUD-23 strong passwords
assertions.awsApiCall('@aws-sdk/client-iam', 'GetAccountPasswordPolicy').expect(ExpectedResult.objectLike({
  PasswordPolicy: { MinimumPasswordLength: 14, PasswordReusePrevention: 24, RequireSymbols: true, RequireNumbers: true },
}));
