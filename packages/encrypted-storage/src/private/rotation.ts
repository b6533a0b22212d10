import { Annotations, Token } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';

/** What CIS asks for. */
export const ROTATION_DAYS = 365;

/** Makes a key rotate, below the L2, which compares the days itself and refuses every value that is only known at deployment. */
export function rotateEvery(key: kms.CfnKey, days: number): void {
  refuseUnless(key, 'symmetric', 'keySpec', key.keySpec, 'SYMMETRIC_DEFAULT');
  refuseUnless(key, 'of material that AWS made', 'origin', key.origin, 'AWS_KMS');
  key.enableKeyRotation = true;
  key.rotationPeriodInDays = days;
  if (!Token.isUnresolved(days) && days > ROTATION_DAYS) {
    Annotations.of(key).addWarningV2('encrypted-storage:STO-05', `this key rotates every ${days} days; CIS asks for once a year`);
  }
}

function refuseUnless(key: kms.CfnKey, what: string, property: string, value: string | undefined, rotates: string): void {
  if (value === undefined || Token.isUnresolved(value) || value === rotates) return;

  throw new Error(`a key that rotates must be ${what}, got '${property}' ${value}; replace it by hand, or make another key [${key.node.path}]`);
}
