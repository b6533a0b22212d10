import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { EncryptedTopic, EncryptionKey, LogBucket, LogPurpose } from '@tapstack/encrypted-storage';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as config from 'aws-cdk-lib/aws-config';
import * as iam from 'aws-cdk-lib/aws-iam';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import { ConfigRecorder, ConfigRuleSet, RecorderSource } from '../src';

/*
 * The account has a recorder with settings of its own, and it stands still. A second stack adopts it, and it records; the stack goes, and the recorder
 * stands still again, with the settings that it had.
 */
// stack traces would put the paths of the machine at hand into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const removalPolicy = RemovalPolicy.DESTROY;

const account = new Stack(app, 'StoppedRecorder');
const { key: s3Key } = new EncryptionKey(account, 'Key', { removalPolicy });
const { bucket: accessLogsBucket } = new LogBucket(account, 'AccessLogs', { purpose: LogPurpose.ACCESS_LOGS, removalPolicy });
const { bucket } = new LogBucket(account, 'History', { purpose: LogPurpose.CONFIG, encryptionKey: s3Key, accessLogsBucket, removalPolicy });
const role = new iam.Role(account, 'Role', {
  assumedBy: new iam.ServicePrincipal('config.amazonaws.com'), managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('service-role/AWS_ConfigRole')],
});
const recorder = new config.CfnConfigurationRecorder(account, 'Recorder', {
  name: 'theirs', roleArn: role.roleArn, recordingGroup: { allSupported: false, resourceTypes: ['AWS::EC2::SecurityGroup'] },
});
const channel = new config.CfnDeliveryChannel(account, 'Channel', { s3BucketName: bucket.bucketName, s3KmsKeyArn: s3Key.keyArn });
channel.node.addDependency(bucket.policy!);
const stopped = new AwsCustomResource(account, 'Stopped', {
  onCreate: {
    service: 'config-service', action: 'StopConfigurationRecorder', parameters: { ConfigurationRecorderName: 'theirs' }, physicalResourceId: PhysicalResourceId.of('stopped'),
  },
  policy: AwsCustomResourcePolicy.fromStatements([new iam.PolicyStatement({ actions: ['config:StopConfigurationRecorder'], resources: ['*'] })]),
  installLatestAwsSdk: false,
});
stopped.node.addDependency(recorder, channel);

const adopting = new Stack(app, 'AdoptedRecorder');
adopting.addDependency(account);
const { key: encryptionKey } = new EncryptionKey(adopting, 'Key', { removalPolicy });
const { topic } = new EncryptedTopic(adopting, 'Alerts', { encryptionKey });
new ConfigRecorder(adopting, 'Config', { source: RecorderSource.ADOPT, topic, encryptionKey, removalPolicy, ruleSets: [ConfigRuleSet.of({ identifier: 'EIP_ATTACHED' })] });

const { assertions } = new IntegTest(app, 'AdoptedRecorderTest', { testCases: [account, adopting], regions: ['us-east-1'] });
const call = (name: string, parameters?: object) => {
  const request = assertions.awsApiCall('@aws-sdk/client-config-service', name, parameters);
  request.provider.addToRolePolicy({ Effect: 'Allow', Action: [`config:${name}`], Resource: ['*'] });
  return request;
};
const recording = (expected: boolean) => call('DescribeConfigurationRecorderStatus', { ConfigurationRecorderNames: ['theirs'] })
  .expect(ExpectedResult.objectLike({ ConfigurationRecordersStatus: [{ name: 'theirs', recording: expected }] }))
  .waitForAssertions({ totalTimeout: Duration.minutes(10), interval: Duration.seconds(5) });
const asItWas = () => call('DescribeConfigurationRecorders', {}).expect(ExpectedResult.objectLike({
  ConfigurationRecorders: [{ name: 'theirs', roleARN: role.roleArn, recordingGroup: { allSupported: false, resourceTypes: ['AWS::EC2::SecurityGroup'] } }],
}));
const deliversAsItDid = () => call('DescribeDeliveryChannels', {}).expect(ExpectedResult.objectLike({ DeliveryChannels: [{ s3BucketName: bucket.bucketName, s3KmsKeyArn: s3Key.keyArn }] }));

// AUD-21 every resource is recorded: it records, as its owner has set it
const adopted = recording(true);
adopted.next(asItWas()).next(deliversAsItDid());

// AUD-13 nothing of the account's is undone: the stack goes, by its name, for a reference would hold it
const goes = assertions.awsApiCall('@aws-sdk/client-cloudformation', 'DeleteStack', { StackName: 'AdoptedRecorder' });
const gone = assertions.awsApiCall('@aws-sdk/client-cloudformation', 'ListStacks', { StackStatusFilter: ['DELETE_COMPLETE'] })
  .expect(ExpectedResult.objectLike({ StackSummaries: Match.arrayWith([Match.objectLike({ StackName: 'AdoptedRecorder' })]) }))
  .waitForAssertions({ totalTimeout: Duration.minutes(10), interval: Duration.seconds(5) });
const standsStill = recording(false);
adopted.next(goes).next(gone).next(standsStill).next(asItWas()).next(deliversAsItDid());
