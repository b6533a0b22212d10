import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import { needsRole } from '../handlers/api-account/decide';
import { AlarmLint, MonitoredApi, MonitoredApiProps } from '../src';
import { actions, allowed } from './_helpers/policies';
import { stackInFrankfurt } from './_helpers/stacks';

describe('MonitoredApi', () => {
  let stack: Stack;
  beforeEach(() => { stack = stackInFrankfurt(); });
  const template = () => Template.fromStack(stack);
  const make = (props: MonitoredApiProps = {}) => {
    const api = new MonitoredApi(stack, 'Api', props);
    api.addMock('data', '{"message":"hello"}');
    return api;
  };
  const theStage = () => Object.values(template().findResources('AWS::ApiGateway::Stage'))[0];

  test('is regional, and deployed', () => {
    make();
    template().hasResourceProperties('AWS::ApiGateway::RestApi', { Name: 'Stack-Api', EndpointConfiguration: { Types: ['REGIONAL'] } });
    expect(theStage().Properties.StageName).toBe('prod');
  });

  test('puts nothing out that nobody asked for (X-05)', () => {
    make();
    template().templateMatches({ Outputs: Match.absent() });
  });

  describe('CMP-15 every caller is known', () => {
    test('D-08 a mock of /data asks who calls', () => {
      make();
      template().hasResourceProperties('AWS::ApiGateway::Resource', { PathPart: 'data' });
      template().hasResourceProperties('AWS::ApiGateway::Method', { HttpMethod: 'GET', AuthorizationType: 'AWS_IAM', Integration: { Type: 'MOCK' } });
    });

    test('so does every other method', () => {
      make().api.root.addResource('orders').addMethod('POST');
      template().allResourcesProperties('AWS::ApiGateway::Method', { AuthorizationType: 'AWS_IAM' });
    });

    test('warns of a method that was opened', () => {
      const monitored = make();
      monitored.addOpenMethod(monitored.api.root.addResource('health'), 'GET', new apigateway.MockIntegration());
      template().hasResourceProperties('AWS::ApiGateway::Method', { AuthorizationType: 'NONE' });
      Annotations.fromStack(stack).hasWarning('/Stack/Api', Match.stringLikeRegexp('anybody may call GET /health.*monitored-compute:CMP-15-GET/health'));
    });

    test('fails with a method that was opened in another way', () => {
      make().api.root.addMethod('GET', new apigateway.MockIntegration(), { authorizationType: apigateway.AuthorizationType.NONE });
      expect(() => (stack.node.root as App).synth()).toThrow(/GET \/ must ask who calls; give it an authorizer, or add it with 'addOpenMethod' \[Stack\/Api\]/);
    });

    test('lets browsers ask before they call', () => {
      make().api.root.addCorsPreflight({ allowOrigins: ['https://shop.example'] });
      expect(() => (stack.node.root as App).synth()).not.toThrow();
    });
  });

  describe('CMP-09 logs leave the machine', () => {
    test('who asked for what, and what was answered, into an encrypted group', () => {
      const { accessLogGroup, encryptionKey } = make();
      expect(theStage().Properties.AccessLogSetting).toEqual({ DestinationArn: stack.resolve(accessLogGroup.logGroupArn), Format: expect.stringContaining('"caller"') });
      template().allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: stack.resolve(encryptionKey.keyArn), RetentionInDays: 365 });
    });

    test('the group that API Gateway would make by itself is there first', () => {
      make();
      template().hasResourceProperties('AWS::Logs::LogGroup', {
        LogGroupName: { 'Fn::Join': ['', ['API-Gateway-Execution-Logs_', { Ref: Match.stringLikeRegexp('^Api') }, '/prod']] },
      });
      expect(theStage().DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^ApiExecutionLogs/)]));
    });

    test('as long as it is told, the function that gives the account its role included (X-04)', () => {
      make({ logRetention: logs.RetentionDays.ONE_MONTH });
      template().resourceCountIs('AWS::Logs::LogGroup', 3);
      template().allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
    });

    test('uses key and log group it is given', () => {
      const encryptionKey = new kms.Key(stack, 'Mine');
      const accessLogGroup = new logs.LogGroup(stack, 'Theirs', { encryptionKey });
      make({ encryptionKey, accessLogGroup });
      template().resourceCountIs('AWS::KMS::Key', 1);
      expect(theStage().Properties.AccessLogSetting.DestinationArn).toEqual(stack.resolve(accessLogGroup.logGroupArn));
    });
  });

  describe('X-02 the role of the account', () => {
    const setterStatements = () => {
      const { Properties: { ManagedPolicyArns } } = Object.values(template().findResources('AWS::IAM::Role'))[0];
      expect(ManagedPolicyArns).toHaveLength(1);
      return allowed(template().findResources('AWS::IAM::ManagedPolicy')[ManagedPolicyArns[0].Ref].Properties.PolicyDocument.Statement);
    };

    test('is set before the stage is made, once for all APIs of a stack, and never owned', () => {
      make();
      new MonitoredApi(stack, 'Other').addMock('data', '{}');
      template().resourceCountIs('Custom::ApiGatewayAccountRole', 1);
      template().resourceCountIs('AWS::ApiGateway::Account', 0);
      expect(theStage().DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^ApiGatewayAccountRole/)]));
    });

    test.each([
      ['Create', undefined, true],
      ['Create', 'arn:aws:iam::111122223333:role/theirs', false],
      ['Update', undefined, true],
      ['Update', 'arn:aws:iam::111122223333:role/theirs', false],
      ['Delete', undefined, false],
      ['Delete', 'arn:aws:iam::111122223333:role/api-gateway-logs', false],
    ] as const)('on %s with %s: is set %s', (requestType, roleArn, needed) => {
      expect(needsRole(requestType, roleArn)).toBe(needed);
    });

    test('whoever sets it can make one role, with one policy, for API Gateway', () => {
      make();
      const statements = setterStatements();
      expect(actions(statements).sort()).toEqual([
        'apigateway:GET', 'apigateway:PATCH', 'iam:AttachRolePolicy', 'iam:CreateRole', 'iam:PassRole', 'logs:CreateLogStream', 'logs:PutLogEvents',
      ]);
      expect(statements.map(({ Resource }) => Resource)).not.toContain('*');
      expect(statements.find(({ Action }) => Action === 'iam:AttachRolePolicy')!.Condition).toMatchObject({ ArnEquals: { 'iam:PolicyARN': expect.anything() } });
      expect(statements.find(({ Action }) => Action === 'iam:PassRole')!.Condition).toEqual({ StringEquals: { 'iam:PassedToService': 'apigateway.amazonaws.com' } });
    });

    test('X-07 a request that is never answered is told to the topic of the alarms, and through its key', () => {
      const masterKey = new kms.Key(stack, 'Mine');
      const alarmTopic = new sns.Topic(stack, 'Alerts', { masterKey });
      make({ alarmTopic });
      template().hasResourceProperties('AWS::Lambda::Function', { DeadLetterConfig: { TargetArn: stack.resolve(alarmTopic.topicArn) }, LoggingConfig: { LogFormat: 'JSON' } });
      const statements = setterStatements();
      expect(statements.find(({ Action }) => Action === 'sns:Publish')!.Resource).toEqual(stack.resolve(alarmTopic.topicArn));
      expect(statements.find(({ Action }) => [Action].flat().includes('kms:GenerateDataKey'))!.Resource).toEqual(stack.resolve(masterKey.keyArn));
    });

    test('without a topic nobody is told, and nothing more is permitted', () => {
      make();
      template().hasResourceProperties('AWS::Lambda::Function', { DeadLetterConfig: Match.absent() });
      expect(actions(setterStatements())).not.toContain('sns:Publish');
    });
  });

  test('CMP-17 calls are traced, and CMP-18 throttled', () => {
    make({ requestsPerSecond: 10 });
    expect(theStage().Properties).toMatchObject({
      TracingEnabled: true,
      MethodSettings: [{ ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20, MetricsEnabled: true, LoggingLevel: 'ERROR', DataTraceEnabled: false }],
    });
  });

  test('CMP-10 every alarm acts: on errors of both kinds, and slow answers', () => {
    const alarmTopic = new sns.Topic(stack, 'Alerts');
    make({ alarmTopic, latencyThreshold: Duration.seconds(2), serverErrorsThreshold: 3, clientErrorsThreshold: 50 });
    const acts = [stack.resolve(alarmTopic.topicArn)];
    for (const [MetricName, Threshold] of [['5XXError', 3], ['4XXError', 50], ['Latency', 2000]]) {
      template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName, Threshold, AlarmActions: acts, OKActions: acts, TreatMissingData: 'notBreaching' });
    }
    expect(AlarmLint.of(stack).findings()).toEqual([]);
  });

  test.each([
    [{ stageName: 'a/b' }, /'stageName' must be 1 to 128 letters.*, got 'a\/b' \[Stack\/Api\]/],
    [{ requestsPerSecond: 0 }, /'requestsPerSecond' must be a whole number, at least 1, got 0 \[/],
    [{ burst: 0.5 }, /'burst' .* got 0\.5 \[/],
    [{ serverErrorsThreshold: 0 }, /'serverErrorsThreshold' .* got 0 \[/],
    [{ clientErrorsThreshold: -1 }, /'clientErrorsThreshold' .* got -1 \[/],
    [{ latencyThreshold: Duration.millis(0) }, /'latencyThreshold' .* got 0 \[/],
  ])('fails with bad input %#', (props, message) => {
    expect(() => make(props)).toThrow(message);
  });

  test.each(['/data', 'data/', 'a b', ''])("fails with a bad path '%s'", (path) => {
    expect(() => make().addMock(path, '{}')).toThrow(/'path' must be parts of letters.* \[Stack\/Api\]/);
  });
});
