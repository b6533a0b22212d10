import { Match } from '@aws-cdk/integ-tests-alpha';
import { CUSTOMER_KEY, DeployedEnvironment, SUFFIX } from './deployed-environment';

/** The trail records every call, in all regions, into its bucket and its log group, and what it wrote can be shown to be unchanged. */
export function trailLogs(environment: DeployedEnvironment, key: Match = CUSTOMER_KEY): void {
  const trail = environment.exported('TrailArn');
  environment.reads('cloudtrail', 'DescribeTrails', { trailNameList: [trail] }, {
    trailList: [{
      Name: `tap-trail-${SUFFIX}`, S3BucketName: environment.exported('CloudTrailBucketName'), KmsKeyId: key, IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: true, LogFileValidationEnabled: true, CloudWatchLogsLogGroupArn: Match.stringLikeRegexp('AuditEvents'),
    }],
  });
  environment.reads('cloudtrail', 'GetTrailStatus', { Name: trail }, { IsLogging: true });
}

/** AWS Config records every type of resource, delivers to the bucket of the stack, and checks against these rules among others. */
export function configurationIsRecorded(environment: DeployedEnvironment, rules: string[]): void {
  const asks = (call: string, expected: object) => environment.reads('config-service', call, {}, expected, [`config:${call}`]);
  asks('DescribeConfigurationRecorders', {
    ConfigurationRecorders: [{ roleARN: Match.stringLikeRegexp('/AWSServiceRoleForConfig$'), recordingGroup: { allSupported: true, includeGlobalResourceTypes: true } }],
  });
  asks('DescribeConfigurationRecorderStatus', { ConfigurationRecordersStatus: [{ recording: true }] });
  asks('DescribeDeliveryChannels', { DeliveryChannels: [{ s3BucketName: environment.exported('ConfigBucketName'), s3KmsKeyArn: CUSTOMER_KEY }] });
  for (const SourceIdentifier of rules) {
    asks('DescribeConfigRules', { ConfigRules: Match.arrayWith([Match.objectLike({ ConfigRuleState: 'ACTIVE', Source: { Owner: 'AWS', SourceIdentifier } })]) });
  }
}
