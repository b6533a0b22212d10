import { JudgeName } from './judge';

/**
 * A finding that we live with: one rule of one judge on one resource, and why. Nothing else silences a judge.
 *
 * An entry that silences nothing any more fails, and so does the 26th rule.
 */
export interface Justification {
  readonly judge: JudgeName;
  readonly rule: string;
  readonly environment: string;
  /** The path of the resource's construct below its stack. */
  readonly resource: string;
  readonly reason: string;
}

/** More than this is not a list of exceptions but another opinion. */
export const MOST_RULES = 25;

/** The functions that the CDK adds by itself; they run while the stack is deployed or deleted, and then not. */
const HELPERS = ['Custom::VpcRestrictDefaultSGCustomResourceProvider/Handler', 'Custom::S3AutoDeleteObjectsCustomResourceProvider/Handler'];

const ON_HELPERS: Omit<Justification, 'environment' | 'resource'>[] = [
  {
    judge: 'checkov', rule: 'CKV_AWS_117',
    reason: 'It calls public AWS APIs only and reaches nothing inside the VPC, whose endpoints it may have to outlive while the stack is deleted.',
  },
  {
    judge: 'checkov', rule: 'CKV_AWS_115',
    reason: 'Only CloudFormation invokes it, a few times a deployment; reserved concurrency would be taken from everything else in the account.',
  },
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-L1',
    reason: 'The CDK names the runtime that it tests its own handler on, and AWS supports that runtime; the version of the CDK moves it.',
  },
  {
    judge: 'cfn-lint', rule: 'W3005',
    reason: 'The CDK writes the dependency on the role that the reference implies too: redundant, and of no effect.',
  },
];

const PRIVATE_WORKLOAD: Omit<Justification, 'environment'>[] = [
  ...HELPERS.flatMap((resource) => ON_HELPERS.map((known) => ({ ...known, resource }))),
  {
    judge: 'checkov', rule: 'CKV_AWS_18', resource: 'AccessLogs/Bucket/Resource',
    reason: 'It is the bucket that receives the access logs: logging its own deliveries would never end.',
  },
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-EC23', resource: 'Tiers/Instance/Resource',
    reason: 'The rule cannot read a parameter. AllowedSSHCIDR refuses prefixes shorter than /8, so it is never any address (P-04).',
  },
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-IAM5[Resource::*]', resource: 'Server/Role/Baseline/Resource',
    reason: 'cloudwatch:PutMetricData knows no resources; the namespace is its condition. The other statements on * deny.',
  },
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-IAM5[Resource::<StoreBucket4FBDE984.Arn>/*]', resource: 'StoreAccess/Resource',
    reason: 'Every object of its one bucket is what the role is for (P-06); the actions are listed, without deleting versions.',
  },
  {
    judge: 'cdk-nag', rule: 'AwsSolutions-EC29', resource: 'Server/Instance/Resource',
    reason: 'Every new image replaces the instance, which keeps nothing; protected, it would fail the update. The stack itself is protected in stages that last.',
  },
];

/** The one list; whoever adds to it needs a reviewer who agrees with the reason. */
export const JUSTIFICATIONS: Justification[] = PRIVATE_WORKLOAD.map((known) => ({ ...known, environment: 'private-workload' }));
