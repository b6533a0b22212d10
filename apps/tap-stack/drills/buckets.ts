import { GetBucketLoggingCommand, GetBucketPolicyCommand } from '@aws-sdk/client-s3';
import { confirming, Drill, list, Statement, unless } from '@tapstack/operator';

/** Each of these outputs names a bucket of its own (B-12, D-02). */
export function areSeparate(...outputs: string[]): Drill {
  return confirming(['B-12', 'D-02'], ({ stack }) => [{
    title: `${outputs.join(', ')}: are separate buckets of the stack`,
    run: async () => {
      const names = outputs.map((output) => stack.output(output));
      const buckets = new Set(stack.ofType('AWS::S3::Bucket').map(({ physicalId }) => physicalId));
      return unless([new Set(names).size < names.length && `they are ${names.join(', ')}`, ...names.map((name) => !buckets.has(name) && `${name} is not of the stack`)]);
    },
  }]);
}

/** Who reads and writes a bucket stands in the one of access logs, by its output (B-12, D-02, P-07). */
export function accessIsLogged(output: string): Drill {
  return confirming(['B-12', 'D-02', 'P-07'], ({ stack, target }) => [{
    title: `every bucket: who reads and writes it is written to ${output}, but for that one itself`,
    run: async () => unless(await Promise.all(stack.ofType('AWS::S3::Bucket').map(async ({ logicalId, physicalId: Bucket }) => {
      const { LoggingEnabled } = await target.clients.s3.send(new GetBucketLoggingCommand({ Bucket }));
      const expected = Bucket === stack.output(output) ? undefined : stack.output(output);
      return LoggingEnabled?.TargetBucket !== expected && `that of ${logicalId} goes to ${LoggingEnabled?.TargetBucket ?? 'nobody'}`;
    }))),
  }]);
}

/** The suffix, the account and the region stand in the name of every bucket: no other stack can have taken it. */
export const namesCannotConflict: Drill = confirming(['R-03', 'X-02'], ({ stack }) => [{
  title: 'every bucket: has the suffix, the account and the region in its name',
  run: async () => unless(stack.ofType('AWS::S3::Bucket').map(({ physicalId }) => (
    ![stack.output('EnvironmentSuffix'), stack.account, stack.region].every((part) => physicalId.includes(`-${part}`)) && `${physicalId} has not`))),
}]);

/** A service delivers to the buckets for this account, and for nobody else who asks it to (C-08). */
export const servicesDeliverForThisAccount: Drill = confirming(['B-12', 'C-08', 'D-02'], ({ stack, target }) => [{
  title: 'every bucket: a service delivers to it for this account only',
  run: async () => unless(await Promise.all(stack.ofType('AWS::S3::Bucket').map(async ({ logicalId, physicalId: Bucket }) => {
    const { Policy } = await target.clients.s3.send(new GetBucketPolicyCommand({ Bucket }));
    const { Statement: statements } = JSON.parse(Policy!) as { Statement: Statement[] };
    const open = statements.filter((statement) => statement.Effect === 'Allow' && ofService(statement) && !namesAccount(statement, stack.account));
    return open.length > 0 && `${logicalId}: ${open.map(({ Sid }) => Sid).join(', ')}`;
  }))),
}]);

function ofService({ Principal }: Statement): boolean {
  return typeof Principal === 'object' && list(Principal.Service).length > 0;
}

function namesAccount({ Condition }: Statement, account: string): boolean {
  const conditions = Object.values(Condition ?? {}).flatMap((keys) => Object.entries(keys));
  return conditions.some(([key, values]) => key.toLowerCase().startsWith('aws:source') && list(values).every((value) => value.includes(account)));
}
