import * as path from 'node:path';
import { EncryptedDeadLetterQueue, EncryptedLogGroup, EncryptedQueue, EncryptionKey, ServiceWriter } from '@tapstack/encrypted-storage';
import { Annotations, Duration, RemovalPolicy, Size, SizeRoundingBehavior, Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { SECURITY_GROUP_CALLS, successfulCalls } from './private/security-group-calls';
import { deliveredTo } from './private/target';
import { alarmOnUntold } from './private/untold';
import { watchStatements } from './private/watch-statements';
import { Way, wayToSns } from './private/way-to-sns';
import { checkWholeNumber } from './private/whole-number';
import { WorldOpenRevert } from './private/world-open-revert';
import { SecurityChange } from './security-change';

/**
 * Properties of `SecurityChangeWatch`.
 */
export interface SecurityChangeWatchProps {
  /**
   * Who is told. The function may publish to it and use its key; the policy of an imported key must let the account's IAM
   * policies permit that, and the key must be known to the imported topic.
   *
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  readonly topic: sns.ITopic;

  /**
   * What is told besides every change of a security group; `SecurityChange.all()` is everything. One kind of them, identities, is heard
   * of in one region only, and warned about in others (AUD-24).
   *
   * @default - nothing besides
   */
  readonly furtherChanges?: SecurityChange[];

  /**
   * Whether a rule that lets the whole internet in on a port of administrators or databases (22, 3389, 3306, 5432 and their like) is taken away
   * again within seconds, whoever made it: a deployment, too. What else the rule opened goes with it; rules for other addresses stay (AUD-27).
   *
   * @default false: it is told, and stays open until somebody closes it
   */
  readonly revertWorldOpenAdminPorts?: boolean;

  /**
   * The key that encrypts the logs, the events that could not be handled, and the environment of the function. CloudWatch
   * Logs and EventBridge are let in by its policy; an imported key must do that itself, and synthesis warns.
   *
   * @default - a new `EncryptionKey`, rotated every 365 days
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * The network that the function works in. It must reach SNS from there: through a NAT gateway or an endpoint.
   *
   * @default - the function is in no network of yours
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets of `vpc` that the function works in. Public ones do not help: a function has no public address.
   *
   * @default - the private subnets of `vpc`
   */
  readonly subnets?: ec2.SubnetSelection;

  /**
   * The security groups of the function in `vpc`.
   *
   * @default - a new one that lets nothing in, and HTTPS out
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * How long one event may take. Whole seconds, from 20 to 900: two attempts to publish must end before, to be logged.
   *
   * @default Duration.seconds(30)
   */
  readonly timeout?: Duration;

  /**
   * The memory of the function. From 128 to 10,240 MiB; the processor grows with it.
   *
   * @default Size.mebibytes(256)
   */
  readonly memorySize?: Size;

  /**
   * How many events may be handled at once, set aside from what the account has. A whole number from 1 to
   * 1,000,000.
   *
   * @default - as many as the account has left
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly reservedConcurrentExecutions?: number;

  /**
   * The page whose section `#somebody-was-not-told` says what to do.
   *
   * @default - the README of this package
   */
  readonly runbookUrl?: string;

  /**
   * How long the function's log is kept. Less than a year is warned about.
   *
   * @default logs.RetentionDays.ONE_YEAR
   */
  readonly retention?: logs.RetentionDays;

  /**
   * What happens to the log group, to the queues, and to the key if it is made here, when they leave the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** The regions in which EventBridge hears of IAM: one in each partition. */
const IAM_REGIONS = ['us-east-1', 'us-gov-west-1', 'cn-north-1'];

/**
 * Tells a topic about every change of a security group, and of what else it is asked to watch: who did what to what, from where,
 * and whether it is open to the world now.
 *
 * Needs a trail that records management events in the region: without one EventBridge hears of no API call. What cannot be
 * published is tried again, and then kept in `failedEvents`, which the topic hears of by an alarm.
 *
 * Controls: AUD-03 every change, AUD-04 no event is lost, AUD-05 least privilege, AUD-06 way to SNS, AUD-07 encrypted,
 * AUD-24 further changes, AUD-27 opened ports are closed again.
 */
export class SecurityChangeWatch extends Construct implements ec2.IConnectable {
  /** The function. Its metrics apply; its permissions are those of `rolePolicy`, and grants to it change nothing. */
  public readonly function: lambda.Function;

  /** The policy that holds all that the function may do. */
  public readonly rolePolicy: iam.ManagedPolicy;

  /** The rule that listens to the changes of security groups. */
  public readonly securityGroupChanges: events.Rule;

  /** The rules that listen to `furtherChanges`, in the order in which they were asked for. */
  public readonly furtherRules: events.Rule[];

  /** The function that closes ports again, if it is asked for: in no network, and with a role of its own that grants change nothing about. */
  public readonly revertFunction?: lambda.Function;

  /** The rule that listens to what can open a port, if ports are closed again. */
  public readonly revertRule?: events.Rule;

  /** The events that could not be delivered or published. */
  public readonly failedEvents: sqs.Queue;

  /** Goes off when somebody was not told: when events wait in `failedEvents`. */
  public readonly failedEventsAlarm: cloudwatch.Alarm;

  /** The log of the function: a line of JSON for each event. */
  public readonly logGroup: logs.LogGroup;

  /** The key that encrypts the logs, the failed events, and the environment of the function. */
  public readonly encryptionKey: kms.IKey;

  /** The network connections of the function, in `vpc`; empty without. */
  public readonly connections: ec2.Connections;

  /**
   * @throws if a number is out of its range, or `subnets` or `securityGroups` come without `vpc`
   */
  constructor(scope: Construct, id: string, props: SecurityChangeWatchProps) {
    super(scope, id);

    this.checkInput(props);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;

    this.encryptionKey = props.encryptionKey ?? new EncryptionKey(this, 'Key', { removalPolicy }).key;
    const encryptionKey = this.encryptionKey;
    this.logGroup = new EncryptedLogGroup(this, 'Logs', { encryptionKey, retention: props.retention, removalPolicy }).logGroup;
    this.failedEvents = new EncryptedDeadLetterQueue(this, 'FailedEvents', { encryptionKey, removalPolicy }).queue;
    EncryptedQueue.allowSender(this.failedEvents, ServiceWriter.EVENTBRIDGE_RULES);
    this.failedEventsAlarm = alarmOnUntold(this, { topic: props.topic, failedEvents: this.failedEvents, runbookUrl: props.runbookUrl })!;

    const role = new iam.Role(this, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    this.rolePolicy = new iam.ManagedPolicy(this, 'RolePolicy', {
      document: new iam.PolicyDocument({
        minimize: false,
        statements: watchStatements(this, {
          topic: props.topic,
          failedEvents: this.failedEvents,
          logGroup: this.logGroup,
          keys: props.topic.masterKey ? [encryptionKey, props.topic.masterKey] : [encryptionKey],
          insideVpc: props.vpc !== undefined,
        }),
      }),
      roles: [role],
    });

    const network = this.network(props);
    this.connections = new ec2.Connections({ securityGroups: network.securityGroups });
    this.function = new lambda.Function(this, 'Function', {
      description: 'Tells about security changes',
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(path.join(__dirname, '..', 'assets', 'security-change-watch')),
      environment: { TOPIC_ARN: props.topic.topicArn },
      environmentEncryption: encryptionKey,
      // all it may do is in `rolePolicy`: the function would add inline policies
      role: role.withoutPolicyUpdates(),
      timeout: props.timeout ?? Duration.seconds(30),
      memorySize: (props.memorySize ?? Size.mebibytes(256)).toMebibytes(),
      reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      deadLetterQueue: this.failedEvents,
      logGroup: this.logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      // public subnets are no exception to our own check
      allowPublicSubnet: true,
      ...network,
    });
    this.node.defaultChild = this.function.node.defaultChild;
    // Lambda checks the role when the function is made, and needs it until the last network interface is gone
    this.function.node.addDependency(this.rolePolicy);

    this.securityGroupChanges = this.listen('SecurityGroupChanges', 'security groups', successfulCalls('ec2', SECURITY_GROUP_CALLS));
    this.furtherRules = [...new Set(props.furtherChanges)].map((change) => (
      this.listen(change.id, change.title, successfulCalls(change.service, change.calls))
    ));
    if (props.furtherChanges?.includes(SecurityChange.IDENTITIES)) this.checkHeardOfIam();
    if (props.revertWorldOpenAdminPorts) {
      const { topic } = props;
      const revert = new WorldOpenRevert(this, 'Revert', { topic, failedEvents: this.failedEvents, logGroup: this.logGroup, encryptionKey });
      this.revertFunction = revert.function;
      this.revertRule = revert.rule;
    }
  }

  private listen(id: string, what: string, eventPattern: events.EventPattern): events.Rule {
    const rule = new events.Rule(this, id, {
      description: `Successful changes of ${what}`,
      eventPattern,
      targets: [deliveredTo(this.function.functionArn, this.function, this.failedEvents)],
    });
    targets.addLambdaPermission(rule, this.function);
    return rule;
  }

  private checkHeardOfIam(): void {
    const { region } = Stack.of(this);
    if (Token.isUnresolved(region) || IAM_REGIONS.includes(region)) return;
    Annotations.of(this).addWarningV2('audit-trail:AUD-24',
      `'furtherChanges' has SecurityChange.IDENTITIES, which is heard of in ${IAM_REGIONS.join(', ')} only, got '${region}'; add a watch for it there`);
  }

  private network({ vpc, subnets, securityGroups }: SecurityChangeWatchProps): Pick<lambda.FunctionProps, 'vpc' | 'vpcSubnets' | 'securityGroups'> {
    if (!vpc) return {};

    const selected = vpc.selectSubnets(subnets ?? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS });
    this.checkWayToSns(vpc, selected.subnets);
    return { vpc, vpcSubnets: { subnets: selected.subnets }, securityGroups: securityGroups ?? [this.closedGroup(vpc)] };
  }

  private closedGroup(vpc: ec2.IVpc): ec2.ISecurityGroup {
    const group = new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc, description: `Function that tells about security changes (${this.node.path})`, allowAllOutbound: false,
    });
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'HTTPS to SNS');
    return group;
  }

  private checkWayToSns(vpc: ec2.IVpc, subnets: ec2.ISubnet[]): void {
    const withWay = (way: Way) => subnets.filter((subnet) => wayToSns(vpc, subnet) === way).map(({ node }) => node.path);
    // when everything is there: routes and endpoints may be made after this construct
    this.node.addValidation({
      validate: () => withWay(Way.MISSING).map((subnet) => (
        `'subnets' must reach SNS, got '${subnet}' without a NAT route; choose private subnets, or add an interface endpoint for SNS [${this.node.path}]`
      )),
    });
    const unknown = withWay(Way.UNKNOWN);
    if (unknown.length > 0) {
      Annotations.of(this).addWarningV2('audit-trail:AUD-06',
        `nothing is known of a way to SNS from ${unknown.join(', ')}; make sure that the network has an interface endpoint for SNS`);
    }
  }

  private checkInput({ vpc, subnets, securityGroups, timeout, memorySize, reservedConcurrentExecutions }: SecurityChangeWatchProps): void {
    for (const [name, value] of Object.entries({ subnets, securityGroups })) {
      if (value && !vpc) throw new Error(`'${name}' must come with the network, got no 'vpc'; pass it too [${this.node.path}]`);
    }
    if (securityGroups?.length === 0) {
      throw new Error(`'securityGroups' must name at least one group, got none; leave it out for a closed one [${this.node.path}]`);
    }
    if (timeout && !timeout.isUnresolved()) checkWholeNumber(this, 'timeout', timeout.toSeconds({ integral: false }), 20, 900);
    if (memorySize && !memorySize.isUnresolved()) checkWholeNumber(this, 'memorySize', memorySize.toMebibytes({ rounding: SizeRoundingBehavior.NONE }), 128, 10240);
    if (reservedConcurrentExecutions !== undefined) checkWholeNumber(this, 'reservedConcurrentExecutions', reservedConcurrentExecutions, 1, 1_000_000);
  }
}
