/** A mistake of the documents that the environments come from, and the tests that would notice it here. */
export interface Trap {
  readonly mistake: string;
  readonly fails: string;
  /** Parts of the names of tests, of which there must be one each. */
  readonly noticedBy: string[];
}

const trap = (mistake: string, fails: string, ...noticedBy: string[]): Trap => ({ mistake, fails, noticedBy });

export const TRAPS: Trap[] = [
  trap('both private subnets in zone 0', 'they are in one zone, and the subnet group of a database is refused', 'X-06 both subnets in zone 0 are no two zones'),
  trap('recorder and delivery channel wait for each other', 'either order deadlocks or fails', 'recorder and channel depend on each other in neither direction'),
  trap('Config delivers to <bucket>/config/*', 'the path is <prefix>/AWSLogs/<account>/Config/*',
    'to a bucket that admits it below its folder for this account', 'a prefix stands before AWSLogs, and nowhere else may be written'),
  trap('data events of <bucket ARN>/*', 'values are prefixes: it matches keys that begin with a star', 'of a bucket, whose name ends with the slash', 'trail data event value'),
  trap('MySQL pinned to a patch', 'it is withdrawn one day', 'B-04, D-06 a patch of MySQL that a template pins is withdrawn one day'),
  trap('root usage without an exception for events of services', 'it fires on them', 'AUD-15 the catalogue of CIS (C-09) › $id is complete'),
  trap('an alarm on AWS/CloudFormation StackEvents', 'there is no such metric', 'P-08, B-14 an alarm on a metric that does not exist can never go off'),
  trap('a stack that failed to update is deleted', 'with its data', 'R-02 nothing that ever worked is deleted', 'R-02 that may hold data and is %s'),
  trap('names of buckets with the time in them', 'they change at every deployment', 'X-02, R-03 a bucket name with the time in it changes at every deployment'),
  trap('names of buckets from AWS::StackName', 'upper case is refused', 'X-02 a bucket name from AWS::StackName may be upper case and is refused'),
  trap('access logs into a bucket with a customer key', 'they vanish', 'P-07, B-12, D-02 access logs do not arrive in a bucket that is encrypted with a customer key'),
  trap('an encrypted topic with the default key policy', 'services cannot publish', 'P-02, B-14, D-03 an encrypted topic swallows alarms unless its key lets CloudWatch in'),
  trap('a function in a private subnet that publishes', 'there is no route', 'X-07, B-11 a function in a private subnet without a route cannot reach SNS'),
  trap('the agent of Amazon Inspector', 'it is discontinued', 'X-04, D-04 the agent of Amazon Inspector is discontinued'),
  trap('DeletionPolicy Delete everywhere, and retaining what is critical', 'they contradict each other', 'X-04 DeletionPolicy Delete everywhere contradicts retaining what is critical'),
  trap('EventBridge held to a source in a key policy', 'it sends none: alerts vanish', 'B-10, X-04 EventBridge sends no source to a key: a condition on it loses the event'),
  trap('a failed creation is CREATE_FAILED', 'only where rollback is off', 'hears of every failure, the ordinary ones that are rolled back included, and of no succ'),
  trap('Config delivers to an encrypted bucket, or a locked one', 'it needs to be told the key, and a default lock is refused',
    'delivers under a key that admits AWS Config', 'config no object lock', 'STO-11 object lock › fails for %s, alone and shared'),
  trap('Auto Scaling with volumes of a customer key', 'instances never launch', 'an Auto Scaling group › CMP-03 launches with a role of its own, which the key admits'),
  trap('logs of MySQL that are exported', 'they stay empty unless the engine writes them', 'B-04, D-06 logs of MySQL that are exported stay empty unless the engine writes them'),
  trap('access logs of a load balancer into a bucket with a customer key', 'only SSE-S3 is delivered to', 'a load balancer needs no region that is known at synthesis'),
  trap('a denial of other keys', 'it denies writes without headers, too', 'P-07, B-12, D-02 a denial of other encryption must not deny writes without any header'),
  trap('maxAzs: 3 where no region is known', 'it is two zones', 'X-06 maxAzs: 3 is two zones in a stack that knows no region'),
  trap('plain Retain on named buckets', 'a first creation that fails orphans them', 'X-04 plain Retain orphans named buckets when the first creation fails'),
  trap('the latest image by SSM parameter', 'an update replaces instances', 'X-01 the latest image by SSM parameter replaces instances at every update'),
  trap('a big template inline', 'the limit is 51,200 bytes', 'X-02 a template of more than 51,200 bytes cannot be passed inline'),
  trap('two policies on one bucket', 'AWS keeps one', 'P-07, B-12, D-02 of two policies on one bucket AWS keeps one'),
];
