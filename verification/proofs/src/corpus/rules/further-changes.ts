import { Corpus } from '../../patterns/pattern';
import { call, callers, CloudTrailRecord, each, look, onTheBus, refused } from '../records';

interface Kind {
  readonly id: string;
  readonly service: string;
  /** Calls that must be told. */
  readonly calls: string[];
  /** Calls of the service that only look, and others that change something else. */
  readonly looks: string[];
  readonly others: string[];
}

/** Every change of a kind that succeeded, whoever made it, and nothing else (AUD-24). */
function changes({ id, service, calls, looks, others }: Kind): Corpus {
  const change = call(service, calls[0]);
  const onTheBusEach = (records: Record<string, CloudTrailRecord>): Record<string, object> =>
    Object.fromEntries(Object.entries(records).map(([title, record]) => [title, onTheBus(record)]));
  return {
    id,
    matches: onTheBusEach({
      ...each(calls, (eventName) => call(service, eventName)),
      'by the root user': { ...change, userIdentity: callers.root },
      'by a user': { ...change, userIdentity: callers.user },
      'by CloudFormation': { ...change, userIdentity: { ...callers.role, invokedBy: 'cloudformation.amazonaws.com' } },
    }),
    ignores: {
      ...onTheBusEach({
        ...each(looks, (eventName) => look(service, eventName)),
        ...each(others, (eventName) => call(service, eventName)),
        'a change that was refused': refused(service, calls[0], 'AccessDenied'),
      }),
      'an event that anyone put on the bus': onTheBus(change, { source: 'com.example.forged' }),
      'an event of the service, not a call': onTheBus(change, { 'detail-type': 'AWS Service Event via CloudTrail' }),
      'a record of another service in the name of this one': onTheBus({ ...change, eventSource: 'elasticache.amazonaws.com' }, { source: `aws.${service}` }),
    },
  };
}

/** What a watch tells besides security groups, by the construct id of its rules. */
export const furtherChanges: Corpus[] = [
  changes({
    id: 'NetworkAclChanges',
    service: 'ec2',
    calls: [
      'CreateNetworkAcl', 'CreateNetworkAclEntry', 'DeleteNetworkAcl', 'DeleteNetworkAclEntry', 'ReplaceNetworkAclAssociation', 'ReplaceNetworkAclEntry',
    ],
    looks: ['DescribeNetworkAcls'],
    others: ['AuthorizeSecurityGroupIngress', 'CreateRoute', 'CreateTags'],
  }),
  changes({
    id: 'RouteChanges',
    service: 'ec2',
    calls: [
      'AssociateRouteTable', 'CreateRoute', 'CreateRouteTable', 'DeleteRoute', 'DeleteRouteTable', 'DisableRouteServerPropagation',
      'DisableVgwRoutePropagation', 'DisassociateRouteTable', 'EnableRouteServerPropagation', 'EnableVgwRoutePropagation', 'ReplaceRoute',
      'ReplaceRouteTableAssociation',
    ],
    looks: ['DescribeRouteTables'],
    others: ['CreateNetworkAclEntry', 'AttachInternetGateway', 'CreateTransitGatewayRoute'],
  }),
  changes({
    id: 'GatewayChanges',
    service: 'ec2',
    calls: [
      'AcceptTransitGatewayVpcAttachment', 'AcceptVpcPeeringConnection', 'AttachInternetGateway', 'AttachVpnGateway', 'CreateCarrierGateway',
      'CreateCustomerGateway', 'CreateEgressOnlyInternetGateway', 'CreateInternetGateway', 'CreateNatGateway', 'CreateTransitGatewayVpcAttachment',
      'CreateVpcPeeringConnection', 'CreateVpnConnection', 'CreateVpnGateway', 'DeleteCarrierGateway', 'DeleteCustomerGateway',
      'DeleteEgressOnlyInternetGateway', 'DeleteInternetGateway', 'DeleteNatGateway', 'DeleteTransitGatewayVpcAttachment', 'DeleteVpcPeeringConnection',
      'DeleteVpnConnection', 'DeleteVpnGateway', 'DetachInternetGateway', 'DetachVpnGateway', 'ModifyTransitGatewayVpcAttachment', 'ModifyVpnConnection',
      'RejectTransitGatewayVpcAttachment', 'RejectVpcPeeringConnection',
    ],
    looks: ['DescribeInternetGateways', 'DescribeNatGateways'],
    others: ['CreateRoute', 'CreateVpc', 'AllocateAddress'],
  }),
  changes({
    id: 'IdentityChanges',
    service: 'iam',
    calls: [
      'AddClientIDToOpenIDConnectProvider', 'AddRoleToInstanceProfile', 'AddUserToGroup', 'AttachGroupPolicy', 'AttachRolePolicy', 'AttachUserPolicy',
      'CreateAccessKey', 'CreateGroup', 'CreateLoginProfile', 'CreateOpenIDConnectProvider', 'CreatePolicy', 'CreatePolicyVersion', 'CreateRole',
      'CreateSAMLProvider', 'CreateServiceSpecificCredential', 'CreateUser', 'DeactivateMFADevice', 'DeleteAccessKey', 'DeleteAccountPasswordPolicy',
      'DeleteGroup', 'DeleteGroupPolicy', 'DeleteLoginProfile', 'DeleteOpenIDConnectProvider', 'DeletePolicy', 'DeletePolicyVersion', 'DeleteRole',
      'DeleteRolePermissionsBoundary', 'DeleteRolePolicy', 'DeleteSAMLProvider', 'DeleteUser', 'DeleteUserPermissionsBoundary', 'DeleteUserPolicy',
      'DetachGroupPolicy', 'DetachRolePolicy', 'DetachUserPolicy', 'PutGroupPolicy', 'PutRolePermissionsBoundary', 'PutRolePolicy',
      'PutUserPermissionsBoundary', 'PutUserPolicy', 'RemoveRoleFromInstanceProfile', 'RemoveUserFromGroup', 'ResetServiceSpecificCredential',
      'SetDefaultPolicyVersion', 'UpdateAccessKey', 'UpdateAccountPasswordPolicy', 'UpdateAssumeRolePolicy', 'UpdateLoginProfile',
      'UpdateOpenIDConnectProviderThumbprint', 'UpdateSAMLProvider', 'UpdateUser', 'UploadSSHPublicKey', 'UploadSigningCertificate',
    ],
    looks: ['GetRole', 'ListUsers', 'SimulatePrincipalPolicy'],
    others: ['TagRole', 'CreateInstanceProfile', 'EnableMFADevice'],
  }),
  changes({
    id: 'Watch/TrailChanges',
    service: 'cloudtrail',
    calls: [
      'CreateTrail', 'DeleteTrail', 'PutEventSelectors', 'PutInsightSelectors', 'StartLogging', 'StopLogging', 'UpdateTrail',
    ],
    looks: ['DescribeTrails', 'GetTrailStatus'],
    others: ['AddTags', 'StartQuery'],
  }),
  changes({
    id: 'KeyChanges',
    service: 'kms',
    calls: [
      'CancelKeyDeletion', 'DeleteAlias', 'DeleteImportedKeyMaterial', 'DisableKey', 'DisableKeyRotation', 'EnableKey', 'PutKeyPolicy', 'ReplicateKey',
      'ScheduleKeyDeletion', 'UpdateAlias',
    ],
    looks: ['DescribeKey', 'GetKeyPolicy', 'Decrypt'],
    others: ['CreateKey', 'EnableKeyRotation', 'TagResource'],
  }),
  changes({
    id: 'BucketChanges',
    service: 's3',
    calls: [
      'CreateAccessPoint', 'DeleteAccessPointPolicy', 'DeleteAccountPublicAccessBlock', 'DeleteBucketCors', 'DeleteBucketLifecycle',
      'DeleteBucketOwnershipControls', 'DeleteBucketPolicy', 'DeleteBucketPublicAccessBlock', 'DeleteBucketReplication', 'PutAccessPointPolicy',
      'PutAccountPublicAccessBlock', 'PutBucketAcl', 'PutBucketCors', 'PutBucketLifecycle', 'PutBucketOwnershipControls', 'PutBucketPolicy',
      'PutBucketPublicAccessBlock', 'PutBucketReplication',
    ],
    looks: ['GetBucketPolicy', 'GetBucketPublicAccessBlock'],
    others: ['CreateBucket', 'PutBucketTagging', 'PutObject'],
  }),
];
