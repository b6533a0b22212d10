import { Match } from '@aws-cdk/integ-tests-alpha';
import { Duration } from 'aws-cdk-lib';
import { CUSTOMER_KEY, DeployedEnvironment, SUFFIX } from './deployed-environment';
import { InlineFunction } from './inline-function';

/** Looks for a call with a parameter through the log files that a trail has written until now. */
const LOOK_THROUGH = `
const { gunzipSync } = require('node:zlib');
const { GetObjectCommand, paginateListObjectsV2, S3Client } = require('@aws-sdk/client-s3');
const s3 = new S3Client({});

exports.handler = async ({ logFilesIn: Bucket, call, parameter }) => {
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix: 'AWSLogs/' })) {
    for (const { Key } of Contents.filter((file) => /\\/CloudTrail\\/.+\\.json\\.gz$/.test(file.Key))) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const { Records } = JSON.parse(gunzipSync(await Body.transformToByteArray()));
      const found = Records.some(({ eventName, requestParameters }) => eventName === call && Object.values(requestParameters ?? {}).includes(parameter));
      if (found) return { recorded: true };
    }
  }
  return { recorded: false };
};
`;

/**
 * The trail records every call, in all regions, into its bucket and its log group, and what it wrote can be shown to be unchanged. A call
 * of this test arrives in a log file.
 */
export function trailLogs(environment: DeployedEnvironment, key: Match = CUSTOMER_KEY): void {
  const trail = environment.exported('TrailArn');
  environment.reads('cloudtrail', 'DescribeTrails', { trailNameList: [trail] }, {
    trailList: [{
      Name: `tap-trail-${SUFFIX}`, S3BucketName: environment.exported('CloudTrailBucketName'), KmsKeyId: key, IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: true, LogFileValidationEnabled: true, CloudWatchLogsLogGroupArn: Match.stringLikeRegexp('AuditEvents'),
    }],
  });
  environment.reads('cloudtrail', 'GetTrailStatus', { Name: trail }, { IsLogging: true });

  const reader = new InlineFunction(environment.assertionStack, 'LogFiles', LOOK_THROUGH, {
    actions: ['s3:ListBucket', 's3:GetObject', 'kms:Decrypt'], resources: ['*'],
  });
  environment.answers(reader, { logFilesIn: environment.exported('CloudTrailBucketName'), call: 'GetTrailStatus', parameter: trail }, { recorded: true })
    // on AWS it takes five minutes as a rule
    .waitForAssertions({ totalTimeout: Duration.minutes(20), interval: Duration.seconds(10) });
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
