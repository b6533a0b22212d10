import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AlarmLint, FleetCapacity, FleetInstance, FleetInstanceProps, MonitoredFleet, MonitoredFleetProps } from '../src';
import { actions, baseline, denied, managedPolicy } from './_helpers/policies';
import { networkOf, stackInFrankfurt } from './_helpers/stacks';
import { configurationIn, userDataPartsOf } from './_helpers/user-data';

const scaling = { capacity: FleetCapacity.between(2, 4) };

describe('FleetInstance', () => {
  let stack: Stack;
  let vpc: ec2.Vpc;
  let fleet: MonitoredFleet;
  beforeEach(() => {
    stack = stackInFrankfurt();
    vpc = networkOf(stack);
  });
  const template = () => Template.fromStack(stack);
  const make = (props: Partial<FleetInstanceProps> = {}, ofTheFleet: Partial<MonitoredFleetProps> = scaling): FleetInstance => {
    fleet = new MonitoredFleet(stack, 'Fleet', { vpc, ...ofTheFleet });
    return new FleetInstance(stack, 'Other', { fleet, ...props });
  };
  const resources = (type: string, prefix = '') => Object.entries(template().findResources(type)).filter(([id]) => id.startsWith(prefix)).map(([, resource]) => resource);
  const launched = () => resources('AWS::EC2::Instance', 'Other')[0];
  const launchData = () => resources('AWS::EC2::LaunchTemplate')[0].Properties.LaunchTemplateData;
  const alarmsOn = ({ instance }: FleetInstance) => resources('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties)
    .filter(({ Dimensions }) => JSON.stringify(Dimensions).includes(stack.resolve(instance.instanceId).Ref));

  describe('CMP-01 private', () => {
    test('is launched into a private subnet, without an address', () => {
      make();
      expect(launched().Properties.NetworkInterfaces).toMatchObject([
        { DeviceIndex: '0', AssociatePublicIpAddress: false, SubnetId: stack.resolve(vpc.privateSubnets[0].subnetId) },
      ]);
    });

    test('is in the public tier if told so, warns, and leaves the fleet where it is', () => {
      make({ publicTier: true });
      expect(launched().Properties.NetworkInterfaces).toMatchObject([
        { DeviceIndex: '0', AssociatePublicIpAddress: true, SubnetId: stack.resolve(vpc.publicSubnets[0].subnetId) },
      ]);
      expect(launchData().NetworkInterfaces).toMatchObject([{ AssociatePublicIpAddress: false }]);
      expect(resources('AWS::AutoScaling::AutoScalingGroup')[0].Properties.VPCZoneIdentifier).toEqual(
        vpc.privateSubnets.map(({ subnetId }) => stack.resolve(subnetId)));
      Annotations.fromStack(stack).hasWarning('/Stack/Other', Match.stringLikeRegexp('the internet can reach this instance.*monitored-compute:CMP-01'));
      Annotations.fromStack(stack).hasNoWarning('/Stack/Fleet', Match.stringLikeRegexp('CMP-01'));
    });

    test('EC2 would refuse a subnet or groups beside an interface, and is given neither', () => {
      make({ publicTier: true });
      for (const said of [launched().Properties, launchData()]) {
        expect([said.SubnetId, said.SecurityGroupIds]).toEqual([undefined, undefined]);
      }
    });
  });

  describe('CMP-02 IMDSv2, CMP-03 encrypted volume, CMP-09 logs leave the machine, CMP-11 detailed monitoring', () => {
    test('are those of the launch template, of which nothing is said again', () => {
      make();
      const { launchTemplateId, latestVersionNumber } = fleet.launchTemplate;
      expect(launched().Properties.LaunchTemplate).toEqual(stack.resolve({ LaunchTemplateId: launchTemplateId, Version: latestVersionNumber }));
      expect(Object.keys(launched().Properties).sort()).toEqual([
        'IamInstanceProfile', 'LaunchTemplate', 'NetworkInterfaces', 'PropagateTagsToVolumeOnCreation', 'Tags',
      ]);
    });
  });

  describe('CMP-04 least privilege, CMP-05 no privilege escalation', () => {
    const rolesOf = (description: string) => resources('AWS::IAM::ManagedPolicy')
      .filter(({ Properties }) => Properties.Description.startsWith(description)).map(({ Properties }) => Properties.Roles);

    test('has a role of its own, which starts with what an instance needs by itself, in one policy with that of the fleet', () => {
      const { role } = make();
      expect(role).not.toBe(fleet.role);
      expect(rolesOf('What the instance itself needs')).toEqual([[stack.resolve(fleet.role.roleName), stack.resolve(role.roleName)]]);
      expect(denied(baseline(stack))).not.toEqual([]);
      expect(resources('AWS::IAM::InstanceProfile', launched().Properties.IamInstanceProfile.Ref)[0].Properties.Roles).toEqual([stack.resolve(role.roleName)]);
    });

    test('has nothing of what is granted to the fleet', () => {
      const { role } = make();
      new s3.Bucket(stack, 'Bucket').grantRead(fleet);
      expect(rolesOf('What was granted')).toEqual([[stack.resolve(fleet.role.roleName)]]);
      expect(actions(managedPolicy(stack, 'What was granted'))).toEqual(expect.arrayContaining(['cloudformation:SignalResource', 's3:GetObject*']));
      expect(resources('AWS::IAM::Role').filter(({ Properties }) => Properties.ManagedPolicyArns ?? Properties.Policies)).toEqual([]);
      expect(role.roleName).not.toEqual(fleet.role.roleName);
    });

    test('what is granted to it the fleet does not have', () => {
      const other = make({}, {});
      new s3.Bucket(stack, 'Bucket').grantRead(other);
      expect(rolesOf('What was granted')).toEqual([[stack.resolve(other.role.roleName)]]);
    });

    test('is as bounded as the fleet', () => {
      const permissionsBoundary = iam.ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess');
      make({}, { ...scaling, permissionsBoundary });
      const boundaries = resources('AWS::IAM::Role').map(({ Properties }) => Properties.PermissionsBoundary);
      expect(boundaries).toEqual([stack.resolve(permissionsBoundary.managedPolicyArn), stack.resolve(permissionsBoundary.managedPolicyArn)]);
    });

    test('escalates no privileges beside a fleet whose role is yours', () => {
      const yours = new iam.Role(stack, 'Yours', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
      const { role } = make({}, { ...scaling, role: yours });
      const [own] = resources('AWS::IAM::ManagedPolicy').filter(({ Properties }) => Properties.Description.includes('never do'));
      expect(own.Properties.Roles).toEqual([stack.resolve(role.roleName)]);
      expect(denied(own.Properties.PolicyDocument.Statement)).not.toEqual([]);
    });
  });

  describe('CMP-07 closed security group', () => {
    test('is closed by a group of its own', () => {
      const { connections } = make();
      const [group] = connections.securityGroups;
      expect(fleet.connections.securityGroups).not.toContain(group);
      expect(launched().Properties.NetworkInterfaces[0].GroupSet).toEqual([stack.resolve(group.securityGroupId)]);
      const { SecurityGroupIngress, SecurityGroupEgress } = resources('AWS::EC2::SecurityGroup', 'Other')[0].Properties;
      expect(SecurityGroupIngress).toBeUndefined();
      expect(SecurityGroupEgress).toMatchObject([{ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 }]);
    });

    test('joins the groups that it is given, one that comes later too, and makes no other', () => {
      const securityGroups = ['One', 'Two'].map((id) => new ec2.SecurityGroup(stack, id, { vpc }));
      const { connections } = make({ securityGroups });
      const later = new ec2.SecurityGroup(stack, 'Later', { vpc });
      connections.addSecurityGroup(later);
      const joined = [...securityGroups, later].map((group) => stack.resolve(group.securityGroupId));
      expect(launched().Properties.NetworkInterfaces[0].GroupSet).toEqual(joined);
      expect(resources('AWS::EC2::SecurityGroup', 'Other')).toEqual([]);
    });
  });

  describe('CMP-10 every alarm acts', () => {
    test('beside a group: what EC2 sees, with the thresholds and the topic of the fleet', () => {
      const alarmTopic = new sns.Topic(stack, 'Alerts');
      const other = make({}, { ...scaling, alarmTopic, cpuThresholdPercent: 70, memoryThresholdPercent: 60 });
      const acts = [stack.resolve(alarmTopic.topicArn)];
      expect(alarmsOn(other).map(({ MetricName }) => MetricName)).toEqual(['CPUUtilization', 'NetworkIn', 'NetworkOut', 'StatusCheckFailed']);
      for (const alarm of alarmsOn(other)) expect(alarm).toMatchObject({ AlarmActions: acts, OKActions: acts });
      expect(alarmsOn(other)[0].Threshold).toBe(70);
      expect(AlarmLint.of(stack).findings()).toEqual([]);
    });

    test('CMP-08 beside a group: memory and disk are watched by the alarms of the fleet on the fullest, under whose name its agent reports', () => {
      make();
      const { metrics } = configurationIn(userDataPartsOf(launchData().UserData)['text/x-shellscript-per-boot']);
      for (const collected of Object.values(metrics.metrics_collected)) expect(collected).toMatchObject({ append_dimensions: { Fleet: '<AWS::StackName>/Fleet' } });
      const { memory, disk } = fleet.fleetAlarms!;
      for (const alarm of [memory!, disk!]) {
        template().hasResourceProperties('AWS::CloudWatch::Alarm', {
          MetricName: (alarm.metric as unknown as { metricName: string }).metricName, Statistic: 'Maximum',
          Dimensions: Match.arrayWith([{ Name: 'Fleet', Value: { 'Fn::Join': ['', [{ Ref: 'AWS::StackName' }, '/Fleet']] } }]),
        });
      }
      // what the launch template says, nothing at the instance says otherwise
      expect(launched().Properties.UserData).toBeUndefined();
    });

    test('CMP-08 beside fixed instances: it has alarms on memory and disk as they do', () => {
      const other = make({}, { diskThresholdPercent: 60 });
      expect(alarmsOn(other).map(({ MetricName }) => MetricName)).toEqual([
        'CPUUtilization', 'NetworkIn', 'NetworkOut', 'StatusCheckFailed', 'mem_used_percent', 'disk_used_percent',
      ]);
      expect(alarmsOn(other).at(-1)!.Threshold).toBe(60);
    });
  });

  describe('CMP-13 a bad version is rolled back', () => {
    test('does not count as a member of the group', () => {
      const { instance, role } = make();
      expect(fleet.instances).not.toContain(instance);
      const { Ref } = stack.resolve(role.roleName);
      const script = userDataPartsOf(launchData().UserData)['text/x-shellscript'];
      expect(script).toMatch(/cfn-signal .* --role <\w+>/);
      expect(script).not.toContain(`--role <${Ref}>`);
    });
  });

  test('starts when it can reach the package repository from its own subnet, and may report', () => {
    make({ publicTier: true });
    const { DependsOn } = launched();
    expect(DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^FleetRoleBaseline/), expect.stringMatching(/PublicSubnet1DefaultRoute/)]));
    expect(DependsOn.join()).not.toMatch(/Private|PublicSubnet2|Group/);
  });

  test('several live beside one fleet', () => {
    make();
    new FleetInstance(stack, 'Third', { fleet, publicTier: true });
    template().resourceCountIs('AWS::EC2::Instance', 2);
    template().resourceCountIs('AWS::EC2::LaunchTemplate', 1);
  });

  describe('bad input', () => {
    const none = { subnets: { subnets: [] } };
    test.each<[string, Partial<FleetInstanceProps>, RegExp]>([
      ['public subnets without publicTier', { subnets: { subnetType: ec2.SubnetType.PUBLIC } }, /'subnets' must not select public subnets unless 'publicTier' is true.* \[Stack\/Other\]/],
      ['private subnets with publicTier', { publicTier: true, subnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } }, /'subnets' must select public subnets of the VPC with 'publicTier'.* \[Stack\/Other\]/],
      ['no subnets', none, /'subnets' must select at least one subnet of the VPC, got none \[Stack\/Other\]/],
      ['no security groups', { securityGroups: [] }, /'securityGroups' must name at least one group, got none; leave it out for a closed one \[Stack\/Other\]/],
    ])('fails with %s', (_what, props, message) => {
      expect(() => make(props)).toThrow(message);
    });

    test('fails in another stack than its fleet', () => {
      make();
      const other = new Stack(stack.node.root as App, 'OtherStack');
      expect(() => new FleetInstance(other, 'Third', { fleet })).toThrow(/'fleet' must be in the stack of the instance.* got 'Stack\/Fleet'; make the instance there \[OtherStack\/Third\]/);
    });
  });
});
