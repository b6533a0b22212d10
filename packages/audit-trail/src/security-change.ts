/**
 * A kind of change that a `SecurityChangeWatch` tells besides those of security groups: calls of one service, if they succeeded.
 *
 * Each kind holds what CIS asks for, and the calls that do the same by another way.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export class SecurityChange {
  /** Entries of network ACLs, and which subnets they are for. */
  public static readonly NETWORK_ACLS = new SecurityChange('NetworkAclChanges', 'network ACLs', 'ec2', [
    'CreateNetworkAcl', 'CreateNetworkAclEntry', 'DeleteNetworkAcl', 'DeleteNetworkAclEntry', 'ReplaceNetworkAclAssociation',
    'ReplaceNetworkAclEntry',
  ]);

  /** Routes, where they come from, and which subnets they are for. */
  public static readonly ROUTES = new SecurityChange('RouteChanges', 'routes', 'ec2', [
    'AssociateRouteTable', 'CreateRoute', 'CreateRouteTable', 'DeleteRoute', 'DeleteRouteTable', 'DisableRouteServerPropagation',
    'DisableVgwRoutePropagation', 'DisassociateRouteTable', 'EnableRouteServerPropagation', 'EnableVgwRoutePropagation', 'ReplaceRoute',
    'ReplaceRouteTableAssociation',
  ]);

  /** Gateways to other networks, private connections through them, and peering. */
  public static readonly GATEWAYS = new SecurityChange('GatewayChanges', 'gateways', 'ec2', [
    'AcceptTransitGatewayVpcAttachment', 'AcceptVpcPeeringConnection', 'AttachInternetGateway', 'AttachVpnGateway',
    'CreateCarrierGateway', 'CreateCustomerGateway', 'CreateEgressOnlyInternetGateway', 'CreateInternetGateway', 'CreateNatGateway',
    'CreateTransitGatewayVpcAttachment', 'CreateVpcPeeringConnection', 'CreateVpnConnection', 'CreateVpnGateway', 'DeleteCarrierGateway',
    'DeleteCustomerGateway', 'DeleteEgressOnlyInternetGateway', 'DeleteInternetGateway', 'DeleteNatGateway',
    'DeleteTransitGatewayVpcAttachment', 'DeleteVpcPeeringConnection', 'DeleteVpnConnection', 'DeleteVpnGateway', 'DetachInternetGateway',
    'DetachVpnGateway', 'ModifyTransitGatewayVpcAttachment', 'ModifyVpnConnection', 'RejectTransitGatewayVpcAttachment',
    'RejectVpcPeeringConnection',
  ]);

  /** Policies, roles, users, groups and credentials. IAM is heard of in one region of a partition, US East (N. Virginia) or its like. */
  public static readonly IDENTITIES = new SecurityChange('IdentityChanges', 'identities', 'iam', [
    'AddClientIDToOpenIDConnectProvider', 'AddRoleToInstanceProfile', 'AddUserToGroup', 'AttachGroupPolicy', 'AttachRolePolicy',
    'AttachUserPolicy', 'CreateAccessKey', 'CreateGroup', 'CreateLoginProfile', 'CreateOpenIDConnectProvider', 'CreatePolicy',
    'CreatePolicyVersion', 'CreateRole', 'CreateSAMLProvider', 'CreateServiceSpecificCredential', 'CreateUser', 'DeactivateMFADevice',
    'DeleteAccessKey', 'DeleteAccountPasswordPolicy', 'DeleteGroup', 'DeleteGroupPolicy', 'DeleteLoginProfile',
    'DeleteOpenIDConnectProvider', 'DeletePolicy', 'DeletePolicyVersion', 'DeleteRole', 'DeleteRolePermissionsBoundary',
    'DeleteRolePolicy', 'DeleteSAMLProvider', 'DeleteUser', 'DeleteUserPermissionsBoundary', 'DeleteUserPolicy', 'DetachGroupPolicy',
    'DetachRolePolicy', 'DetachUserPolicy', 'PutGroupPolicy', 'PutRolePermissionsBoundary', 'PutRolePolicy', 'PutUserPermissionsBoundary',
    'PutUserPolicy', 'RemoveRoleFromInstanceProfile', 'RemoveUserFromGroup', 'ResetServiceSpecificCredential', 'SetDefaultPolicyVersion',
    'UpdateAccessKey', 'UpdateAccountPasswordPolicy', 'UpdateAssumeRolePolicy', 'UpdateLoginProfile',
    'UpdateOpenIDConnectProviderThumbprint', 'UpdateSAMLProvider', 'UpdateUser', 'UploadSSHPublicKey', 'UploadSigningCertificate',
  ]);

  /** Whether trails record, and what. */
  public static readonly TRAILS = new SecurityChange('TrailChanges', 'trails', 'cloudtrail', [
    'CreateTrail', 'DeleteTrail', 'PutEventSelectors', 'PutInsightSelectors', 'StartLogging', 'StopLogging', 'UpdateTrail',
  ]);

  /** Who may use keys, and whether they work. Not grants: services make them all the time. */
  public static readonly KEYS = new SecurityChange('KeyChanges', 'keys', 'kms', [
    'CancelKeyDeletion', 'DeleteAlias', 'DeleteImportedKeyMaterial', 'DisableKey', 'DisableKeyRotation', 'EnableKey', 'PutKeyPolicy',
    'ReplicateKey', 'ScheduleKeyDeletion', 'UpdateAlias',
  ]);

  /** Who may reach buckets, what becomes of what is in them, and what blocks public access, for a bucket and for the account. */
  public static readonly BUCKETS = new SecurityChange('BucketChanges', 'access to buckets', 's3', [
    'CreateAccessPoint', 'DeleteAccessPointPolicy', 'DeleteAccountPublicAccessBlock', 'DeleteBucketCors', 'DeleteBucketLifecycle',
    'DeleteBucketOwnershipControls', 'DeleteBucketPolicy', 'DeleteBucketPublicAccessBlock', 'DeleteBucketReplication',
    'PutAccessPointPolicy', 'PutAccountPublicAccessBlock', 'PutBucketAcl', 'PutBucketCors', 'PutBucketLifecycle',
    'PutBucketOwnershipControls', 'PutBucketPolicy', 'PutBucketPublicAccessBlock', 'PutBucketReplication',
  ]);

  /**
   * Every kind.
   */
  public static all(): SecurityChange[] {
    return [
      SecurityChange.NETWORK_ACLS,
      SecurityChange.ROUTES,
      SecurityChange.GATEWAYS,
      SecurityChange.IDENTITIES,
      SecurityChange.TRAILS,
      SecurityChange.KEYS,
      SecurityChange.BUCKETS,
    ];
  }

  private constructor(
    /** The name of the kind, which is the id of its rule. */
    public readonly id: string,
    /** What is changed, in words. */
    public readonly title: string,
    /** The service, as its events name it. */
    public readonly service: string,
    /** The calls, as CloudTrail names them: S3 calls some of them otherwise in its own reference. */
    public readonly calls: string[],
  ) {}
}
