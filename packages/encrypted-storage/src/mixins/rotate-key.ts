import { Duration, Mixin } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { IConstruct } from 'constructs';
import { rotateEvery, ROTATION_DAYS } from '../private/rotation';
import { wholeDays } from '../private/whole-days';

/**
 * Properties of `RotateKey`.
 */
export interface RotateKeyProps {
  /**
   * How often AWS makes new key material. Whole days, from 90 to 2,560. Longer than a year is weaker than what CIS asks for, and
   * synthesis warns (STO-05).
   *
   * @default Duration.days(365)
   * @see https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
   */
  readonly rotationPeriod?: Duration;
}

/**
 * Makes a key rotate: `key.with(new RotateKey())`.
 *
 * For keys that others made; an `EncryptionKey` has it. AWS rotates symmetric keys whose material it made, so others are refused.
 *
 * Controls: STO-05 rotation.
 */
export class RotateKey extends Mixin {
  private readonly days: number;

  /**
   * @throws if the period is not one that AWS accepts
   */
  constructor(props: RotateKeyProps = {}) {
    super();
    this.days = wholeDays(undefined, 'rotationPeriod', props.rotationPeriod ?? Duration.days(ROTATION_DAYS), 90, 2560);
  }

  /**
   * Whether this can be applied to a construct.
   *
   * @param construct is an `AWS::KMS::Key`, or not
   */
  public supports(construct: IConstruct): boolean {
    return kms.CfnKey.isCfnKey(construct);
  }

  /**
   * Turns rotation on.
   *
   * @param construct an `AWS::KMS::Key`; anything else is left alone
   * @throws if AWS does not rotate such a key
   */
  public applyTo(construct: IConstruct): void {
    if (kms.CfnKey.isCfnKey(construct)) rotateEvery(construct, this.days);
  }
}
