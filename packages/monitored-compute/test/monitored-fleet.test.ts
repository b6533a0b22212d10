import { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { FleetCapacity, MonitoredFleet, MonitoredFleetProps } from '../src';
import { spread } from '../src/private/spread';
import { grants } from './_helpers/policies';
import { FLAGS, networkOf, stackInFrankfurt } from './_helpers/stacks';
import { configurationIn, userDataPartsOf } from './_helpers/user-data';

describe('MonitoredFleet', () => {
  let stack: Stack;
  let vpc: ec2.Vpc;
  beforeEach(() => {
    stack = stackInFrankfurt();
    vpc = networkOf(stack);
  });
  const template = () => Template.fromStack(stack);
  const make = (props: Partial<MonitoredFleetProps> = {}) => new MonitoredFleet(stack, 'Fleet', { vpc, ...props });
  const only = (type: string) => {
    const found = Object.values(template().findResources(type));
    if (found.length !== 1) throw new Error(`${found.length} of ${type}`);
    return found[0];
  };
  const launch = () => only('AWS::EC2::LaunchTemplate').Properties.LaunchTemplateData;
  const scaling = { capacity: FleetCapacity.between(2, 4) };

  describe('CMP-01 private', () => {
    test('launches into private subnets, and asks for no address', () => {
      make();
      const interfaces = Object.values(template().findResources('AWS::EC2::Instance')).map(({ Properties }) => Properties.NetworkInterfaces);
      expect(interfaces).toMatchObject(vpc.privateSubnets.slice(0, 2).map(({ subnetId }) => [
        { AssociatePublicIpAddress: false, SubnetId: stack.resolve(subnetId) },
      ]));
    });

    test('a group asks for no address either, whatever its subnets give by themselves', () => {
      make(scaling);
      expect(launch().NetworkInterfaces).toMatchObject([{ DeviceIndex: 0, AssociatePublicIpAddress: false }]);
    });

    test('is in the public tier if told so, each instance with an address and all the groups', () => {
      const securityGroups = ['One', 'Two'].map((id) => new ec2.SecurityGroup(stack, id, { vpc }));
      const fleet = make({ publicTier: true, securityGroups });
      fleet.connections.addSecurityGroup(new ec2.SecurityGroup(stack, 'Later', { vpc }));

      const instances = Object.values(template().findResources('AWS::EC2::Instance')).map(({ Properties }) => Properties);
      const groups = fleet.connections.securityGroups.map((group) => stack.resolve(group.securityGroupId));
      expect(groups).toHaveLength(3);
      expect(instances.map(({ NetworkInterfaces }) => NetworkInterfaces)).toEqual(vpc.publicSubnets.slice(0, 2).map(({ subnetId }) => [
        { DeviceIndex: '0', AssociatePublicIpAddress: true, SubnetId: stack.resolve(subnetId), GroupSet: groups },
      ]));
      // EC2 refuses either beside an interface
      for (const { SubnetId, SecurityGroupIds } of [...instances, launch()]) expect([SubnetId, SecurityGroupIds]).toEqual([undefined, undefined]);
    });

    test('a group is in the public tier if told so', () => {
      const { connections } = make({ ...scaling, publicTier: true });
      const groups = connections.securityGroups.map((group) => stack.resolve(group.securityGroupId));
      expect(launch().NetworkInterfaces).toEqual([{ DeviceIndex: 0, AssociatePublicIpAddress: true, Groups: groups }]);
      expect(only('AWS::AutoScaling::AutoScalingGroup').Properties.VPCZoneIdentifier).toEqual(vpc.publicSubnets.map(({ subnetId }) => stack.resolve(subnetId)));
    });

    test('warns in the public tier, and nowhere else', () => {
      make({ publicTier: true });
      new MonitoredFleet(stack, 'Private', { vpc });
      Annotations.fromStack(stack).hasWarning('/Stack/Fleet', Match.stringLikeRegexp('the internet can reach these instances.*monitored-compute:CMP-01'));
      Annotations.fromStack(stack).hasNoWarning('/Stack/Private', Match.stringLikeRegexp('CMP-01'));
    });

    test.each([
      ['public subnets without it', { subnets: { subnetType: ec2.SubnetType.PUBLIC } }, /'subnets' must not select public subnets unless 'publicTier' is true.* \[Stack\/Fleet\]/],
      ['private subnets with it', { publicTier: true, subnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } }, /'subnets' must select public subnets of the VPC only with 'publicTier'.* \[Stack\/Fleet\]/],
    ])('fails in %s', (_what, props, message) => {
      expect(() => make(props)).toThrow(message);
    });
  });

  describe.each([['fixed', {}], ['scaling', scaling]])('%s', (_kind, props) => {
    test.each(FLAGS)('CMP-02 IMDSv2: answers with a token only, and only the machine itself, %s', (_flags, flags) => {
      stack = stackInFrankfurt(flags);
      vpc = networkOf(stack);
      make({ ...props, alarmTopic: new sns.Topic(stack, 'Alerts') });
      expect(launch().MetadataOptions).toEqual({ HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 });
    });

    test('CMP-03 encrypted volume: one, with the key of the fleet', () => {
      const { encryptionKey } = make(props);
      expect(launch().BlockDeviceMappings).toEqual([{
        DeviceName: '/dev/xvda',
        Ebs: { Encrypted: true, KmsKeyId: stack.resolve(encryptionKey.keyArn), VolumeType: 'gp3', VolumeSize: 20, DeleteOnTermination: true },
      }]);
      expect(launch().EbsOptimized).toBe(true);
    });

    test('CMP-06 no shared secrets: no key pair', () => {
      make(props);
      expect(launch().KeyName).toBeUndefined();
    });

    test('CMP-07 closed security group: nothing in, HTTPS out', () => {
      make(props);
      const { SecurityGroupIngress, SecurityGroupEgress } = only('AWS::EC2::SecurityGroup').Properties;
      expect(SecurityGroupIngress).toBeUndefined();
      expect(SecurityGroupEgress).toMatchObject([{ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 }]);
    });

    test('CMP-11 detailed monitoring', () => {
      make(props);
      expect(launch().Monitoring).toEqual({ Enabled: true });
    });

    test('CMP-10 every alarm acts, both ways, and every missing-data choice is said', () => {
      const alarmTopic = new sns.Topic(stack, 'Alerts');
      make({ ...props, alarmTopic });
      const acts = [stack.resolve(alarmTopic.topicArn)];
      // those that target tracking makes are made by AWS, not by the template
      for (const { Properties } of Object.values(template().findResources('AWS::CloudWatch::Alarm'))) {
        expect(Properties).toMatchObject({ AlarmActions: acts, OKActions: acts, TreatMissingData: expect.any(String), AlarmDescription: expect.stringContaining('https://') });
      }
    });

    test('starts when it can reach the package repository and may report', () => {
      make(props);
      const type = 'capacity' in props ? 'AWS::AutoScaling::AutoScalingGroup' : 'AWS::EC2::Instance';
      for (const { DependsOn } of Object.values(template().findResources(type))) {
        expect(DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/Baseline/), expect.stringMatching(/DefaultRoute/)]));
      }
    });

    test('is of both architectures', () => {
      make({ ...props, instanceType: new ec2.InstanceType('m7i.large') });
      expect(launch().InstanceType).toBe('m7i.large');
      const [image] = Object.values(template().findParameters('*', { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>' }));
      expect(image.Default).toMatch(/x86_64$/);
    });

    test('joins all the groups that it is given', () => {
      const securityGroups = ['One', 'Two'].map((id) => new ec2.SecurityGroup(stack, id, { vpc }));
      const { connections } = make({ ...props, securityGroups });
      expect(launch().NetworkInterfaces[0].Groups).toEqual(securityGroups.map((group) => stack.resolve(group.securityGroupId)));
      expect(connections.securityGroups).toEqual(securityGroups);
    });
  });

  describe('CMP-12 spread over zones', () => {
    test('has one instance in each of two zones, by default', () => {
      const { instances } = make();
      expect(instances).toHaveLength(2);
      template().resourceCountIs('AWS::EC2::Instance', 2);
    });

    test('visits every zone before any zone twice', () => {
      const subnet = (subnetId: string, availabilityZone: string) => ec2.Subnet.fromSubnetAttributes(stack, subnetId, { subnetId, availabilityZone });
      const subnets = [subnet('1', 'a'), subnet('2', 'a'), subnet('3', 'b'), subnet('4', 'b'), subnet('5', 'c')];
      expect(spread(subnets).map(({ subnetId }) => subnetId)).toEqual(['1', '3', '5', '2', '4']);
    });

    test.each([[{}], [scaling]])('fails in one zone %#', (props) => {
      expect(() => make({ ...props, subnets: { subnets: [vpc.privateSubnets[0]] } })).toThrow(/'subnets' must be in two availability zones at least.* got 1; .* \[Stack\/Fleet\]/);
    });

    test('takes one zone for one instance', () => {
      make({ capacity: FleetCapacity.fixed(1), subnets: { subnets: [vpc.privateSubnets[1]] } });
      expect(only('AWS::EC2::Instance').Properties.NetworkInterfaces[0].SubnetId).toEqual(stack.resolve(vpc.privateSubnets[1].subnetId));
    });
  });

  describe('CMP-13 a bad version is rolled back', () => {
    test('has room for a new instance before an old one goes', () => {
      make(scaling);
      const { MinSize, MaxSize } = only('AWS::AutoScaling::AutoScalingGroup').Properties;
      expect(Number(MaxSize)).toBeGreaterThan(Number(MinSize));
    });

    test('is rolled out one by one, each waited for, and none taken away first', () => {
      make(scaling);
      expect(only('AWS::AutoScaling::AutoScalingGroup').UpdatePolicy?.AutoScalingRollingUpdate).toMatchObject({
        MaxBatchSize: 1, MinInstancesInService: 2, MinSuccessfulInstancesPercent: 100, WaitOnResourceSignals: true, PauseTime: 'PT15M',
      });
      expect(only('AWS::AutoScaling::AutoScalingGroup').CreationPolicy).toEqual({ ResourceSignal: { Count: 2, Timeout: 'PT15M' } });
    });

    test('speaks as its own role, so that nothing else that is launched from the template speaks for it', () => {
      const { role } = make(scaling);
      const { Ref } = stack.resolve(role.roleName);
      expect(userDataPartsOf(launch().UserData)['text/x-shellscript']).toMatch(new RegExp(`cfn-signal .* --role <${Ref}> -e \\$exitCode`));
      expect(grants(stack)).toEqual([{ Effect: 'Allow', Action: 'cloudformation:SignalResource', Resource: { Ref: 'AWS::StackId' } }]);
    });

    test('an instance says that it works only if its agent runs and all added commands succeeded, to the stack it is in, whatever that is called (X-02)', () => {
      make(scaling).launchTemplate.userData!.addCommands('/srv/start');
      const script = userDataPartsOf(launch().UserData)['text/x-shellscript'].split('\n');
      const order = [
        script.findIndex((line) => line.includes('cfn-signal --stack <AWS::StackName> --resource FleetGroup')),
        script.indexOf('trap exitTrap EXIT'),
        script.indexOf('set -e'),
        script.indexOf('systemctl is-active --quiet amazon-cloudwatch-agent'),
        script.indexOf('/srv/start'),
      ];
      expect(order).not.toContain(-1);
      expect(order).toEqual([...order].sort((a, b) => a - b));
    });
  });

  describe('an Auto Scaling group', () => {
    test('CMP-03 launches with a role of its own, which the key admits', () => {
      make(scaling);
      const role = { 'Fn::Join': ['', Match.arrayWith([':iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/', { Ref: Match.stringLikeRegexp('FleetScalingRole') }])] };
      const roleOfTheGroup = Match.objectLike(role);
      template().hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', { ServiceLinkedRoleARN: roleOfTheGroup });
      template().hasResourceProperties('AWS::KMS::Key', {
        KeyPolicy: {
          Statement: Match.arrayWith([
            Match.objectLike({ Sid: 'AllowAutoScaling', Principal: { AWS: roleOfTheGroup } }),
            Match.objectLike({
              Sid: 'AllowAutoScalingVolumes', Action: 'kms:CreateGrant', Principal: { AWS: roleOfTheGroup }, Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
            }),
          ]),
        },
      });
    });

    test('the name of that role is unique in the account, and short enough', () => {
      make(scaling);
      const { CustomSuffix } = only('AWS::IAM::ServiceLinkedRole').Properties;
      const [ofTheStack, ofThePath]: [object, string] = CustomSuffix['Fn::Join'][1];
      expect(JSON.stringify(ofTheStack)).toContain('AWS::StackId');
      expect(ofThePath).toMatch(/^[0-9a-f]{8}$/);
    });

    test('says what the policy of an imported key lacks', () => {
      make({ ...scaling, encryptionKey: kms.Key.fromKeyArn(stack, 'Theirs', 'arn:aws:kms:eu-central-1:111122223333:key/1') });
      const warnings = Annotations.fromStack(stack);
      warnings.hasWarning('/Stack/Fleet', Match.stringLikeRegexp('no instance starts until its owner adds .*kms:CreateGrant.*monitored-compute:CMP-03-AllowAutoScalingVolumes'));
      warnings.hasWarning('/Stack/Fleet', Match.stringLikeRegexp('monitored-compute:CMP-03-AllowAutoScaling\\]'));
    });

    test('follows the load, within its bounds', () => {
      make({ capacity: FleetCapacity.between(3, 9, 45) });
      expect(only('AWS::AutoScaling::AutoScalingGroup').Properties).toMatchObject({ MinSize: '3', MaxSize: '9' });
      template().hasResourceProperties('AWS::AutoScaling::ScalingPolicy', { TargetTrackingConfiguration: { TargetValue: 45 } });
    });

    test('publishes the metrics that its alarms need', () => {
      make(scaling);
      expect(only('AWS::AutoScaling::AutoScalingGroup').Properties.MetricsCollection).toEqual([{ Granularity: '1Minute' }]);
      template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'GroupInServiceInstances', Threshold: 2, ComparisonOperator: 'LessThanThreshold' });
    });

    test('CMP-08 what is alarmed on is collected, under the name of the fleet', () => {
      make(scaling);
      const { metrics } = configurationIn(userDataPartsOf(launch().UserData)['text/x-shellscript-per-boot']);
      expect(metrics.metrics_collected).toMatchObject({ mem: { append_dimensions: { Fleet: '<AWS::StackName>/Fleet' } }, disk: { append_dimensions: { Fleet: '<AWS::StackName>/Fleet' } } });
      expect(metrics.aggregation_dimensions).toEqual([['Fleet'], ['Fleet', 'path']]);
      template().hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName: 'mem_used_percent', Statistic: 'Maximum', Dimensions: [{ Name: 'Fleet', Value: { 'Fn::Join': ['', [{ Ref: 'AWS::StackName' }, '/Fleet']] } }],
      });
    });
  });

  describe('behind a load balancer', () => {
    const listen = (fleet: MonitoredFleet) => {
      const loadBalancer = new elbv2.ApplicationLoadBalancer(stack, 'LoadBalancer', { vpc });
      loadBalancer.addListener('Listener', { port: 80 }).addTargets('Fleet', { port: 80, targets: [fleet] });
    };

    test('every fixed instance is a target, and is let through to', () => {
      const fleet = make({ capacity: FleetCapacity.fixed(3) });
      listen(fleet);
      const targets = fleet.instances.map(({ instanceId }) => ({ Id: stack.resolve(instanceId) }));
      expect(only('AWS::ElasticLoadBalancingV2::TargetGroup').Properties.Targets).toEqual(expect.arrayContaining(targets));
      expect(only('AWS::ElasticLoadBalancingV2::TargetGroup').Properties.Targets).toHaveLength(3);
      template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 80, ToPort: 80 });
    });

    test('a group replaces what the load balancer finds unhealthy', () => {
      listen(make(scaling));
      expect(only('AWS::AutoScaling::AutoScalingGroup').Properties).toMatchObject({ HealthCheckType: 'ELB', TargetGroupARNs: [expect.anything()] });
    });

    test('a group without one is checked by EC2', () => {
      make(scaling);
      expect(only('AWS::AutoScaling::AutoScalingGroup').Properties).toMatchObject({ HealthCheckType: 'EC2', HealthCheckGracePeriod: 300 });
    });
  });

  describe('bad input', () => {
    test.each([
      [FleetCapacity.fixed(0), /'capacity' must have a whole 'minimum' of at least 1, known at synthesis, got 0 \[Stack\/Fleet\]/],
      [FleetCapacity.fixed(1.5), /got 1\.5 \[/],
      [FleetCapacity.between(0, 2), /'minimum' .* got 0 \[/],
      [FleetCapacity.between(2, 2), /'capacity' must have a 'maximum' above its 'minimum'.* got 2 and 2 \[Stack\/Fleet\]/],
      [FleetCapacity.between(3, 2), /got 3 and 2 \[/],
      [FleetCapacity.between(1, 2, 0), /'cpuTargetPercent' must be above 0 and below 100, got 0 \[/],
      [FleetCapacity.between(1, 2, 100), /'cpuTargetPercent' must be above 0 and below 100, got 100 \[/],
    ])('fails with a bad capacity %#', (capacity, message) => {
      expect(() => make({ capacity })).toThrow(message);
    });

    test('fails with a threshold that nothing can pass', () => {
      expect(() => make({ ...scaling, memoryThresholdPercent: 100 })).toThrow(/'memoryThresholdPercent' must be above 0 and below 100, got 100 \[Stack\/Fleet\/Alarms\]/);
    });
  });

  test('a fixed and a scaling one live in one stack', () => {
    make();
    new MonitoredFleet(stack, 'Other', { vpc, ...scaling });
    template().resourceCountIs('AWS::EC2::LaunchTemplate', 2);
  });
});
