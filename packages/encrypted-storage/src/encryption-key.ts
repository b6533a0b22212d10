import { Annotations, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { RotateKey } from './mixins/rotate-key';
import { checkName } from './private/check-name';
import { keyPolicy, lockOuts } from './private/key-policy';
import { ROTATION_DAYS } from './private/rotation';
import { wholeDays } from './private/whole-days';
import { ServiceWriter } from './service-writer';
import { ViaService } from './via-service';

/**
 * Properties of `EncryptionKey`.
 */
export interface EncryptionKeyProps {
  /**
   * A name for the key, unique in account and region; `alias/` is put in front if missing. Letters, digits and `/_-`,
   * at most 250 characters, not beginning with `aws/`.
   *
   * @default - the key has no alias
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html
   */
  readonly alias?: string;

  /**
   * What the key is for. At most 8,192 characters.
   *
   * @default - names the path of the construct
   */
  readonly description?: string;

  /**
   * How often AWS makes new key material. Whole days, from 90 to 2,560. Data encrypted earlier stays readable.
   *
   * Longer than a year is weaker than what CIS asks for, and synthesis warns (STO-05).
   *
   * @default Duration.days(365)
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
   */
  readonly rotationPeriod?: Duration;

  /**
   * How long a deleted key can be brought back. Whole days, from 7 to 30. Nothing it encrypted can be read after that.
   *
   * @default Duration.days(30)
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
   */
  readonly pendingWindow?: Duration;

  /**
   * Who manages the key without a permission in IAM, and without being able to read what it encrypts. For roles of
   * other accounts, and for roles whose access must not depend on IAM policies.
   *
   * @default - whoever the account's IAM policies let manage keys
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-administrators
   */
  readonly administrators?: iam.IPrincipal[];

  /**
   * Who uses the key without a permission in IAM: encrypts, decrypts, and lets AWS resources do so for them. For roles of other
   * accounts, and for roles whose access must not depend on IAM policies. `onlyVia` binds them as well.
   *
   * @default - whoever the account's IAM policies let use keys; `key.grantEncryptDecrypt(role)` writes such a policy
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-users
   */
  readonly users?: iam.IPrincipal[];

  /**
   * The only AWS services through which the account's roles and users may use the key. A call straight to KMS is refused
   * then, even to a role that may read the data through the service.
   *
   * Services that act in their own name are not listed here: see `EncryptionKey.allowService`.
   *
   * @default - any service, and KMS itself, as the account's IAM policies permit
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
   */
  readonly onlyVia?: ViaService[];

  /**
   * What happens to the key when it leaves the stack. With `DESTROY` its data can be read until `pendingWindow` is over.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A customer key that rotates, that its managers cannot read with, and that nobody can be locked out of.
 *
 * The account manages the key; its IAM policies decide who uses it; only AWS resources get grants. An AWS service that
 * writes in its own name (CloudWatch Logs, alarms, EventBridge, CloudTrail …) is let in by `allowService`, with the
 * conditions it supports. A statement added later that would lock the account out fails synthesis.
 *
 * Controls: STO-05 rotation, STO-06 key policy, STO-07 service writers, STO-08 survives its stack.
 */
export class EncryptionKey extends Construct {
  /**
   * Lets a service use a key in its own name. Asking twice changes nothing.
   *
   * The policy of an imported key cannot be changed from here: synthesis warns and says what the policy must contain.
   *
   * @param key the key to open to the service
   * @param writer the service
   */
  public static allowService(key: kms.IKey, writer: ServiceWriter): void {
    for (const statement of writer.keyPolicyStatements(key)) {
      // the policy document leaves out a statement it already has
      if (key.addToResourcePolicy(statement).statementAdded) continue;

      Annotations.of(key).addWarningV2(`encrypted-storage:STO-07-${writer.id}`,
        `the policy of this imported key cannot be changed here; its owner must add ${JSON.stringify(Stack.of(key).resolve(statement.toStatementJson()))}`);
    }
  }

  /** The key. Its own grants and alias methods all apply. */
  public readonly key: kms.Key;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps = {}) {
    super(scope, id);

    const rotationPeriod = Duration.days(wholeDays(this, 'rotationPeriod', props.rotationPeriod ?? Duration.days(ROTATION_DAYS), 90, 2560));
    const pendingDays = wholeDays(this, 'pendingWindow', props.pendingWindow ?? Duration.days(30), 7, 30);
    checkName(this, 'alias', props.alias, /^(alias\/)?(?!alias\/|aws\/)[a-zA-Z0-9/_-]{1,250}$/, "1 to 250 letters, digits and '/_-', not beginning with 'aws/'");
    checkName(this, 'description', props.description, /^[^]{0,8192}$/, 'at most 8192 characters');

    const policy = keyPolicy(this, { administrators: props.administrators, users: props.users, onlyVia: props.onlyVia });
    this.node.addValidation({
      validate: () => lockOuts(this, policy).map((sid) => `the policy of this key locks the account out; take statement '${sid}' back, or give it a condition [${this.node.path}]`),
    });
    this.key = new kms.Key(this, 'Key', {
      alias: props.alias,
      description: props.description ?? `Encrypts data at rest (${this.node.path})`,
      policy,
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    });
    this.node.defaultChild = this.key.node.defaultChild;

    this.key.with(new RotateKey({ rotationPeriod }));
    // set below the L2, which compares the days itself and refuses every value that is only known at deployment
    (this.key.node.defaultChild as kms.CfnKey).pendingWindowInDays = pendingDays;
  }
}
