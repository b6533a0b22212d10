import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { IConstruct } from 'constructs';
import { wholeDays } from './whole-days';

const HUNDRED_YEARS_IN_DAYS = 36500;

/** For how many days new objects are locked: none without a lock. */
export function lockedForDays(scope: IConstruct, lock: s3.ObjectLockRetention | undefined, removalPolicy: RemovalPolicy): number {
  if (!lock) return 0;
  if (removalPolicy === RemovalPolicy.DESTROY) {
    throw new Error(`'objectLock' excludes RemovalPolicy.DESTROY, because locked versions cannot be emptied; keep the bucket or leave the lock out [${scope.node.path}]`);
  }
  return lock.duration.toDays(); // whole days within S3's bounds, or there would be no such retention
}

/**
 * For how many days something is kept in a bucket: as long as it is told, or else as long as usual, and never shorter than it is
 * locked. S3 would take a shorter rule, and not follow it.
 */
export function keptForDays(scope: IConstruct, prop: string, told: Duration | undefined, usual: number, locked: number): number {
  if (!told) return Math.max(usual, locked);

  const days = wholeDays(scope, prop, told, 1, HUNDRED_YEARS_IN_DAYS);
  if (!told.isUnresolved() && days < locked) {
    throw new Error(`'${prop}' must be at least the ${locked} days of 'objectLock', got ${told.toHumanString()} [${scope.node.path}]`);
  }
  return days;
}
