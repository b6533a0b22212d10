import * as events from 'aws-cdk-lib/aws-events';

/**
 * Every call of EC2 that changes a security group.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/OperationList-query-vpc.html
 */
export const SECURITY_GROUP_CALLS = [
  'AssociateSecurityGroupVpc',
  'AuthorizeSecurityGroupEgress',
  'AuthorizeSecurityGroupIngress',
  'CreateSecurityGroup',
  'DeleteSecurityGroup',
  'DisassociateSecurityGroupVpc',
  'ModifySecurityGroupRules',
  'RevokeSecurityGroupEgress',
  'RevokeSecurityGroupIngress',
  'UpdateSecurityGroupRuleDescriptionsEgress',
  'UpdateSecurityGroupRuleDescriptionsIngress',
];

/** Calls of one service that changed something: a call that was refused carries an error code. */
export function successfulCalls(service: string, eventNames: string[]): events.EventPattern {
  return {
    source: [`aws.${service}`],
    detailType: ['AWS API Call via CloudTrail'],
    detail: { eventSource: [`${service}.amazonaws.com`], eventName: eventNames, errorCode: [{ exists: false }] },
  };
}
