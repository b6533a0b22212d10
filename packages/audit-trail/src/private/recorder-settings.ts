import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AccountSettingProps } from './account-setting';

type Setting = Pick<AccountSettingProps, 'handler' | 'does' | 'resourceType' | 'properties' | 'statements'>;

const SERVICE = 'config.amazonaws.com';

/** What starts the recorder that is there, and may do nothing else. */
export const ADOPTED: Setting = {
  handler: 'config-recorder',
  does: 'starts the recorder of AWS Config where it stands still',
  resourceType: 'Custom::AdoptedConfigRecorder',
  properties: {},
  statements: [
    // the one recorder of the region: its ARN has an id that nobody knows beforehand
    allow('StartAndStop', [
      'config:DescribeConfigurationRecorders', 'config:DescribeConfigurationRecorderStatus', 'config:StartConfigurationRecorder', 'config:StopConfigurationRecorder',
    ], ['*']),
  ],
};

/** What makes the recorder where there is none, and takes away what it made. */
export function ensured(bucket: s3.IBucket, key: kms.IKey, stays: boolean): Setting {
  const stack = Stack.of(bucket);
  const role = stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: `aws-service-role/${SERVICE}/AWSServiceRoleForConfig` });
  return {
    handler: 'ensured-recorder',
    does: 'makes the recorder of AWS Config where there is none, and starts it where it stands still',
    resourceType: 'Custom::EnsuredConfigRecorder',
    properties: { BucketName: bucket.bucketName, KeyArn: key.keyArn, RoleArn: role, Stays: stays },
    statements: [
      allow('LookAtRecorder', [
        'config:DescribeConfigurationRecorders', 'config:DescribeConfigurationRecorderStatus', 'config:DescribeDeliveryChannels', 'config:ListTagsForResource',
      ], ['*']),
      allow('MakeAndStartRecorder', [
        'config:PutConfigurationRecorder', 'config:PutDeliveryChannel', 'config:StartConfigurationRecorder', 'config:StopConfigurationRecorder',
        'config:DeleteDeliveryChannel', 'config:DeleteConfigurationRecorder',
      ], ['*']),
      allow('SayWhoUsesRecorder', ['config:TagResource', 'config:UntagResource'], [
        stack.formatArn({ service: 'config', resource: 'configuration-recorder', resourceName: '*' }),
      ]),
      allow('MakeServiceLinkedRole', ['iam:CreateServiceLinkedRole'], [role], { 'iam:AWSServiceName': SERVICE }),
      allow('PassServiceLinkedRole', ['iam:PassRole'], [role], { 'iam:PassedToService': SERVICE }),
    ],
  };
}

function allow(sid: string, actions: string[], resources: string[], equal?: Record<string, string>): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid, actions, resources, conditions: equal && { StringEquals: equal } });
}
