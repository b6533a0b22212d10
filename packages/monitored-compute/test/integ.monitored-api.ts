import { AwsApiCall, ExpectedResult, IntegTest, InvocationType, Match } from '@aws-cdk/integ-tests-alpha';
import { EncryptedTopic, EncryptionKey } from '@tapstack/encrypted-storage';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { MonitoredApi, MonitoredFunction } from '../src';

/** An API whose `/data` answers by itself, and a function whose failures are kept, as AWS describes them afterwards. */
// stack traces would put the paths of this machine into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'MonitoredApi');
const removalPolicy = RemovalPolicy.DESTROY;
const encryptionKey = new EncryptionKey(stack, 'Key', { removalPolicy }).key;
const alerts = new EncryptedTopic(stack, 'Alerts', { encryptionKey });
alerts.allowCloudWatchAlarms();
const alarmTopic = alerts.topic;
const { api, stage, accessLogGroup, serverErrorsAlarm, ...rest } = new MonitoredApi(stack, 'Api', { encryptionKey, alarmTopic, removalPolicy });
const mock = new MonitoredApi(stack, 'Second', { encryptionKey, alarmTopic, removalPolicy, accessLogGroup, stageName: 'live' }).addMock('data', '{"message":"hello"}');
api.root.addMethod('GET');
const worker = new MonitoredFunction(stack, 'Worker', {
  code: lambda.Code.fromInline("exports.handler = async ({ fails }) => { if (fails) throw new Error('drill'); return 'done'; };"),
  handler: 'index.handler',
  runtime: lambda.Runtime.NODEJS_22_X,
  encryptionKey,
  alarmTopic,
  reservedConcurrency: 5,
  removalPolicy,
});

const { assertions } = new IntegTest(app, 'MonitoredApiTest', { testCases: [stack] });
const call = (service: string, action: string, parameters: object) => assertions.awsApiCall(`@aws-sdk/client-${service}`, action, parameters);
// the actions of API Gateway are HTTP verbs, and whoever reads an encrypted queue needs its key
const lookAt = (action: string, parameters: object) => {
  const made = call('api-gateway', action, parameters) as AwsApiCall;
  made.provider.addToRolePolicy({ Effect: 'Allow', Action: ['apigateway:GET'], Resource: ['*'] });
  return made;
};
const acts = { AlarmActions: [alarmTopic.topicArn], OKActions: [alarmTopic.topicArn], TreatMissingData: 'notBreaching' };

// CMP-15 every caller is known
lookAt('GetMethod', { restApiId: mock.api.restApiId, resourceId: mock.resource.resourceId, httpMethod: 'GET' }).expect(
  ExpectedResult.objectLike({ authorizationType: 'AWS_IAM', methodIntegration: { type: 'MOCK' } }),
);

// CMP-09 logs leave the machine, CMP-17 calls are traced, CMP-18 throttled
lookAt('GetStage', { restApiId: api.restApiId, stageName: stage.stageName }).expect(ExpectedResult.objectLike({
  accessLogSettings: { destinationArn: accessLogGroup.logGroupArn.replace(/:\*$/, '') },
  tracingEnabled: true,
}));
call('cloudwatch-logs', 'DescribeLogGroups', { logGroupNamePrefix: `API-Gateway-Execution-Logs_${api.restApiId}/prod` }).expect(
  ExpectedResult.objectLike({ logGroups: [{ kmsKeyId: encryptionKey.keyArn, retentionInDays: 365 }] }),
);

// the account has a role for logs, and one that is there already is reused: both APIs of the stack share it
lookAt('GetAccount', {}).expect(ExpectedResult.objectLike({ cloudwatchRoleArn: Match.stringLikeRegexp(':role/') }));

// CMP-10 every alarm acts
for (const [alarm, expected] of [
  [serverErrorsAlarm, { MetricName: '5XXError' }],
  [rest.clientErrorsAlarm, { MetricName: '4XXError' }],
  [rest.latencyAlarm, { MetricName: 'Latency', ExtendedStatistic: 'p99' }],
  [worker.errorsAlarm, { MetricName: 'Errors' }],
  [worker.throttlesAlarm, { MetricName: 'Throttles' }],
  [worker.durationAlarm, { MetricName: 'Duration', Threshold: 24_000 }],
  [worker.failuresAlarm!, { MetricName: 'ApproximateNumberOfMessagesVisible' }],
] as const) {
  call('cloudwatch', 'DescribeAlarms', { AlarmNames: [alarm.alarmName] }).expect(ExpectedResult.objectLike({ MetricAlarms: [{ ...expected, ...acts }] }));
}

// the function: its log group and key, its tracing, its share of the account's concurrency
call('lambda', 'GetFunction', { FunctionName: worker.function.functionName }).expect(ExpectedResult.objectLike({
  Configuration: {
    KMSKeyArn: encryptionKey.keyArn,
    TracingConfig: { Mode: 'Active' },
    LoggingConfig: { LogFormat: 'JSON', LogGroup: worker.logGroup.logGroupName },
  },
  Concurrency: { ReservedConcurrentExecutions: 5 },
}));
call('lambda', 'GetFunctionEventInvokeConfig', { FunctionName: worker.function.functionName, Qualifier: '$LATEST' }).expect(ExpectedResult.objectLike({
  MaximumRetryAttempts: 2, DestinationConfig: { OnFailure: { Destination: worker.failures!.queueArn } },
}));
assertions.invokeFunction({ functionName: worker.function.functionName, payload: '{}' }).expect(ExpectedResult.objectLike({ StatusCode: 200, Payload: '"done"' }));

// CMP-16 no event is lost: one that fails and is given up waits in the queue
const event = assertions.invokeFunction({
  functionName: worker.function.functionName, invocationType: InvocationType.EVENT, payload: '{"fails":true}',
});
const kept = call('sqs', 'ReceiveMessage', { QueueUrl: worker.failures!.queueUrl, WaitTimeSeconds: 20 }) as AwsApiCall;
kept.provider.addToRolePolicy({ Effect: 'Allow', Action: ['sqs:ReceiveMessage', 'kms:Decrypt'], Resource: ['*'] });
event.next(kept.expect(ExpectedResult.objectLike({ Messages: [{ Body: Match.stringLikeRegexp('"fails"') }] })));
