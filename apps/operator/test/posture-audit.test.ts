import { functions } from '../src/verify/posture/functions';
import { queues } from '../src/verify/posture/queues';
import { rules } from '../src/verify/posture/rules';
import { trails } from '../src/verify/posture/trails';
import { ADMITS_PLAIN_HTTP, describeKinds, Kind, REFUSES_PLAIN_HTTP } from './_helpers/kinds';

const trail = {
  IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true, LogFileValidationEnabled: true, KmsKeyId: 'key', CloudWatchLogsLogGroupArn: 'arn:aws:logs:us-east-1:1:log-group:events:*',
};
const trailed = (changes: object) => ({ GetTrail: { Trail: { ...trail, ...changes } } });
const EVERYWHERE = 'Trail: records every region and the global services';
const PROTECTED = 'Trail: encrypts its log files with a customer key, and a changed one shows';
const HANDED_ON = 'Trail: hands its events to a log group';

const queued = (changes: object) => ({
  GetQueueAttributes: { Attributes: { KmsMasterKeyId: 'key', Policy: REFUSES_PLAIN_HTTP, RedrivePolicy: '{"deadLetterTargetArn":"arn"}', ...changes } },
});
const QUEUE = 'Orders: is encrypted with a customer key, denies plain HTTP and loses no message';

const RULE_ARN = 'arn:aws:events:us-east-1:1:rule/Rule-1';
const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:1:function:Watch';
const TOPIC_ARN = 'arn:aws:sns:us-east-1:1:alerts';
const QUEUE_ARN = 'arn:aws:sqs:us-east-1:1:failed';
const admitting = (Action: string | string[], Condition?: object) =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action, Condition }] });
const ofRule = (arn: string) => ({ ArnLike: { 'AWS:SourceArn': arn } });
const ENABLED = 'Rule: is enabled and has targets';
const ADMITTED = 'Rule: its targets, and where failures go, let it in';
const keyPolicy = (Policy: string) => ({ GetKeyPolicy: { Policy } });

const inVpc = { VpcId: 'vpc-1', SubnetIds: ['subnet-1', 'subnet-2'], SecurityGroupIds: ['sg-1'] };
const configured = (VpcConfig: object | undefined) => ({
  GetFunctionConfiguration: { LoggingConfig: { LogFormat: 'JSON', LogGroup: 'group' }, DeadLetterConfig: { TargetArn: 'queue' }, Timeout: 60, VpcConfig },
});
const table = (subnet: string, route: object) => ({ Associations: [{ SubnetId: subnet }], Routes: [{ State: 'active', ...route }] });
const LOGS = 'Watch: structured logs into a group of its own, and failures go somewhere';
const REACHES = 'Watch: works in its network, and reaches AWS from every subnet there';

describeKinds({
  'trails': {
    posture: trails, resources: { Trail: 'AWS::CloudTrail::Trail' }, checks: [EVERYWHERE, PROTECTED, HANDED_ON],
    well: { ...trailed({}), GetTrailStatus: { IsLogging: true }, DescribeLogGroups: { logGroups: [{ logGroupName: 'events' }] } },
    wrong: [
      ['it was stopped', { GetTrailStatus: { IsLogging: false } }, EVERYWHERE, 'it does not record'],
      ['its bucket refuses', { GetTrailStatus: { IsLogging: true, LatestDeliveryError: 'AccessDenied' } }, EVERYWHERE, 'delivery fails: AccessDenied'],
      ['it knows one region', trailed({ IsMultiRegionTrail: false }), EVERYWHERE, 'it records one region only'],
      ['it leaves out IAM', trailed({ IncludeGlobalServiceEvents: false }), EVERYWHERE, 'it leaves out the global services'],
      ['S3 encrypts with its own key', trailed({ KmsKeyId: undefined }), PROTECTED, 'no customer key'],
      ['a changed file does not show', trailed({ LogFileValidationEnabled: false }), PROTECTED, 'log files are not validated'],
      ['nobody can count its events', trailed({ CloudWatchLogsLogGroupArn: undefined }), HANDED_ON, 'it has no log group'],
      ['its log group is gone', { DescribeLogGroups: { logGroups: [{ logGroupName: 'events-of-another' }] } }, HANDED_ON, "its log group 'events' does not exist"],
      ['its log group refuses', { GetTrailStatus: { IsLogging: true, LatestCloudWatchLogsDeliveryError: 'AccessDenied' } }, HANDED_ON, 'delivery fails: AccessDenied'],
    ],
  },
  'queues': {
    posture: queues, resources: { Orders: 'AWS::SQS::Queue' }, checks: [QUEUE], well: queued({}),
    wrong: [
      ['it is not encrypted', queued({ KmsMasterKeyId: undefined }), QUEUE, 'no customer key'],
      ['it has the key of AWS', queued({ KmsMasterKeyId: 'alias/aws/sqs' }), QUEUE, 'the key is AWS\'s'],
      ['it admits plain HTTP', queued({ Policy: ADMITS_PLAIN_HTTP }), QUEUE, 'no statement denies requests without TLS'],
      ['it has no policy', queued({ Policy: undefined }), QUEUE, 'no statement denies requests without TLS'],
      ['what nobody can handle is lost', queued({ RedrivePolicy: undefined }), QUEUE, 'no dead-letter queue'],
    ],
  },
  ...Object.fromEntries(Object.entries({
    'a queue': { Type: 'AWS::SQS::Queue', Properties: { RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Orders', 'Arn'] } } } },
    'a function': { Type: 'AWS::Lambda::Function', Properties: { DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': ['Orders', 'Arn'] } } } },
    'the calls of a function': { Type: 'AWS::Lambda::EventInvokeConfig', Properties: { DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Orders', 'Arn'] } } } } },
    'a rule': { Type: 'AWS::Events::Rule', Properties: { Targets: [{ DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['Orders', 'Arn'] } } }] } },
  }).map(([whose, user]): [string, Kind] => [`dead-letter queues of ${whose}`, {
    posture: queues, resources: { Orders: 'AWS::SQS::Queue' }, template: { Resources: { User: user } }, checks: [QUEUE], well: queued({ RedrivePolicy: undefined }),
    wrong: [['it is not encrypted', queued({ RedrivePolicy: undefined, KmsMasterKeyId: undefined }), QUEUE, 'no customer key']],
  }])),
  'rules': {
    posture: rules, resources: { Rule: 'AWS::Events::Rule' }, checks: [ENABLED, ADMITTED],
    well: {
      DescribeRule: { State: 'ENABLED', Arn: RULE_ARN },
      ListTargetsByRule: { Targets: [{ Arn: FUNCTION_ARN, DeadLetterConfig: { Arn: QUEUE_ARN } }, { Arn: TOPIC_ARN }] },
      GetPolicy: { Policy: admitting('lambda:InvokeFunction', ofRule(RULE_ARN)) },
      GetTopicAttributes: { Attributes: { Policy: admitting('sns:Publish'), KmsMasterKeyId: 'key' } },
      GetQueueUrl: { QueueUrl: 'url' },
      GetQueueAttributes: { Attributes: { Policy: admitting('sqs:SendMessage', ofRule('arn:aws:events:*:1:rule/*')), KmsMasterKeyId: 'key' } },
      ...keyPolicy(admitting(['kms:Decrypt', 'kms:GenerateDataKey*'])),
    },
    wrong: [
      ['it is switched off', { DescribeRule: { State: 'DISABLED', Arn: RULE_ARN } }, ENABLED, 'it is DISABLED'],
      ['it tells nobody', { ListTargetsByRule: { Targets: [] } }, ENABLED, 'it has no target'],
      ['the function admits another rule', { GetPolicy: { Policy: admitting('lambda:InvokeFunction', ofRule(`${RULE_ARN}2`)) } }, ADMITTED, `${FUNCTION_ARN} does not`],
      ['the function admits nobody', { GetPolicy: { Policy: '{"Statement":[]}' } }, ADMITTED, `${FUNCTION_ARN} does not`],
      ['the topic has the policy that AWS gives it', { GetTopicAttributes: { Attributes: { Policy: ADMITS_PLAIN_HTTP } } }, ADMITTED, `${TOPIC_ARN} does not`],
      ['the dead-letter queue admits nobody', { GetQueueAttributes: { Attributes: {} } }, ADMITTED, `${QUEUE_ARN} does not`],
      ['the key admits nobody', keyPolicy('{"Statement":[]}'), ADMITTED, `${QUEUE_ARN} does not; ${TOPIC_ARN} does not`],
      ['the key lets it encrypt only', keyPolicy(admitting('kms:GenerateDataKey*')), ADMITTED, `${TOPIC_ARN} does not`],
      ...(['aws:SourceArn', 'aws:SourceAccount'].map((key): Kind['wrong'][number] => [
        `the key asks for ${key}, which EventBridge does not say there`,
        keyPolicy(admitting(['kms:Decrypt', 'kms:GenerateDataKey*'], { StringEquals: { [key]: '1' } })), ADMITTED, `${TOPIC_ARN} does not`,
      ])),
      ['what it tells is of a kind that we do not know', { ListTargetsByRule: { Targets: [{ Arn: 'arn:aws:ecs:us-east-1:1:cluster/x' }] } }, ADMITTED, 'arn:aws:ecs:us-east-1:1:cluster/x does not'],
    ],
  },
  'functions in a network': {
    posture: functions, resources: { Watch: 'AWS::Lambda::Function' }, checks: [LOGS, REACHES],
    template: { Resources: { Watch: { Type: 'AWS::Lambda::Function', Properties: { VpcConfig: {} } } } },
    well: {
      ...configured(inVpc), DescribeLogGroups: { logGroups: [{ logGroupName: 'group' }] }, DescribeVpcEndpoints: { VpcEndpoints: [{ VpcEndpointType: 'Gateway' }] },
      DescribeRouteTables: { RouteTables: [table('subnet-1', { NatGatewayId: 'nat-1' }), table('subnet-2', { NatGatewayId: 'nat-2' })] },
    },
    wrong: [
      ['it was attached nowhere', configured(undefined), REACHES, 'it is in no network'],
      ['it has no group', configured({ ...inVpc, SecurityGroupIds: [] }), REACHES, 'it has no security group'],
      ['a subnet is isolated', { DescribeRouteTables: { RouteTables: [table('subnet-1', { NatGatewayId: 'nat-1' })] } }, REACHES, 'nothing leads out of subnet-2'],
      ['a subnet is public, which helps no function', {
        DescribeRouteTables: { RouteTables: [table('subnet-1', { NatGatewayId: 'nat-1' }), table('subnet-2', { GatewayId: 'igw-1' })] },
      }, REACHES, 'nothing leads out of subnet-2'],
      ['a gateway is gone', {
        DescribeRouteTables: { RouteTables: [table('subnet-1', { NatGatewayId: 'nat-1', State: 'blackhole' }), table('subnet-2', { NatGatewayId: 'nat-2' })] },
      }, REACHES, 'nothing leads out of subnet-1'],
    ],
  },
  'functions in an isolated network with endpoints': {
    posture: functions, resources: { Watch: 'AWS::Lambda::Function' }, checks: [LOGS, REACHES],
    template: { Resources: { Watch: { Type: 'AWS::Lambda::Function', Properties: { VpcConfig: {} } } } },
    well: { ...configured(inVpc), DescribeLogGroups: { logGroups: [{ logGroupName: 'group' }] }, DescribeVpcEndpoints: { VpcEndpoints: [{ VpcEndpointType: 'Interface' }] } },
    wrong: [['it was attached nowhere', configured(undefined), REACHES, 'it is in no network']],
  },
});
