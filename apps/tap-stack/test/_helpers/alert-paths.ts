import { ExpectedResult, IApiCall, Match } from '@aws-cdk/integ-tests-alpha';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { stackName } from '../../src/app';
import { DeployedEnvironment, SUFFIX } from './deployed-environment';

/** A key whose policy would lock everybody out: it is never made. */
const NEVER_MADE = JSON.stringify({ Resources: { Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: { Version: '2012-10-17', Statement: [] } } } } });

const FAILS = `drill-that-fails-${SUFFIX}`;

/** What a service sends by itself may take its time. */
const WAIT = { totalTimeout: Duration.minutes(10), interval: Duration.seconds(5) };

/** Alerts from their cause to a subscriber of the topic, one path after the other (B-10, B-14, R-01, P-08, C-09). */
export class AlertPaths {
  private readonly heard: sqs.Queue;
  private readonly subscription: sns.CfnSubscription;
  private last?: IApiCall;

  constructor(private readonly environment: DeployedEnvironment) {
    const scope = environment.assertionStack;
    const topicArn = environment.exported('AlertsTopicArn');
    // a look takes ten messages at most: what one has seen makes room for the next
    this.heard = new sqs.Queue(scope, 'Heard', { visibilityTimeout: Duration.minutes(1), removalPolicy: RemovalPolicy.DESTROY });
    this.heard.addToResourcePolicy(new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('sns.amazonaws.com')], actions: ['sqs:SendMessage'], resources: [this.heard.queueArn],
      conditions: { ArnEquals: { 'aws:SourceArn': topicArn } },
    }));
    this.subscription = new sns.CfnSubscription(scope, 'Subscription', { topicArn, protocol: 'sqs', endpoint: this.heard.queueArn, rawMessageDelivery: true });
  }

  /** An alarm goes off; `id` begins the logical id of one alarm and no other. */
  public alarm(id: string): this {
    const prefix = `${stackName(SUFFIX)}-${id}`;
    const AlarmName = this.then('cloudwatch', 'DescribeAlarms', { AlarmNamePrefix: prefix }).getAttString('MetricAlarms.0.AlarmName');
    for (const StateValue of ['OK', 'ALARM']) this.then('cloudwatch', 'SetAlarmState', { AlarmName, StateValue, StateReason: 'a test' });
    this.hears(`${prefix}.*ALARM`);
    this.then('cloudwatch', 'SetAlarmState', { AlarmName, StateValue: 'OK', StateReason: 'a test' });
    return this;
  }

  /** Port 22 of a security group is opened to the world, and closed again. */
  public worldOpen(GroupId: string): this {
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    this.then('ec2', 'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions });
    this.hears(`OPEN TO THE WORLD.*${GroupId}`);
    this.then('ec2', 'RevokeSecurityGroupIngress', { GroupId, IpPermissions });
    return this;
  }

  /** A second stack fails, since a stack cannot report that it was never made. */
  public failedDeployment(): this {
    this.then('cloudformation', 'CreateStack', { StackName: FAILS, TemplateBody: NEVER_MADE }, ['cloudformation:CreateStack', 'kms:CreateKey', 'kms:TagResource']);
    this.hears(`CloudFormation Stack Status Change.*${FAILS}.*ROLLBACK_`);
    this.then('cloudformation', 'DeleteStack', { StackName: FAILS });
    return this;
  }

  private hears(message: string): void {
    this.then('sqs', 'ReceiveMessage', { QueueUrl: this.heard.queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 })
      .expect(ExpectedResult.objectLike({ Messages: Match.arrayWith([Match.objectLike({ Body: Match.stringLikeRegexp(message) })]) }))
      .waitForAssertions(WAIT);
  }

  private then(service: string, name: string, parameters: object, actions?: string[]): IApiCall {
    const call = this.environment.call(service, name, parameters, actions);
    if (this.last) this.last.next(call);
    // what happens before somebody listens is not heard
    else call.node.addDependency(this.subscription, this.heard);
    this.last = call;
    return call;
  }
}
