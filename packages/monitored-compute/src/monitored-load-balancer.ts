import { LogBucket, LogPurpose } from '@tapstack/encrypted-storage';
import { Annotations, Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AlarmSet } from './private/alarm-set';
import { checkName, checkWhole } from './private/checks';
import {
  LOAD_BALANCER_ERRORS, REJECTED_CONNECTIONS, TARGET_ERRORS, TARGET_LATENCY, UNHEALTHY_TARGETS,
} from './private/load-balancer-alarm-catalogue';

/** TLS 1.2 and above, each with forward secrecy: the extended policies have ciphers without it. */
const STRONG_POLICY = /^ELBSecurityPolicy-TLS13-1-[23]-(?!Ext)/;

/**
 * Properties of `MonitoredLoadBalancer`.
 */
export interface MonitoredLoadBalancerProps {
  /** The network. */
  readonly vpc: ec2.IVpc;

  /**
   * What callers know the load balancer by. The first is the default; the others are chosen by the name that a caller asks for.
   * At least one.
   *
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html
   */
  readonly certificates: elbv2.IListenerCertificate[];

  /**
   * Places the load balancer in the public tier, with public addresses: the internet then reaches it as far as its security groups
   * let it. No web application firewall is put before it. Synthesis warns (CMP-01).
   *
   * @default false - internal, without public addresses
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html
   */
  readonly internetFacing?: boolean;

  /**
   * Where in the network: one subnet in each of two availability zones at least. Public ones if it is `internetFacing`, else private.
   *
   * @default - a private subnet with a way out in each zone; if it is `internetFacing`, a public one
   */
  readonly subnets?: ec2.SubnetSelection;

  /**
   * The groups of the load balancer. None may be empty; `connections` adds rules to all of them.
   *
   * @default - a new one that lets nothing in, and nothing out but to targets
   */
  readonly securityGroups?: ec2.ISecurityGroup[];

  /**
   * The ciphers and versions that are spoken with callers: TLS 1.2 and above, with forward secrecy.
   *
   * @default SslPolicy.RECOMMENDED_TLS
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
   */
  readonly sslPolicy?: elbv2.SslPolicy;

  /**
   * The bucket that receives access and connection logs, in the same region and without a KMS key. Elastic Load Balancing is let in by
   * its policy; an imported bucket must do that itself, and synthesis warns (CMP-21).
   *
   * @default - a new `LogBucket`, kept for a year
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
   */
  readonly logsBucket?: s3.IBucket;

  /**
   * Who is told when an alarm goes off. The topic, and the key that encrypts it, must let CloudWatch alarms publish.
   *
   * @default - nobody is told, and synthesis warns (CMP-10)
   */
  readonly alarmTopic?: sns.ITopic;

  /**
   * Errors of the load balancer's own within five minutes that are an alarm. A whole number, at least 1.
   *
   * @default 1
   */
  readonly loadBalancerErrorsThreshold?: number;

  /**
   * Errors of the targets within five minutes that are an alarm. A whole number, at least 1.
   *
   * @default 1
   */
  readonly targetErrorsThreshold?: number;

  /**
   * What 99 of 100 answers of the targets must stay below. Whole milliseconds, at least 1, known at synthesis.
   *
   * @default Duration.seconds(5)
   */
  readonly latencyThreshold?: Duration;

  /**
   * The page whose sections `#load-balancer-errors`, `#target-errors`, `#target-latency`, `#rejected-connections` and
   * `#unhealthy-targets` say what to do.
   *
   * @default - the README of this package
   */
  readonly runbookUrl?: string;

  /**
   * `DESTROY`: the load balancer can be deleted, and the log bucket, if it is made here, goes with the stack. Everything else: the load
   * balancer is protected from deletion, and the bucket stays.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * How `MonitoredLoadBalancer` speaks with its targets.
 */
export interface LoadBalancedTargetsProps {
  /**
   * The port of the targets. A whole number, from 1 to 65,535.
   *
   * @default 443, or 80 with `plainHttp`
   */
  readonly port?: number;

  /**
   * Speaks plain HTTP with the targets: whoever is in the network between can read and change what is said. Synthesis warns (CMP-19).
   *
   * @default false - TLS; any certificate of the target will do, its name is not looked at
   */
  readonly plainHttp?: boolean;

  /**
   * The path that a healthy target answers with 200. It begins with a slash, and has at most 1024 characters.
   *
   * @default '/'
   */
  readonly healthCheckPath?: string;

  /**
   * Which requests they get. Only with `priority`.
   *
   * @default - all that no other targets get
   */
  readonly conditions?: elbv2.ListenerCondition[];

  /**
   * Whose conditions are looked at first: the lowest. A whole number, from 1 to 50,000. Only with `conditions`.
   *
   * @default - last
   */
  readonly priority?: number;
}

/**
 * An Application Load Balancer that speaks TLS only, writes down who asks for what, and tells when its targets do not answer.
 *
 * It is internal, and its security group lets nobody in until `connections` does. What comes by plain HTTP is sent to HTTPS, if port 80 is
 * opened at all. `addTargets` puts a fleet behind it; what is added to `listener` otherwise has no alarm on its health.
 *
 * Controls: CMP-01 private, CMP-07 closed security group, CMP-10 every alarm acts, CMP-12 spread over zones, CMP-19 TLS only,
 * CMP-20 no ambiguous requests, CMP-21 requests are logged, CMP-22 protected from deletion.
 */
export class MonitoredLoadBalancer extends Construct implements ec2.IConnectable {
  /** The load balancer. */
  public readonly loadBalancer: elbv2.ApplicationLoadBalancer;

  /** The listener that callers speak TLS with. */
  public readonly listener: elbv2.ApplicationListener;

  /** The listener that sends callers of port 80 to HTTPS. */
  public readonly redirectListener: elbv2.ApplicationListener;

  /** The bucket of the access and connection logs. */
  public readonly logsBucket: s3.IBucket;

  /** Errors of the load balancer's own. */
  public readonly loadBalancerErrorsAlarm: cloudwatch.Alarm;

  /** Errors of the targets. */
  public readonly targetErrorsAlarm: cloudwatch.Alarm;

  /** Slow targets. */
  public readonly latencyAlarm: cloudwatch.Alarm;

  /** Callers that were turned away. */
  public readonly rejectedConnectionsAlarm: cloudwatch.Alarm;

  /** Unhealthy targets: one alarm for each call of `addTargets`, in their order. */
  public readonly unhealthyTargetsAlarms: cloudwatch.Alarm[] = [];

  /** Its security groups. The default port is that of HTTPS. */
  public readonly connections: ec2.Connections;

  private readonly vpc: ec2.IVpc;
  private readonly alarms: AlarmSet;

  constructor(scope: Construct, id: string, props: MonitoredLoadBalancerProps) {
    super(scope, id);

    const { vpc, certificates, internetFacing = false, loadBalancerErrorsThreshold = 1, targetErrorsThreshold = 1, removalPolicy } = props;
    const sslPolicy = props.sslPolicy ?? elbv2.SslPolicy.RECOMMENDED_TLS;
    const latency = this.wholeMilliseconds(props.latencyThreshold ?? Duration.seconds(5));
    checkWhole(this, 'loadBalancerErrorsThreshold', loadBalancerErrorsThreshold, 1);
    checkWhole(this, 'targetErrorsThreshold', targetErrorsThreshold, 1);
    this.checkTls(certificates, sslPolicy);
    const subnets = props.subnets ?? { subnetType: internetFacing ? ec2.SubnetType.PUBLIC : ec2.SubnetType.PRIVATE_WITH_EGRESS, onePerAz: true };
    this.checkPlacement(vpc, vpc.selectSubnets(subnets), internetFacing);
    const [securityGroup, ...moreSecurityGroups] = this.securityGroups(props);

    this.vpc = vpc;
    this.loadBalancer = new elbv2.ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc,
      vpcSubnets: subnets,
      internetFacing,
      securityGroup,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: elbv2.DesyncMitigationMode.STRICTEST,
      deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
    });
    this.node.defaultChild = this.loadBalancer.node.defaultChild;
    for (const group of moreSecurityGroups) this.loadBalancer.addSecurityGroup(group);
    this.logsBucket = props.logsBucket ?? new LogBucket(this, 'Logs', { purpose: LogPurpose.LOAD_BALANCER, removalPolicy }).bucket;
    this.logTo(this.logsBucket);

    this.listener = this.loadBalancer.addListener('Https', { protocol: elbv2.ApplicationProtocol.HTTPS, port: 443, sslPolicy, certificates, open: false });
    this.redirectListener = this.loadBalancer.addRedirect({ open: false });
    this.connections = this.listener.connections;

    this.alarms = new AlarmSet(this, props);
    const { metrics } = this.loadBalancer;
    const sum = { period: Duration.minutes(5), statistic: cloudwatch.Stats.SUM };
    const slowest = { period: Duration.minutes(5), statistic: cloudwatch.Stats.percentile(99) };
    this.loadBalancerErrorsAlarm = this.alarms.add(
      'LoadBalancerErrors', LOAD_BALANCER_ERRORS, metrics.httpCodeElb(elbv2.HttpCodeElb.ELB_5XX_COUNT, sum), loadBalancerErrorsThreshold,
    );
    this.targetErrorsAlarm = this.alarms.add(
      'TargetErrors', TARGET_ERRORS, metrics.httpCodeTarget(elbv2.HttpCodeTarget.TARGET_5XX_COUNT, sum), targetErrorsThreshold,
    );
    this.latencyAlarm = this.alarms.add('Latency', TARGET_LATENCY, metrics.targetResponseTime(slowest), latency / 1000);
    this.rejectedConnectionsAlarm = this.alarms.add('RejectedConnections', REJECTED_CONNECTIONS, metrics.rejectedConnectionCount(sum), 1);

    if (internetFacing) {
      Annotations.of(this).addWarningV2('monitored-compute:CMP-01', 'the internet can reach this load balancer as far as its security groups let it, and no web application firewall is before it');
    }
  }

  /**
   * Puts targets behind the load balancer, opens the way to them, and alarms when one of them is unhealthy.
   *
   * @param id the id of their target group in this construct
   * @param targets such as a `MonitoredFleet`, all of one kind
   * @param props how they are spoken with, and which requests they get
   */
  public addTargets(id: string, targets: elbv2.IApplicationLoadBalancerTarget[], props: LoadBalancedTargetsProps = {}): elbv2.ApplicationTargetGroup {
    const { plainHttp = false, healthCheckPath = '/', conditions, priority } = props;
    const port = props.port ?? (plainHttp ? 80 : 443);
    checkWhole(this, 'port', port, 1, 65_535);
    checkName(this, 'healthCheckPath', healthCheckPath, /^\/\S{0,1023}$/, 'a path of at most 1024 characters that begins with a slash, without spaces');
    if (targets.length === 0) throw new Error(`'targets' must name at least one target, got none [${this.node.path}]`);
    if ((conditions === undefined) !== (priority === undefined)) {
      throw new Error(`'conditions' and 'priority' must be given together, got only '${conditions ? 'conditions' : 'priority'}'; pass both or none [${this.node.path}]`);
    }
    if (priority !== undefined) checkWhole(this, 'priority', priority, 1, 50_000);

    const protocol = plainHttp ? elbv2.ApplicationProtocol.HTTP : elbv2.ApplicationProtocol.HTTPS;
    const targetGroup = new elbv2.ApplicationTargetGroup(this, id, {
      vpc: this.vpc,
      port,
      protocol,
      targets,
      healthCheck: { path: healthCheckPath, protocol: plainHttp ? elbv2.Protocol.HTTP : elbv2.Protocol.HTTPS },
    });
    this.listener.addTargetGroups(id, { targetGroups: [targetGroup], conditions, priority });
    this.unhealthyTargetsAlarms.push(this.alarms.add(`${id}Unhealthy`, UNHEALTHY_TARGETS, this.unhealthy(targetGroup), 1));

    if (plainHttp) {
      Annotations.of(this).addWarningV2(`monitored-compute:CMP-19-${id}`, `what is said with the targets '${id}' is not encrypted; let them speak TLS`);
    }
    return targetGroup;
  }

  private checkTls(certificates: elbv2.IListenerCertificate[], sslPolicy: elbv2.SslPolicy): void {
    if (certificates.length === 0) {
      throw new Error(`'certificates' must name at least one certificate, got none; request one from AWS Certificate Manager [${this.node.path}]`);
    }
    if (!Token.isUnresolved(sslPolicy) && !STRONG_POLICY.test(sslPolicy)) {
      throw new Error(`'sslPolicy' must speak TLS 1.2 and above only, with forward secrecy, got '${sslPolicy}'; leave it out for '${elbv2.SslPolicy.RECOMMENDED_TLS}' [${this.node.path}]`);
    }
  }

  private checkPlacement(vpc: ec2.IVpc, { subnets, availabilityZones, hasPublic }: ec2.SelectedSubnets, internetFacing: boolean): void {
    const zones = new Set(availabilityZones).size;
    if (zones < 2) {
      throw new Error(`'subnets' must be in two availability zones at least, so that one can fail, got ${zones}; select more [${this.node.path}]`);
    }
    if (subnets.length > zones) {
      throw new Error(`'subnets' must be one in each availability zone, got ${subnets.length} in ${zones}; say 'onePerAz', or name them [${this.node.path}]`);
    }
    if (internetFacing && subnets.some((subnet) => [...vpc.privateSubnets, ...vpc.isolatedSubnets].includes(subnet))) {
      throw new Error(`'subnets' must select public subnets only with 'internetFacing', as nothing reaches an address in others; leave one of the two out [${this.node.path}]`);
    }
    if (!internetFacing && hasPublic) {
      throw new Error(`'subnets' must not select public subnets unless 'internetFacing' is true; select private ones, or choose to let the internet reach the load balancer [${this.node.path}]`);
    }
  }

  private securityGroups({ vpc, securityGroups }: MonitoredLoadBalancerProps): ec2.ISecurityGroup[] {
    if (securityGroups?.length === 0) {
      throw new Error(`'securityGroups' must name at least one group, got none; leave it out for a closed one [${this.node.path}]`);
    }
    return securityGroups ?? [new ec2.SecurityGroup(this, 'SecurityGroup', {
      vpc, description: `Load balancer ${this.node.path}`, allowAllOutbound: false, allowAllIpv6Outbound: false,
    })];
  }

  /** As attributes, because the methods of the L2 name an AWS account for each region, and do not know that of a stack without region. */
  private logTo(bucket: s3.IBucket): void {
    if (bucket.encryptionKey) {
      throw new Error(`'logsBucket' must be encrypted by S3 with keys of its own, because Elastic Load Balancing delivers no logs to a bucket with a KMS key, got the key '${bucket.encryptionKey.node.path}' [${this.node.path}]`);
    }
    for (const log of ['access_logs', 'connection_logs']) {
      this.loadBalancer.setAttribute(`${log}.s3.enabled`, 'true');
      this.loadBalancer.setAttribute(`${log}.s3.bucket`, bucket.bucketName);
    }
    const admitted = LogPurpose.LOAD_BALANCER.bucketPolicyStatements(bucket).map((statement) => bucket.addToResourcePolicy(statement));
    if (admitted.some(({ statementAdded }) => !statementAdded)) {
      Annotations.of(this).addWarningV2('monitored-compute:CMP-21', "the bucket of the logs is imported, so its policy is not changed; it must let 'logdelivery.elasticloadbalancing.amazonaws.com' put objects below 'AWSLogs/', or the deployment fails");
    }
    // the attributes are taken only if a first object can be written
    if (bucket.policy) (this.loadBalancer.node.defaultChild as elbv2.CfnLoadBalancer).node.addDependency(bucket.policy);
  }

  /** Not by the L2, whose dimension is cut out of the ARN of the listener. */
  private unhealthy(targetGroup: elbv2.ApplicationTargetGroup): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/ApplicationELB',
      metricName: 'UnHealthyHostCount',
      dimensionsMap: { LoadBalancer: this.loadBalancer.loadBalancerFullName, TargetGroup: targetGroup.targetGroupFullName },
      period: Duration.minutes(1),
      statistic: cloudwatch.Stats.MAXIMUM,
    });
  }

  private wholeMilliseconds(duration: Duration): number {
    if (duration.isUnresolved()) {
      throw new Error(`'latencyThreshold' must be known at synthesis, because the metric is in seconds, got a value of deployment [${this.node.path}]`);
    }
    const milliseconds = duration.toMilliseconds();
    checkWhole(this, 'latencyThreshold', milliseconds, 1);
    return milliseconds;
  }
}
