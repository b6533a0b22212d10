import { EncryptedLogGroup, EncryptionKey } from '@tapstack/encrypted-storage';
import { RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AccountSetting } from './private/account-setting';
import { checkWholeNumber } from './private/whole-number';

/**
 * Properties of `PasswordPolicy`.
 */
export interface PasswordPolicyProps {
  /**
   * Who hears of a request to set the policy that was never answered. The policy of an imported key must let the account's IAM policies
   * permit its use.
   */
  readonly topic: sns.ITopic;

  /**
   * How long passwords are at least. A whole number from 14, which CIS asks for, to 128.
   *
   * @default 14
   */
  readonly minimumLength?: number;

  /**
   * How many earlier passwords cannot be used again. A whole number from 1 to 24, which CIS asks for.
   *
   * @default 24
   */
  readonly reusePrevention?: number;

  /**
   * The key that encrypts the log. CloudWatch Logs is let in by its policy; an imported key must do that itself, and synthesis warns.
   *
   * @default - a new `EncryptionKey`, rotated every 365 days
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * How long the log is kept. Less than a year is warned about.
   *
   * @default logs.RetentionDays.ONE_YEAR
   */
  readonly retention?: logs.RetentionDays;

  /**
   * What happens to the log group, and to the key if it is made here, when they leave the stack. The password policy stays.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * The password policy of the account, made as strong as CIS asks for: long passwords of all kinds of characters that were not used
 * before.
 *
 * An account has one policy. Where it asks for more already, that stays; it never gets weaker, also not when the stack goes.
 *
 * Controls: AUD-23 strong passwords, AUD-13 nothing of the account's is undone, AUD-05 least privilege.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
 */
export class PasswordPolicy extends Construct {
  /** The log of what was set: a line of JSON for each request. */
  public readonly logGroup: logs.LogGroup;

  /** The key that encrypts the log. */
  public readonly encryptionKey: kms.IKey;

  /**
   * @throws if a number is out of its range
   */
  constructor(scope: Construct, id: string, props: PasswordPolicyProps) {
    super(scope, id);

    const { topic, minimumLength = 14, reusePrevention = 24, removalPolicy = RemovalPolicy.RETAIN } = props;
    checkWholeNumber(this, 'minimumLength', minimumLength, 14, 128);
    checkWholeNumber(this, 'reusePrevention', reusePrevention, 1, 24);

    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { removalPolicy }).key;
    this.logGroup = new EncryptedLogGroup(this, 'Logs', { encryptionKey: this.encryptionKey, retention: props.retention, removalPolicy }).logGroup;
    new AccountSetting(this, 'Policy', {
      handler: 'password-policy',
      does: 'strengthens the password policy of the account',
      resourceType: 'Custom::PasswordPolicy',
      properties: { MinimumLength: minimumLength, ReusePrevention: reusePrevention },
      statements: [new iam.PolicyStatement({
        sid: 'StrengthenPasswords',
        actions: ['iam:GetAccountPasswordPolicy', 'iam:UpdateAccountPasswordPolicy'],
        // the policy of the account is no resource
        resources: ['*'],
      })],
      encryptionKey: this.encryptionKey,
      logGroup: this.logGroup,
      topic,
    });
  }
}
