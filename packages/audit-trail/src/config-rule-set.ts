import { ManagedRuleIdentifiers as Id } from 'aws-cdk-lib/aws-config';

/**
 * A rule that AWS Config brings along.
 */
export interface ManagedConfigRule {
  /**
   * What AWS calls the rule: capital letters, digits and underscores.
   *
   * @see https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html
   */
  readonly identifier: string;

  /**
   * What the rule is told, by the names that AWS gives.
   *
   * @default - what AWS takes by itself
   */
  readonly parameters?: { [name: string]: string };
}

/**
 * Managed rules that belong together. A rule that is in several sets is made once.
 */
export class ConfigRuleSet {
  /** What the CIS AWS Foundations Benchmark asks of the account: its users, trails and keys. */
  public static readonly CIS = new ConfigRuleSet([
    { identifier: Id.CLOUD_TRAIL_ENCRYPTION_ENABLED },
    { identifier: Id.CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED },
    { identifier: Id.CMK_BACKING_KEY_ROTATION_ENABLED },
    { identifier: Id.EC2_EBS_ENCRYPTION_BY_DEFAULT },
    { identifier: Id.IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS },
    { identifier: Id.IAM_ROOT_ACCESS_KEY_CHECK },
    { identifier: Id.MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS },
    { identifier: 'MULTI_REGION_CLOUD_TRAIL_ENABLED' },
    { identifier: Id.ROOT_ACCOUNT_MFA_ENABLED },
    { identifier: Id.S3_BUCKET_SSL_REQUESTS_ONLY },
    { identifier: Id.VPC_DEFAULT_SECURITY_GROUP_CLOSED },
    { identifier: Id.VPC_FLOW_LOGS_ENABLED },
  ]);

  /** Data at rest: encrypted, versioned, backed up, and not public. */
  public static readonly STORAGE = new ConfigRuleSet([
    { identifier: Id.EBS_ENCRYPTED_VOLUMES },
    { identifier: Id.RDS_INSTANCE_DELETION_PROTECTION_ENABLED },
    { identifier: Id.RDS_INSTANCE_PUBLIC_ACCESS_CHECK },
    { identifier: Id.RDS_SNAPSHOTS_PUBLIC_PROHIBITED },
    { identifier: Id.RDS_STORAGE_ENCRYPTED },
    { identifier: Id.S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED },
    { identifier: Id.S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED },
    { identifier: Id.S3_BUCKET_SSL_REQUESTS_ONLY },
    { identifier: Id.S3_BUCKET_VERSIONING_ENABLED },
  ]);

  /** Where traffic may flow: no administrator's port open to the world, flow logs, a closed default group. */
  public static readonly NETWORK = new ConfigRuleSet([
    { identifier: Id.EC2_SECURITY_GROUPS_INCOMING_SSH_DISABLED },
    { identifier: Id.EC2_SECURITY_GROUPS_RESTRICTED_INCOMING_TRAFFIC },
    { identifier: 'EC2_IMDSV2_CHECK' },
    { identifier: 'NACL_NO_UNRESTRICTED_SSH_RDP' },
    { identifier: Id.VPC_DEFAULT_SECURITY_GROUP_CLOSED },
    { identifier: Id.VPC_FLOW_LOGS_ENABLED },
  ]);

  /** Users: a second factor, keys that are renewed, passwords of 14 characters, and no policy of their own. */
  public static readonly IDENTITY = new ConfigRuleSet([
    { identifier: Id.ACCESS_KEYS_ROTATED, parameters: { maxAccessKeyAge: '90' } },
    { identifier: Id.IAM_PASSWORD_POLICY, parameters: { MinimumPasswordLength: '14', PasswordReusePrevention: '24' } },
    { identifier: Id.IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS },
    { identifier: Id.IAM_ROOT_ACCESS_KEY_CHECK },
    { identifier: Id.IAM_USER_NO_POLICIES_CHECK },
    { identifier: Id.IAM_USER_UNUSED_CREDENTIALS_CHECK, parameters: { maxCredentialUsageAge: '45' } },
    { identifier: Id.MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS },
    { identifier: Id.ROOT_ACCOUNT_MFA_ENABLED },
  ]);

  /**
   * A set of your own.
   *
   * @param rules what it is made of
   * @throws if a name is none of a managed rule, or a rule is there twice
   */
  public static of(...rules: ManagedConfigRule[]): ConfigRuleSet {
    return new ConfigRuleSet(rules);
  }

  private constructor(
    /** What the set is made of. */
    public readonly rules: ManagedConfigRule[],
  ) {
    const names = rules.map(({ identifier }) => identifier);
    names.forEach((name, index) => {
      if (!/^[A-Z][A-Z0-9_]*$/.test(name)) throw new Error(`'identifier' must be the name of a managed rule in capital letters, got '${name}'; write 'ENCRYPTED_VOLUMES', for example`);
      if (names.indexOf(name) !== index) throw new Error(`'rules' must name each rule once, got '${name}' twice; leave one out`);
    });
  }

  /**
   * The same set, with other parameters for one of its rules.
   *
   * @param identifier what AWS calls the rule
   * @param parameters all that the rule is told
   * @throws if the rule is not in the set
   */
  public withParameters(identifier: string, parameters: { [name: string]: string }): ConfigRuleSet {
    if (!this.rules.some((rule) => rule.identifier === identifier)) {
      throw new Error(`'identifier' must be a rule of the set, got '${identifier}'; the set has ${this.rules.map((rule) => rule.identifier).join(', ')}`);
    }
    return new ConfigRuleSet(this.rules.map((rule) => (rule.identifier === identifier ? { identifier, parameters } : rule)));
  }
}
