import { ENVIRONMENT_NAMES } from '../src/environments';
import { AssertedCall, Assertions } from './_helpers/assertions';
import { DeployedEnvironment } from './_helpers/deployed-environment';
import { ReadTemplate } from './_helpers/read-template';

/** Something that has to be seen to work wherever an environment has what it takes. */
interface Path {
  /** Whether the environment has it. */
  readonly isIn: (deployed: ReadTemplate) => boolean;
  /** The calls that show that it works, none of which may be missing; nothing if they do not show it. */
  readonly shownBy: (assertions: Assertions) => AssertedCall[];
}

const PATHS: Record<string, Path> = {
  'a change of a security group reaches a subscriber': {
    isIn: (deployed) => hasRuleOn(deployed, 'AuthorizeSecurityGroupIngress'),
    shownBy: (assertions) => heard(assertions, 'AuthorizeSecurityGroupIngress', /0\.0\.0\.0\/0/, /OPEN TO THE WORLD/),
  },
  'a failed deployment reaches a subscriber': {
    isIn: (deployed) => hasRuleOn(deployed, 'CloudFormation Stack Status Change'),
    shownBy: (assertions) => heard(assertions, 'CreateStack', /TemplateBody/, /CloudFormation Stack Status Change\.\*.*ROLLBACK_/),
  },
  'an alarm reaches a subscriber': {
    isIn: (deployed) => deployed.ofType('AWS::CloudWatch::Alarm').length > 0,
    shownBy: (assertions) => heard(assertions, 'SetAlarmState', /"ALARM"/, /\.\*ALARM/),
  },
  'data goes through the key': {
    isIn: (deployed) => deployed.ofType('AWS::S3::Bucket').some((bucket) => JSON.stringify(bucket).includes('"aws:kms"')),
    shownBy: (assertions) => {
      const put = assertions.of('PutObject').find(({ expected }) => /"ServerSideEncryption":"aws:kms"/.test(expected ?? ''));
      const get = assertions.of('GetObject').find(({ after, expected }) => after.includes(put?.id ?? '') && /"Body":.*"SSEKMSKeyId":/.test(expected ?? ''));
      return put && get ? [put, get] : [];
    },
  },
  'every bucket refuses plain HTTP': {
    isIn: (deployed) => deployed.ofType('AWS::S3::Bucket').length > 0,
    shownBy: (assertions) => {
      const refused = assertions.answers(/^\{"bucket":"[^"]+"\}$/).filter(({ expected }) => expected!.includes('"https":"answered","http":"AccessDenied"'));
      const asked = refused.map(({ parameters }) => valueOf(assertions, (JSON.parse(parameters.Payload as string) as { bucket: string }).bucket));
      const buckets = assertions.deployed.ofType('AWS::S3::Bucket').map(({ logicalId }) => `\${${logicalId}}`);
      // a bucket without a policy answers: nothing but the policy refuses
      const canary = assertions.answers(/./).filter(({ expected }) => expected!.includes('"https":"answered","http":"answered"'));
      return buckets.every((bucket) => asked.includes(bucket)) && canary.length > 0 ? [...refused, ...canary] : [];
    },
  },
  'the API answers who signs, and nobody else': {
    isIn: (deployed) => deployed.ofType('AWS::ApiGateway::Method').length > 0,
    shownBy: (assertions) => all(
      assertions.answers(/-ApiUrl\}","signed":true/).filter(({ expected }) => expected!.includes('"status":200')),
      assertions.answers(/-ApiUrl\}","signed":false/).filter(({ expected }) => expected!.includes('"status":403')),
    ),
  },
  'configurations are recorded': {
    isIn: (deployed) => deployed.resources.some(({ Type }) => Type.startsWith('AWS::Config::') || Type === 'Custom::EnsuredConfigRecorder'),
    shownBy: (assertions) => all(
      assertions.of('DescribeConfigurationRecorderStatus').filter(({ expected }) => expected?.includes('"recording":true')),
      assertions.of('DescribeDeliveryChannels').filter(({ expected }) => expected?.includes('-ConfigBucketName}')),
    ),
  },
  'the trail logs': {
    isIn: (deployed) => deployed.ofType('AWS::CloudTrail::Trail').length > 0,
    shownBy: (assertions) => all(
      assertions.of('GetTrailStatus').filter(({ parameters: { Name }, expected }) => (
        /-TrailArn\}$/.test(Name as string) && expected?.includes('"IsLogging":true'))),
      // what was just asked arrives in a log file
      assertions.answers(/^\{"logFilesIn":"[^"]+-CloudTrailBucketName\}","call":"GetTrailStatus","parameter":"[^"]+-TrailArn\}"\}$/)
        .filter(({ expected }) => expected!.includes('"recorded":true')),
    ),
  },
  'more than 1,000 versions go with the stack': {
    isIn: (deployed) => deployed.ofType('Custom::S3AutoDeleteObjects').length > 0,
    shownBy: (assertions) => assertions.answers(/"versions":/).filter(({ expected }) => (
      Number(/"versions":(\d+)/.exec(expected!)?.[1]) > 1_000 && Number(/"deleteMarkers":(\d+)/.exec(expected!)?.[1]) > 0)),
  },
};

const [SECURITY_CHANGE, FAILED_DEPLOYMENT, ALARM, KEY, PLAIN_HTTP, API, CONFIG, TRAIL, VERSIONS] = Object.keys(PATHS);

/** What each environment has, and so must show. */
const HAS: Record<string, string[]> = {
  'baseline': [SECURITY_CHANGE, ALARM, KEY, PLAIN_HTTP, TRAIL, VERSIONS],
  'recoverable': [SECURITY_CHANGE, FAILED_DEPLOYMENT, ALARM, KEY, PLAIN_HTTP, CONFIG, TRAIL, VERSIONS],
  'compliance': [SECURITY_CHANGE, ALARM, KEY, PLAIN_HTTP, CONFIG, TRAIL, VERSIONS],
  'data-platform': [SECURITY_CHANGE, ALARM, KEY, PLAIN_HTTP, API, TRAIL, VERSIONS],
  'private-workload': [ALARM, KEY, PLAIN_HTTP, VERSIONS],
  'tap-stack': [SECURITY_CHANGE, FAILED_DEPLOYMENT, ALARM, KEY, PLAIN_HTTP, API, CONFIG, TRAIL, VERSIONS],
};

describe.each(ENVIRONMENT_NAMES)('the integration test of %s', (name) => {
  let assertions: Assertions;
  beforeAll(async () => {
    const { environment } = await import(`./integ.${name}`) as { environment: DeployedEnvironment };
    assertions = Assertions.of(environment);
  });

  test('asserts 16 times or more', () => {
    expect(assertions.count).toBeGreaterThanOrEqual(16);
  });

  test('shows whatever the environment has', () => {
    expect(Object.keys(PATHS).filter((path) => PATHS[path].isIn(assertions.deployed))).toEqual(HAS[name]);
    expect(HAS[name].filter((path) => PATHS[path].shownBy(assertions).length === 0)).toEqual([]);
  });

  test.each(HAS[name])('would not show that %s, if one call were missing', (path) => {
    for (const call of PATHS[path].shownBy(assertions)) {
      expect(`${call.id}: ${PATHS[path].shownBy(assertions.without(call)).length}`).toBe(`${call.id}: 0`);
    }
  });
});

function hasRuleOn(deployed: ReadTemplate, event: string): boolean {
  return deployed.ofType('AWS::Events::Rule').some(({ Properties: { EventPattern } }) => JSON.stringify(EventPattern).includes(event));
}

/** What happens, each time with the message about it right after, in a queue that is subscribed to the topic of alerts. */
function heard(assertions: Assertions, api: string, parameters: RegExp, message: RegExp): AssertedCall[] {
  const causes = assertions.of(api).filter((call) => parameters.test(JSON.stringify(call.parameters)));
  const messages = assertions.of('ReceiveMessage').filter(({ expected, parameters: { QueueUrl } }) => message.test(expected ?? '') && assertions.subscribes(QueueUrl));
  const follows = causes.length === messages.length && causes.every(({ id }) => messages.some(({ after }) => after.includes(id)));
  return follows ? [...causes, ...messages] : [];
}

/** Both, or nothing. */
function all(...found: AssertedCall[][]): AssertedCall[] {
  return found.every((calls) => calls.length > 0) ? found.flat() : [];
}

/** What stands behind an export. */
function valueOf({ deployed }: Assertions, reference: string): string | undefined {
  const [, output] = /^\$\{\w+-(\w+)\}$/.exec(reference) ?? [];
  return deployed.outputs[output]?.Value;
}
