import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { EncryptedTopic, EncryptionKey } from '@tapstack/encrypted-storage';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { SecurityChangeWatch } from '../src';

/*
 * A group is opened to the world: for administrators, for a database together with a network, and for HTTPS. What administrators and databases use
 * is closed again, and the message about it arrives; the rest stays.
 */
// stack traces would put the paths of the machine at hand into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'SecurityGroupRevert');
const removalPolicy = RemovalPolicy.DESTROY;
const { key: encryptionKey } = new EncryptionKey(stack, 'Key', { removalPolicy });
const { topic } = new EncryptedTopic(stack, 'Alerts', { encryptionKey });
const watch = new SecurityChangeWatch(stack, 'Watch', { topic, encryptionKey, removalPolicy, revertWorldOpenAdminPorts: true });
const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 1, natGateways: 0, restrictDefaultSecurityGroup: false });
const { securityGroupId: GroupId } = new ec2.SecurityGroup(stack, 'Group', { vpc, description: 'Opened to the world for a moment', allowAllOutbound: false });

/** Whoever hears of messages with these attributes. */
function told(id: string, attributes: Record<string, string>): sqs.Queue {
  const queue = new sqs.Queue(stack, id, { removalPolicy });
  const wanted = Object.entries(attributes).map(([name, value]) => [name, sns.SubscriptionFilter.stringFilter({ allowlist: [value] })]);
  topic.addSubscription(new subscriptions.SqsSubscription(queue, { rawMessageDelivery: true, filterPolicy: Object.fromEntries(wanted) }));
  return queue;
}
const toldOfReverts = told('ToldOfReverts', { reverted: 'true' });
const toldOfRevocations = told('ToldOfRevocations', { eventName: 'RevokeSecurityGroupIngress' });

const { assertions } = new IntegTest(app, 'SecurityGroupRevertTest', { testCases: [stack] });
const call = (service: string, name: string, parameters: object) => assertions.awsApiCall(`@aws-sdk/client-${service}`, name, parameters);
const opens = (...IpPermissions: object[]) => call('ec2', 'AuthorizeSecurityGroupIngress', { GroupId, IpPermissions }).expect(ExpectedResult.objectLike({ Return: true }));
const heard = (queue: sqs.Queue, message: object) => call('sqs', 'ReceiveMessage', { QueueUrl: queue.queueUrl, WaitTimeSeconds: 5 })
  .expect(ExpectedResult.objectLike({ Messages: [{ Body: Match.serializedJson(Match.objectLike(message)) }] }))
  .waitForAssertions({ totalTimeout: Duration.minutes(15), interval: Duration.seconds(5) });
const tcp = (port: number) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port });
const world = { IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
const network = { IpRanges: [{ CidrIp: '10.0.0.0/8' }] };

// what must stay: SSH from a network, and HTTPS from everywhere
const opened = opens({ ...tcp(22), ...network }, { ...tcp(443), ...world });

// AUD-27 opened ports are closed again
const openedToAdministrators = opens({ ...tcp(22), ...world, Ipv6Ranges: [{ CidrIpv6: '::/0' }] });
const reverted = heard(toldOfReverts, {
  summary: Match.stringLikeRegexp('^REVERTED \\(inbound tcp 22 from 0\\.0\\.0\\.0/0; inbound tcp 22 from ::/0\\): .*:assumed-role/SecurityGroupRevertTest.* had opened sg-'),
  reverted: ['inbound tcp 22 from 0.0.0.0/0', 'inbound tcp 22 from ::/0'],
  stillOpen: [],
  group: GroupId,
});
const openedDatabase = opens({ ...tcp(3306), IpRanges: [{ CidrIp: '10.0.0.0/8' }, { CidrIp: '0.0.0.0/0' }] });
const stays = [{ ...tcp(22), ...network }, { ...tcp(443), ...world }, { ...tcp(3306), ...network }].map((rule) => ({ ...rule, Ipv6Ranges: [] }));
const left = call('ec2', 'DescribeSecurityGroups', { GroupIds: [GroupId] })
  .expect(ExpectedResult.objectLike({ SecurityGroups: [{ IpPermissions: stays }] }))
  .waitForAssertions({ totalTimeout: Duration.minutes(15), interval: Duration.seconds(5) });

// AUD-03 every change: the watch hears of what the function did, and nobody undoes that again
const revocation = heard(toldOfRevocations, {
  group: GroupId, openToTheWorld: false, who: Match.stringLikeRegexp(':assumed-role/SecurityGroupRevert-WatchRevertRole'),
});
opened.next(openedToAdministrators).next(reverted).next(revocation).next(openedDatabase).next(left);

// AUD-05 least privilege
for (const [decision, action, resource] of [
  ['allowed', 'ec2:RevokeSecurityGroupIngress', `arn:aws:ec2:${stack.region}:${stack.account}:security-group/${GroupId}`],
  ['implicitDeny', 'ec2:AuthorizeSecurityGroupIngress', `arn:aws:ec2:${stack.region}:${stack.account}:security-group/${GroupId}`],
  ['implicitDeny', 'ec2:RevokeSecurityGroupEgress', `arn:aws:ec2:${stack.region}:${stack.account}:security-group/${GroupId}`],
]) {
  call('iam', 'SimulatePrincipalPolicy', { PolicySourceArn: watch.revertFunction!.role!.roleArn, ActionNames: [action], ResourceArns: [resource] })
    .expect(ExpectedResult.objectLike({ EvaluationResults: [{ EvalDecision: decision }] }));
}
