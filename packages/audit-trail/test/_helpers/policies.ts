import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** A statement as it stands in the template. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action?: string | string[];
  readonly NotAction?: string | string[];
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** The statements of the only managed policy of the stack. */
export const managedPolicy = (stack: Stack) => onlyPolicy(stack, 'AWS::IAM::ManagedPolicy', 'PolicyDocument');

/** The statements of the only resource of a type. */
export function onlyPolicy(stack: Stack, type: string, property: string): Statement[] {
  const resources = Object.values(Template.fromStack(stack).findResources(type));
  if (resources.length !== 1) throw new Error(`${resources.length} resources of type ${type}`);
  return withArnsOfAws(resources[0].Properties[property].Statement);
}

/** Fills in the partition where it is the only part of an ARN that is left to deployment (a feature flag decides that). */
export function withArnsOfAws<T>(value: T): T {
  const arn = /\{"Fn::Join":\["",\["arn:",\{"Ref":"AWS::Partition"\},"([^"]*)"\]\]\}/g;
  return JSON.parse(JSON.stringify(value).replace(arn, '"arn:aws$1"'));
}
