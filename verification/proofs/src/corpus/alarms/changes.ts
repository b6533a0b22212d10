import { Corpus } from '../../patterns/pattern';
import { call, callers, CloudTrailRecord, each, look } from '../records';

interface Changes {
  readonly service: string;
  /** The calls that make the change. */
  readonly calls: string[];
  /** Calls of the service that look at the same, or change something else. */
  readonly others: { readonly looks: string[]; readonly changes: string[] };
  /** What has the same name in another service, or could be taken for it. */
  readonly elsewhere: Record<string, CloudTrailRecord>;
}

/** Every call by a role, and the first one by whoever else makes calls. */
function changes(id: string, { service, calls, others, elsewhere }: Changes): Corpus {
  const [first] = calls;
  return {
    id,
    matches: {
      ...each(calls, (eventName) => call(service, eventName)),
      'by the root user': call(service, first, { userIdentity: callers.root }),
      'by a user': call(service, first, { userIdentity: callers.user }),
      'by CloudFormation': call(service, first, {
        userIdentity: { ...callers.role, invokedBy: 'cloudformation.amazonaws.com' }, sourceIPAddress: 'cloudformation.amazonaws.com', userAgent: 'cloudformation.amazonaws.com',
      }),
    },
    ignores: {
      ...each(others.looks, (eventName) => look(service, eventName)),
      ...each(others.changes, (eventName) => call(service, eventName)),
      ...elsewhere,
      'a name that only begins the same': call(service, `${first}s`),
      'a call that speaks of it': look('cloudtrail', 'LookupEvents', { requestParameters: { lookupAttributes: [{ attributeKey: 'EventName', attributeValue: first }] } }),
    },
  };
}

/** What changes in an account that CIS wants to be told about, one corpus for each alarm. */
export const CHANGES: Corpus[] = [
  changes('IamPolicyChanges', {
    service: 'iam',
    calls: [
      'DeleteGroupPolicy', 'DeleteRolePolicy', 'DeleteUserPolicy', 'PutGroupPolicy', 'PutRolePolicy', 'PutUserPolicy', 'CreatePolicy', 'DeletePolicy',
      'CreatePolicyVersion', 'DeletePolicyVersion', 'AttachRolePolicy', 'DetachRolePolicy', 'AttachUserPolicy', 'DetachUserPolicy', 'AttachGroupPolicy', 'DetachGroupPolicy',
    ],
    others: { looks: ['GetPolicy', 'ListAttachedRolePolicies'], changes: ['CreateRole', 'TagPolicy'] },
    elsewhere: {
      'a policy of IoT': call('iot', 'CreatePolicy'),
      'a policy of the organization': call('organizations', 'DeletePolicy'),
      'a policy of a queue': call('sqs', 'SetQueueAttributes'),
    },
  }),
  changes('CloudTrailChanges', {
    service: 'cloudtrail',
    calls: ['CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging'],
    others: { looks: ['DescribeTrails', 'GetTrailStatus'], changes: ['AddTags'] },
    elsewhere: { 'the access logging of a bucket': call('s3', 'PutBucketLogging'), 'the logging of a firewall': call('wafv2', 'DeleteLoggingConfiguration') },
  }),
  changes('KeyDeletion', {
    service: 'kms',
    calls: ['DisableKey', 'ScheduleKeyDeletion'],
    others: { looks: ['DescribeKey'], changes: ['EnableKey', 'CancelKeyDeletion', 'DisableKeyRotation'] },
    elsewhere: { 'a key of another service': call('payment-cryptography', 'DisableKey') },
  }),
  changes('BucketPolicyChanges', {
    service: 's3',
    calls: [
      'PutBucketAcl', 'PutBucketPolicy', 'PutBucketCors', 'PutBucketLifecycle', 'PutBucketReplication', 'DeleteBucketPolicy', 'DeleteBucketCors',
      'DeleteBucketLifecycle', 'DeleteBucketReplication',
    ],
    others: { looks: ['GetBucketPolicy', 'GetBucketAcl'], changes: ['CreateBucket', 'PutBucketTagging'] },
    elsewhere: { 'a bucket of S3 on Outposts': call('s3-outposts', 'PutBucketPolicy'), 'a policy of an access point': call('s3', 'PutAccessPointPolicy') },
  }),
  changes('ConfigChanges', {
    service: 'config',
    calls: ['StopConfigurationRecorder', 'DeleteDeliveryChannel', 'PutDeliveryChannel', 'PutConfigurationRecorder'],
    others: { looks: ['DescribeConfigurationRecorders', 'DescribeDeliveryChannels'], changes: ['StartConfigurationRecorder', 'PutConfigRule'] },
    elsewhere: { 'a channel of another service': call('ses', 'PutDeliveryChannel') },
  }),
  changes('SecurityGroupChanges', {
    service: 'ec2',
    calls: [
      'AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress', 'RevokeSecurityGroupIngress', 'RevokeSecurityGroupEgress', 'CreateSecurityGroup', 'DeleteSecurityGroup',
    ],
    others: { looks: ['DescribeSecurityGroups', 'DescribeSecurityGroupRules'], changes: ['CreateTags'] },
    elsewhere: { 'a security group of RDS': call('rds', 'AuthorizeDBSecurityGroupIngress'), 'one of ElastiCache': call('elasticache', 'CreateCacheSecurityGroup') },
  }),
  changes('NetworkAclChanges', {
    service: 'ec2',
    calls: [
      'CreateNetworkAcl', 'CreateNetworkAclEntry', 'DeleteNetworkAcl', 'DeleteNetworkAclEntry', 'ReplaceNetworkAclEntry', 'ReplaceNetworkAclAssociation',
    ],
    others: { looks: ['DescribeNetworkAcls'], changes: ['AuthorizeSecurityGroupIngress', 'CreateRoute'] },
    elsewhere: { 'an access list of a firewall': call('wafv2', 'CreateWebACL') },
  }),
  changes('GatewayChanges', {
    service: 'ec2',
    calls: [
      'CreateCustomerGateway', 'DeleteCustomerGateway', 'AttachInternetGateway', 'CreateInternetGateway', 'DeleteInternetGateway', 'DetachInternetGateway',
    ],
    others: { looks: ['DescribeInternetGateways', 'DescribeCustomerGateways'], changes: ['CreateTags'] },
    elsewhere: { 'a gateway of API Gateway': call('apigateway', 'CreateRestApi'), 'a gateway of Storage Gateway': call('storagegateway', 'DeleteGateway') },
  }),
  changes('RouteTableChanges', {
    service: 'ec2',
    calls: ['CreateRoute', 'CreateRouteTable', 'ReplaceRoute', 'ReplaceRouteTableAssociation', 'DeleteRouteTable', 'DeleteRoute', 'DisassociateRouteTable'],
    others: { looks: ['DescribeRouteTables'], changes: ['CreateVpc'] },
    elsewhere: {
      'a route of API Gateway': call('apigateway', 'CreateRoute'),
      'a route of App Mesh': call('appmesh', 'DeleteRoute'),
      'a health check of Route 53': call('route53', 'CreateHealthCheck'),
    },
  }),
  changes('VpcChanges', {
    service: 'ec2',
    calls: [
      'CreateVpc', 'DeleteVpc', 'ModifyVpcAttribute', 'AcceptVpcPeeringConnection', 'CreateVpcPeeringConnection', 'DeleteVpcPeeringConnection',
      'RejectVpcPeeringConnection', 'AttachClassicLinkVpc', 'DetachClassicLinkVpc', 'DisableVpcClassicLink', 'EnableVpcClassicLink',
    ],
    others: { looks: ['DescribeVpcs', 'DescribeVpcPeeringConnections'], changes: ['CreateSubnet'] },
    elsewhere: { 'a connection of a directory': call('route53', 'AssociateVPCWithHostedZone') },
  }),
  changes('OrganizationChanges', {
    service: 'organizations',
    calls: [
      'AcceptHandshake', 'AttachPolicy', 'CreateAccount', 'CreateOrganizationalUnit', 'CreatePolicy', 'DeclineHandshake', 'DeleteOrganization', 'DeleteOrganizationalUnit',
      'DeletePolicy', 'DetachPolicy', 'DisablePolicyType', 'EnablePolicyType', 'InviteAccountToOrganization', 'LeaveOrganization', 'MoveAccount',
      'RemoveAccountFromOrganization', 'UpdatePolicy', 'UpdateOrganizationalUnit',
    ],
    others: { looks: ['ListAccounts', 'DescribeOrganization'], changes: ['TagResource'] },
    elsewhere: { 'a policy of IoT': call('iot', 'AttachPolicy'), 'a policy of IAM': call('iam', 'CreatePolicy') },
  }),
];
