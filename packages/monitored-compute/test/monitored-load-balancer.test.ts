import { App, CfnParameter, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AlarmLint, FleetCapacity, LoadBalancedTargetsProps, MonitoredFleet, MonitoredLoadBalancer, MonitoredLoadBalancerProps } from '../src';
import { networkOf, stackInFrankfurt } from './_helpers/stacks';

const CERTIFICATE = elbv2.ListenerCertificate.fromArn('arn:aws:acm:eu-central-1:111122223333:certificate/shop');
const { PUBLIC, PRIVATE_WITH_EGRESS } = ec2.SubnetType;

describe('MonitoredLoadBalancer', () => {
  let stack: Stack;
  let vpc: ec2.Vpc;
  const within = (made: Stack) => {
    stack = made;
    vpc = networkOf(stack);
  };
  beforeEach(() => within(stackInFrankfurt()));
  const template = () => Template.fromStack(stack);
  const make = (props: Partial<MonitoredLoadBalancerProps> = {}) => {
    const made = new MonitoredLoadBalancer(stack, 'Web', { vpc, certificates: [CERTIFICATE], ...props });
    made.listener.addAction('Else', { action: elbv2.ListenerAction.fixedResponse(404) });
    return made;
  };
  const withFleet = (capacity: FleetCapacity, props: LoadBalancedTargetsProps = {}, given: Partial<MonitoredLoadBalancerProps> = {}) => {
    const made = new MonitoredLoadBalancer(stack, 'Web', { vpc, certificates: [CERTIFICATE], ...given });
    const fleet = new MonitoredFleet(stack, 'Shop', { vpc, capacity });
    return { ...made, made, fleet, targetGroup: made.addTargets('Shop', [fleet], props) };
  };
  const resources = (type: string) => Object.values(template().findResources(type));
  const attributes = (): Record<string, unknown> => {
    const [{ Properties }] = resources('AWS::ElasticLoadBalancingV2::LoadBalancer');
    return Object.fromEntries(Properties.LoadBalancerAttributes.map(({ Key, Value }: { Key: string; Value: unknown }) => [Key, Value]));
  };
  const logStatements = () => resources('AWS::S3::BucketPolicy')[0].Properties.PolicyDocument.Statement
    .filter(({ Sid }: { Sid?: string }) => Sid === 'AllowLoadBalancerLogDelivery');

  describe('CMP-19 TLS only', () => {
    test('speaks TLS 1.2 and 1.3, and sends plain HTTP to HTTPS', () => {
      make();
      template().resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 2);
      template().hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
        Port: 443, Protocol: 'HTTPS', SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06', Certificates: [{ CertificateArn: Match.stringLikeRegexp('certificate/shop$') }],
      });
      template().hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
        Port: 80, Protocol: 'HTTP', DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } }],
      });
    });

    test.each([
      elbv2.SslPolicy.TLS13_13, elbv2.SslPolicy.TLS13_12_PQ, elbv2.SslPolicy.FIPS_TLS13_12_RES,
    ])('takes %s', (sslPolicy) => {
      make({ sslPolicy });
      template().hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { SslPolicy: sslPolicy });
    });

    test.each([
      elbv2.SslPolicy.RECOMMENDED, elbv2.SslPolicy.TLS13_10, elbv2.SslPolicy.TLS13_11, elbv2.SslPolicy.TLS13_EXT1, elbv2.SslPolicy.FIPS_TLS13_12_EXT0,
      elbv2.SslPolicy.LEGACY, elbv2.SslPolicy.TLS12,
    ])('fails with %s', (sslPolicy) => {
      expect(() => make({ sslPolicy })).toThrow(`'sslPolicy' must speak TLS 1.2 and above only, with forward secrecy, got '${sslPolicy}'`);
    });

    test('speaks TLS with its targets', () => {
      withFleet(FleetCapacity.fixed(2));
      template().hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { Port: 443, Protocol: 'HTTPS', HealthCheckProtocol: 'HTTPS', HealthCheckPath: '/' });
      Annotations.fromStack(stack).hasNoWarning('/Stack/Web', Match.stringLikeRegexp('CMP-19'));
    });

    test('warns of targets that are spoken with in plain HTTP', () => {
      withFleet(FleetCapacity.fixed(2), { plainHttp: true, port: 8080, healthCheckPath: '/health' });
      template().hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { Port: 8080, Protocol: 'HTTP', HealthCheckProtocol: 'HTTP', HealthCheckPath: '/health' });
      Annotations.fromStack(stack).hasWarning('/Stack/Web', Match.stringLikeRegexp("'Shop' is not encrypted.*monitored-compute:CMP-19-Shop"));
    });
  });

  test('CMP-20 no ambiguous requests: invalid headers are dropped, and what servers read differently is refused', () => {
    make();
    expect(attributes()).toMatchObject({ 'routing.http.drop_invalid_header_fields.enabled': 'true', 'routing.http.desync_mitigation_mode': 'strictest' });
  });

  describe('CMP-21 requests are logged', () => {
    const logsTo = (bucket: s3.IBucket) => ({
      'access_logs.s3.enabled': 'true',
      'access_logs.s3.bucket': stack.resolve(bucket.bucketName),
      'connection_logs.s3.enabled': 'true',
      'connection_logs.s3.bucket': stack.resolve(bucket.bucketName),
    });

    test('requests and connections, in a bucket that lets the load balancer write and has no key', () => {
      const { logsBucket } = make();
      expect(attributes()).toMatchObject(logsTo(logsBucket));
      template().hasResourceProperties('AWS::S3::Bucket', { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] } });
      expect(logStatements()).toEqual([expect.objectContaining({ Action: 's3:PutObject', Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' } })]);
    });

    test('the bucket lets it write before it is asked to', () => {
      make();
      const [{ DependsOn }] = resources('AWS::ElasticLoadBalancingV2::LoadBalancer');
      expect(DependsOn).toEqual([expect.stringMatching(/^WebLogsBucketPolicy/)]);
    });

    test('in a region that is not known yet, too', () => {
      within(new Stack(new App(), 'Stack'));
      make();
      expect(logStatements()).toHaveLength(1);
    });

    test('uses the bucket it is given, lets the load balancer write there, and makes no other', () => {
      const logsBucket = new s3.Bucket(stack, 'Mine');
      make({ logsBucket });
      template().resourceCountIs('AWS::S3::Bucket', 1);
      expect(attributes()).toMatchObject(logsTo(logsBucket));
      expect(logStatements()).toHaveLength(1);
    });

    test('one bucket is enough for two load balancers', () => {
      const { logsBucket } = make();
      const second = new MonitoredLoadBalancer(stack, 'Second', { vpc, certificates: [CERTIFICATE], logsBucket });
      second.listener.addAction('Else', { action: elbv2.ListenerAction.fixedResponse(404) });
      expect(logStatements()).toHaveLength(1);
    });

    test('warns of an imported bucket, whose policy it cannot change', () => {
      make({ logsBucket: s3.Bucket.fromBucketName(stack, 'Theirs', 'their-logs') });
      Annotations.fromStack(stack).hasWarning('/Stack/Web', Match.stringLikeRegexp('logdelivery.elasticloadbalancing.amazonaws.com.*monitored-compute:CMP-21'));
    });

    test('fails with a bucket that has a key, to which nothing would be delivered', () => {
      const encryptionKey = new kms.Key(stack, 'Key');
      expect(() => make({ logsBucket: new s3.Bucket(stack, 'Mine', { encryptionKey }) })).toThrow(/'logsBucket' must be encrypted by S3 .*, got the key 'Stack\/Key' \[Stack\/Web\]/);
    });
  });

  test.each([
    [undefined, 'true', 'Retain'],
    [RemovalPolicy.RETAIN, 'true', 'Retain'],
    [RemovalPolicy.DESTROY, 'false', 'Delete'],
  ])('CMP-22 protected from deletion: with %s %s', (removalPolicy, isProtected, bucketPolicy) => {
    make({ removalPolicy });
    expect(attributes()).toMatchObject({ 'deletion_protection.enabled': isProtected });
    expect(resources('AWS::S3::Bucket')[0].DeletionPolicy).toBe(bucketPolicy);
  });

  describe('CMP-01 private', () => {
    const subnetsAre = (subnets: ec2.ISubnet[]) => template().hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Subnets: subnets.map(({ subnetId }) => stack.resolve(subnetId)),
    });

    test('is internal, in private subnets', () => {
      make();
      template().hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal', Type: 'application' });
      subnetsAre(vpc.privateSubnets);
      Annotations.fromStack(stack).hasNoWarning('/Stack/Web', Match.stringLikeRegexp('CMP-01'));
    });

    test('warns of one that the internet reaches', () => {
      make({ internetFacing: true });
      template().hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internet-facing' });
      subnetsAre(vpc.publicSubnets);
      Annotations.fromStack(stack).hasWarning('/Stack/Web', Match.stringLikeRegexp('internet can reach.*no web application firewall.*monitored-compute:CMP-01'));
    });

    test('fails when the tier and the choice contradict each other', () => {
      expect(() => make({ subnets: { subnetType: PUBLIC } })).toThrow(/'subnets' must not select public subnets unless 'internetFacing' is true.* \[Stack\/Web\]/);
      expect(() => new MonitoredLoadBalancer(stack, 'Other', { vpc, certificates: [CERTIFICATE], internetFacing: true, subnets: { subnetType: PRIVATE_WITH_EGRESS } }))
        .toThrow(/'subnets' must select public subnets only with 'internetFacing'.* \[Stack\/Other\]/);
    });
  });

  describe('CMP-12 spread over zones', () => {
    test('fails in one zone', () => {
      expect(() => make({ subnets: { subnets: [vpc.privateSubnets[0]] } })).toThrow(/'subnets' must be in two availability zones at least, .* got 1; .*\[Stack\/Web\]/);
    });

    test('fails with two subnets of a zone, of which AWS takes one', () => {
      const another = new ec2.PrivateSubnet(stack, 'Another', { vpcId: vpc.vpcId, availabilityZone: vpc.availabilityZones[0], cidrBlock: '10.0.250.0/24' });
      expect(() => make({ subnets: { subnets: [...vpc.privateSubnets, another] } })).toThrow(/'subnets' must be one in each availability zone, got 4 in 3; .*\[Stack\/Web\]/);
    });
  });

  describe('CMP-07 closed security group', () => {
    test('lets nobody in', () => {
      make();
      template().hasResourceProperties('AWS::EC2::SecurityGroup', { GroupDescription: 'Load balancer Stack/Web', SecurityGroupIngress: Match.absent() });
      template().resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    });

    test('lets in by HTTPS who is let in', () => {
      make().connections.allowDefaultPortFrom(ec2.Peer.ipv4('10.0.0.0/16'));
      template().hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: [{ CidrIp: '10.0.0.0/16', FromPort: 443, ToPort: 443 }] });
    });

    test('reaches its targets by their port, and nothing else', () => {
      const { fleet, connections } = withFleet(FleetCapacity.fixed(2), { port: 8443 });
      const [from, to] = [connections, fleet.connections].map(({ securityGroups }) => stack.resolve(securityGroups[0].securityGroupId));
      expect(resources('AWS::EC2::SecurityGroupEgress').map(({ Properties }) => Properties)).toEqual([
        expect.objectContaining({ GroupId: from, DestinationSecurityGroupId: to, FromPort: 8443, ToPort: 8443 }),
      ]);
      template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: to, SourceSecurityGroupId: from, FromPort: 8443, ToPort: 8443 });
    });

    test('uses the groups it is given and makes no other', () => {
      const securityGroups = ['One', 'Two'].map((id) => new ec2.SecurityGroup(stack, id, { vpc }));
      make({ securityGroups });
      template().resourceCountIs('AWS::EC2::SecurityGroup', 2);
      template().hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { SecurityGroups: securityGroups.map(({ securityGroupId }) => stack.resolve(securityGroupId)) });
    });
  });

  describe('a fleet behind it', () => {
    test('of fixed size is registered, instance by instance', () => {
      const { fleet } = withFleet(FleetCapacity.fixed(2));
      const [{ Properties }] = resources('AWS::ElasticLoadBalancingV2::TargetGroup');
      expect(Properties.TargetType).toBe('instance');
      expect(new Set(Properties.Targets)).toEqual(new Set(fleet.instances.map(({ instanceId }) => ({ Id: stack.resolve(instanceId) }))));
    });

    test('that scales registers itself, and replaces what the load balancer finds unhealthy', () => {
      const { targetGroup } = withFleet(FleetCapacity.between(2, 4));
      template().hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', { HealthCheckType: 'ELB', TargetGroupARNs: [stack.resolve(targetGroup.targetGroupArn)] });
    });

    test('gets all requests, or those it is chosen for', () => {
      const { made, fleet, targetGroup } = withFleet(FleetCapacity.fixed(2));
      const orders = made.addTargets('Orders', [fleet], { conditions: [elbv2.ListenerCondition.pathPatterns(['/orders/*'])], priority: 10 });
      const to = (group: elbv2.ApplicationTargetGroup) => [{ Type: 'forward', TargetGroupArn: stack.resolve(group.targetGroupArn) }];
      template().hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', { Port: 443, DefaultActions: to(targetGroup) });
      template().hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', { Priority: 10, Actions: to(orders) });
    });
  });

  describe('CMP-10 every alarm acts', () => {
    test('on errors of both, slow answers, callers turned away, and unhealthy targets', () => {
      const alarmTopic = new sns.Topic(stack, 'Alerts');
      const { targetGroup, loadBalancer, made } = withFleet(FleetCapacity.fixed(2), {}, {
        alarmTopic, loadBalancerErrorsThreshold: 3, targetErrorsThreshold: 5, latencyThreshold: Duration.millis(1500), runbookUrl: 'https://runbooks.example/web',
      });
      const acts = [stack.resolve(alarmTopic.topicArn)];
      const whole = [{ Name: 'LoadBalancer', Value: stack.resolve(loadBalancer.loadBalancerFullName) }];
      const part = [...whole, { Name: 'TargetGroup', Value: stack.resolve(targetGroup.targetGroupFullName) }];
      for (const [MetricName, Threshold, TreatMissingData, Dimensions, runbook] of [
        ['HTTPCode_ELB_5XX_Count', 3, 'notBreaching', whole, 'load-balancer-errors'],
        ['HTTPCode_Target_5XX_Count', 5, 'notBreaching', whole, 'target-errors'],
        ['TargetResponseTime', 1.5, 'notBreaching', whole, 'target-latency'],
        ['RejectedConnectionCount', 1, 'notBreaching', whole, 'rejected-connections'],
        ['UnHealthyHostCount', 1, 'breaching', part, 'unhealthy-targets'],
      ]) {
        template().hasResourceProperties('AWS::CloudWatch::Alarm', {
          MetricName, Threshold, TreatMissingData, Dimensions, AlarmActions: acts, OKActions: acts, AlarmDescription: Match.stringLikeRegexp(` https://runbooks.example/web#${String(runbook)}$`),
        });
      }
      expect(AlarmLint.of(made).findings()).toEqual([]);
    });

    test('warns when nobody is told', () => {
      make();
      Annotations.fromStack(stack).hasWarning('/Stack/Web', Match.stringLikeRegexp('monitored-compute:CMP-10'));
    });
  });

  test.each<[Partial<MonitoredLoadBalancerProps>, RegExp]>([
    [{ certificates: [] }, /'certificates' must name at least one certificate, got none; .*\[Stack\/Web\]/],
    [{ securityGroups: [] }, /'securityGroups' must name at least one group, got none; .*\[Stack\/Web\]/],
    [{ loadBalancerErrorsThreshold: 0 }, /'loadBalancerErrorsThreshold' .* got 0 \[Stack\/Web\]/],
    [{ targetErrorsThreshold: 1.5 }, /'targetErrorsThreshold' .* got 1\.5 \[Stack\/Web\]/],
    [{ latencyThreshold: Duration.millis(0) }, /'latencyThreshold' .* got 0 \[Stack\/Web\]/],
  ])('fails with bad input %#', (props, message) => {
    expect(() => make(props)).toThrow(message);
  });

  test('fails with a latency that is known at deployment only, and takes such a threshold', () => {
    const number = () => new CfnParameter(stack, `Number${stack.node.children.length}`, { type: 'Number' }).valueAsNumber;
    expect(() => make({ latencyThreshold: Duration.millis(number()) })).toThrow(/'latencyThreshold' must be known at synthesis.* \[Stack\/Web\]/);
    expect(() => new MonitoredLoadBalancer(stack, 'Other', { vpc, certificates: [CERTIFICATE], targetErrorsThreshold: number() })).not.toThrow();
  });

  test.each<[LoadBalancedTargetsProps, RegExp]>([
    [{ port: 0 }, /'port' must be a whole number, from 1 to 65535, got 0 \[Stack\/Web\]/],
    [{ healthCheckPath: 'health' }, /'healthCheckPath' must be a path .*, got 'health' \[Stack\/Web\]/],
    [{ priority: 1 }, /'conditions' and 'priority' must be given together, got only 'priority'; .*\[Stack\/Web\]/],
    [{ conditions: [elbv2.ListenerCondition.pathPatterns(['/a'])] }, /got only 'conditions'/],
    [{ conditions: [elbv2.ListenerCondition.pathPatterns(['/a'])], priority: 50_001 }, /'priority' .* got 50001 \[Stack\/Web\]/],
  ])('fails with bad targets %#', (props, message) => {
    expect(() => withFleet(FleetCapacity.fixed(2), props)).toThrow(message);
  });

  test('fails without a target', () => {
    expect(() => make().addTargets('None', [])).toThrow(/'targets' must name at least one target, got none \[Stack\/Web\]/);
  });
});
