/** What differs between the environments. */
interface Expectations {
  /** What names begin and end with. */
  readonly name: RegExp;
  /** The beginnings of the names of buckets in the namespace of their account and region. */
  readonly bucketNamePrefixes: string[];
  /** Every other physical name. */
  readonly physicalNames: Record<string, string>;
  /** What encrypts whatever records and tells: the topic, and the logs of functions. */
  readonly auditKey: string;
  /** The zones of the subnets, tier by tier. */
  readonly zones: Record<string, number[]>;
  /** The functions besides those that the CDK adds, and those that turn on what detects threats. */
  readonly functions: string[];
  /** The bucket that access logs go to. */
  readonly accessLogs: string;
}

const BASELINE: Expectations = {
  name: /^tap-[a-z0-9-]+-\$\{EnvironmentSuffix\}$/,
  bucketNamePrefixes: ['tap-logging-${EnvironmentSuffix}', 'tap-secure-storage-${EnvironmentSuffix}', 'tap-cloudtrail-${EnvironmentSuffix}'],
  physicalNames: {
    'AuditTrail.TrailName': 'tap-trail-${EnvironmentSuffix}',
    // RDS makes the names of its log groups of that of the instance; the id of the stack tells two stacks apart
    'DatabaseInstance.DBInstanceIdentifier': 'database-7e858492-${AWS::StackId[2]}',
    'DatabaseLogerrorLogGroup.LogGroupName': '/aws/rds/instance/database-7e858492-${AWS::StackId[2]}/error',
    'DatabaseLoggeneralLogGroup.LogGroupName': '/aws/rds/instance/database-7e858492-${AWS::StackId[2]}/general',
    'DatabaseLogslowqueryLogGroup.LogGroupName': '/aws/rds/instance/database-7e858492-${AWS::StackId[2]}/slowquery',
  },
  auditKey: '${Key.Arn}',
  zones: { Public: [0, 1], Private: [0, 1] },
  functions: ['WatchFunction'],
  accessLogs: 'LoggingBucket',
};

/** What is recorded by AWS Config besides. */
const RECORDED: Expectations = {
  ...BASELINE,
  bucketNamePrefixes: [...BASELINE.bucketNamePrefixes, 'tap-config-${EnvironmentSuffix}'],
  functions: ['WatchFunction', 'ConfigEnsuredFunction'],
};

/** By environment. */
export const EXPECTED: Record<string, Expectations> = {
  'baseline': BASELINE,
  'recoverable': RECORDED,
  'compliance': RECORDED,
  'data-platform': {
    ...BASELINE,
    bucketNamePrefixes: ['tap-logging-${EnvironmentSuffix}', 'tap-data-lake-${EnvironmentSuffix}', 'tap-cloudtrail-${EnvironmentSuffix}'],
    physicalNames: {
      ...BASELINE.physicalNames,
      // the metrics of APIs know them by their names
      'Api.Name': 'tap-api-${EnvironmentSuffix}',
      // API Gateway makes the name of the log group of the id of the API
      'ApiExecutionLogsLogGroup.LogGroupName': 'API-Gateway-Execution-Logs_${Api}/prod',
    },
    auditKey: '${AuditKey.Arn}',
    zones: { Public: [0, 1], Private: [0, 1], Database: [0, 1] },
    functions: ['ApiGatewayAccountSetter', 'WatchFunction'],
  },
  'private-workload': {
    name: /^prod-\$\{EnvironmentSuffix\}-[a-z0-9-]+$/,
    bucketNamePrefixes: ['prod-${EnvironmentSuffix}-access-logs'],
    physicalNames: {
      'StoreBucket.BucketName': 'prod-${EnvironmentSuffix}-secure-bucket-${AWS::AccountId}-${AWS::Region}',
      'AlertsTopic.TopicName': 'prod-${EnvironmentSuffix}-alerts',
      'ServerRole.RoleName': 'prod-${EnvironmentSuffix}-ec2-role',
      'ServerRoleBaseline.ManagedPolicyName': 'prod-${EnvironmentSuffix}-cloudwatch-policy',
      'StoreAccess.ManagedPolicyName': 'prod-${EnvironmentSuffix}-s3-access-policy',
    },
    auditKey: '${Key.Arn}',
    // one was asked for (P-03)
    zones: { Public: [0], Private: [0] },
    functions: [],
    accessLogs: 'AccessLogsBucket',
  },
  'tap-stack': {
    ...BASELINE,
    bucketNamePrefixes: ['logging', 'data-lake', 'cloudtrail', 'config'].map((bucket) => `tap-${bucket}-\${EnvironmentSuffix}`),
    physicalNames: {
      ...BASELINE.physicalNames,
      'Api.Name': 'tap-api-${EnvironmentSuffix}',
      'ApiExecutionLogsLogGroup.LogGroupName': 'API-Gateway-Execution-Logs_${Api}/prod',
      // CloudFormation asks for one
      'ConfigPack.ConformancePackName': 'tap-checks-${EnvironmentSuffix}',
    },
    zones: { Public: [0, 1], Private: [0, 1], Database: [0, 1] },
    functions: ['ApiGatewayAccountSetter', 'ConfigEnsuredFunction', 'WatchFunction'],
  },
};
