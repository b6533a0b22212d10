import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** A statement as it stands in the template. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | string[];
  readonly Principal: unknown;
  readonly Resource: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** The statements of the only key of the stack. */
export const keyStatements = (stack: Stack) => onlyPolicy(stack, 'AWS::KMS::Key', 'KeyPolicy');

/** The statements of the only topic policy of the stack. */
export const topicStatements = (stack: Stack) => onlyPolicy(stack, 'AWS::SNS::TopicPolicy', 'PolicyDocument');

/** The statements of the only bucket policy of the stack. */
export const bucketStatements = (stack: Stack) => onlyPolicy(stack, 'AWS::S3::BucketPolicy', 'PolicyDocument');

/** The one statement called `sid`. */
export function statement(statements: Statement[], sid: string): Statement {
  const found = statements.filter((candidate) => candidate.Sid === sid);
  if (found.length !== 1) throw new Error(`${found.length} statements are called ${sid}, of ${statements.map((one) => one.Sid).join(', ')}`);
  return found[0];
}

/** The actions of a statement, however many there are. */
export const actions = ({ Action }: Statement) => [Action].flat();

function onlyPolicy(stack: Stack, type: string, property: string): Statement[] {
  const resources = Object.values(Template.fromStack(stack).findResources(type));
  if (resources.length !== 1) throw new Error(`${resources.length} resources of type ${type}`);
  return withArnsOfAws(resources[0].Properties[property].Statement);
}

/** Fills in the partition where it is the only part of an ARN that is left to deployment (a feature flag decides that). */
export function withArnsOfAws<T>(value: T): T {
  const arn = /\{"Fn::Join":\["",\["arn:",\{"Ref":"AWS::Partition"\},"([^"]*)"\]\]\}/g;
  return JSON.parse(JSON.stringify(value).replace(arn, '"arn:aws$1"'));
}
