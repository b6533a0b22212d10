import { Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { MonitoredInstance, MonitoredInstanceProps } from '../src';
import { actions, allowed, baseline, denied, grants } from './_helpers/policies';
import { FLAGS, networkOf, stackInFrankfurt } from './_helpers/stacks';
import { bootScript, configurationIn, userDataParts } from './_helpers/user-data';

describe('MonitoredInstance', () => {
  let stack: Stack;
  let vpc: ec2.Vpc;
  beforeEach(() => {
    stack = stackInFrankfurt();
    vpc = networkOf(stack);
  });
  const template = () => Template.fromStack(stack);
  const make = (props: Partial<MonitoredInstanceProps> = {}) => new MonitoredInstance(stack, 'Server', { vpc, ...props });
  const theInstance = () => Object.values(template().findResources('AWS::EC2::Instance'))[0];
  const warning = (id: string) => Match.stringLikeRegexp(`monitored-compute:${id}`);
  const warnings = Annotations.fromStack.bind(Annotations);

  describe('CMP-01 private', () => {
    test('is placed in a private subnet, by default', () => {
      make();
      expect(theInstance().Properties.SubnetId).toEqual(stack.resolve(vpc.privateSubnets[0].subnetId));
      warnings(stack).hasNoWarning('/Stack/Server', warning('CMP-01'));
    });

    test('is placed where it is told to', () => {
      make({ subnets: { subnets: [vpc.privateSubnets[1]] } });
      expect(theInstance().Properties.SubnetId).toEqual(stack.resolve(vpc.privateSubnets[1].subnetId));
    });

    test('joins the public tier, with an address of its own, only when told to, and warns', () => {
      make({ publicTier: true });
      const SubnetId = stack.resolve(vpc.publicSubnets[0].subnetId);
      expect(theInstance().Properties.NetworkInterfaces).toMatchObject([{ AssociatePublicIpAddress: true, SubnetId }]);
      warnings(stack).hasWarning('/Stack/Server', warning('CMP-01'));
    });

    test('joins the public subnet it is told to', () => {
      make({ publicTier: true, subnets: { subnets: [vpc.publicSubnets[1]] } });
      expect(theInstance().Properties.NetworkInterfaces).toMatchObject([{ SubnetId: stack.resolve(vpc.publicSubnets[1].subnetId) }]);
    });

    test('joins all its groups in the public tier, too', () => {
      const securityGroups = ['One', 'Two'].map((id) => new ec2.SecurityGroup(stack, id, { vpc }));
      make({ publicTier: true, securityGroups });
      expect(theInstance().Properties.NetworkInterfaces[0].GroupSet).toEqual(securityGroups.map((group) => stack.resolve(group.securityGroupId)));
    });

    test('leaves the address to the subnet otherwise, so that security groups can change without replacing the instance', () => {
      make();
      expect(theInstance().Properties.NetworkInterfaces).toBeUndefined();
    });
  });

  describe('CMP-02 IMDSv2', () => {
    test.each(FLAGS)('answers with a token only, and only the machine itself, %s', (_flags, flags) => {
      stack = stackInFrankfurt(flags);
      vpc = networkOf(stack);
      make({ alarmTopic: new sns.Topic(stack, 'Alerts') });
      expect(theInstance().Properties.MetadataOptions).toEqual({ HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 });
      template().resourceCountIs('AWS::EC2::LaunchTemplate', 0);
    });
  });

  describe('CMP-03 encrypted volume', () => {
    const volume = () => theInstance().Properties.BlockDeviceMappings[0];

    test('encrypts the root volume with a key of its own', () => {
      const { encryptionKey } = make();
      expect(theInstance().Properties.BlockDeviceMappings).toHaveLength(1);
      expect(volume()).toEqual({
        DeviceName: '/dev/xvda',
        Ebs: { Encrypted: true, KmsKeyId: stack.resolve(encryptionKey.keyArn), VolumeType: 'gp3', VolumeSize: 20, DeleteOnTermination: true },
      });
      template().resourceCountIs('AWS::KMS::Key', 1);
    });

    test('uses the key it is given, also for the logs, and makes no other', () => {
      const encryptionKey = new kms.Key(stack, 'Mine');
      make({ encryptionKey });
      expect(volume().Ebs.KmsKeyId).toEqual(stack.resolve(encryptionKey.keyArn));
      template().hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: stack.resolve(encryptionKey.keyArn) });
      template().resourceCountIs('AWS::KMS::Key', 1);
    });

    test('is optimized for EBS, and its volume carries its tags', () => {
      make();
      expect(theInstance().Properties).toMatchObject({ EbsOptimized: true, PropagateTagsToVolumeOnCreation: true });
    });

    test('takes size and device of the root volume', () => {
      make({ rootVolumeSize: Size.gibibytes(8), rootDeviceName: '/dev/sda1' });
      expect(volume()).toMatchObject({ DeviceName: '/dev/sda1', Ebs: { VolumeSize: 8 } });
    });
  });

  describe('CMP-04 least privilege', () => {
    test.each(FLAGS)('may publish its metrics and write its logs, and nothing else, %s', (_flags, flags) => {
      stack = stackInFrankfurt(flags);
      vpc = networkOf(stack);
      const { logGroup } = make({ sessionManager: false, alarmTopic: new sns.Topic(stack, 'Alerts') });

      expect(allowed(baseline(stack))).toEqual(expect.arrayContaining([
        { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: stack.resolve(logGroup.logGroupArn) },
        { Effect: 'Allow', Action: 'cloudwatch:PutMetricData', Resource: '*', Condition: { StringEquals: { 'cloudwatch:namespace': 'CWAgent' } } },
      ]));
      expect(allowed(baseline(stack))).toHaveLength(2);
      template().resourceCountIs('AWS::IAM::ManagedPolicy', 1);
      template().resourceCountIs('AWS::IAM::Policy', 0);
    });

    test('may write to no wildcard, but by what can be held to no resource when the policy is made', () => {
      const server = make({ logFiles: ['/srv/shop/shop.log'] });
      new s3.Bucket(stack, 'Bucket').grantReadWrite(server);

      const anywhere = allowed([...baseline(stack), ...grants(stack)]).filter(({ Resource }) => [Resource].flat().includes('*'));
      // a channel and a metric have no resource; the id of the instance is not known yet
      expect(actions(anywhere).sort()).toEqual([
        'cloudwatch:PutMetricData', 'ssm:UpdateInstanceInformation',
        'ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel',
      ]);
    });

    test('takes the names of the role and its policy, and a boundary', () => {
      const permissionsBoundary = iam.ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'workloads');
      make({ roleName: 'prod-blue-ec2-role', baselinePolicyName: 'prod-blue-cloudwatch-policy', permissionsBoundary });
      template().hasResourceProperties('AWS::IAM::Role', { RoleName: 'prod-blue-ec2-role', PermissionsBoundary: Match.anyValue() });
      template().hasResourceProperties('AWS::IAM::ManagedPolicy', { ManagedPolicyName: 'prod-blue-cloudwatch-policy' });
    });

    test('is granted to as a whole', () => {
      const server = make();
      new s3.Bucket(stack, 'Bucket').grantRead(server);
      expect(actions(grants(stack))).toContain('s3:GetObject*');
    });

    test('is granted to by its instance too, without an inline policy', () => {
      const server = make();
      new s3.Bucket(stack, 'Bucket').grantRead(server.instance);
      expect(actions(grants(stack))).toContain('s3:GetObject*');
      template().resourceCountIs('AWS::IAM::Policy', 0);
    });

    test('fits into the 6,144 characters of a managed policy', () => {
      make();
      expect(JSON.stringify(baseline(stack)).length).toBeLessThan(6_144);
    });

    test('starts when it may report, not before', () => {
      make();
      const [policy] = Object.keys(template().findResources('AWS::IAM::ManagedPolicy'));
      expect(theInstance().DependsOn).toContain(policy);
    });

    test('adds what the instance needs to a role of yours, in one policy, and denies it nothing', () => {
      const role = new iam.Role(stack, 'Mine', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
      const server = make({ role, baselinePolicyName: 'reporting' });

      expect(server.role).toBe(role);
      template().resourceCountIs('AWS::IAM::Role', 1);
      template().resourceCountIs('AWS::IAM::ManagedPolicy', 1);
      template().hasResourceProperties('AWS::IAM::ManagedPolicy', { ManagedPolicyName: 'reporting', Roles: [stack.resolve(role.roleName)] });
      expect(actions(allowed(baseline(stack)))).toEqual(expect.arrayContaining(['logs:PutLogEvents', 'cloudwatch:PutMetricData', 'ssmmessages:OpenDataChannel']));
      expect(denied(baseline(stack))).toEqual([]);
    });

    test('adds it to an imported role as well', () => {
      make({ role: iam.Role.fromRoleName(stack, 'Mine', 'mine') });
      template().hasResourceProperties('AWS::IAM::ManagedPolicy', { Roles: ['mine'] });
    });
  });

  test('CMP-05 no privilege escalation: is denied to the role it makes', () => {
    make();
    expect(actions(denied(baseline(stack)))).toContain('iam:PassRole');
  });

  describe('CMP-06 no shared secrets', () => {
    test('has no SSH key pair, and is entered by Session Manager', () => {
      make();
      expect(theInstance().Properties.KeyName).toBeUndefined();
      expect(actions(allowed(baseline(stack)))).toEqual(expect.arrayContaining([
        'ssm:UpdateInstanceInformation', 'ssmmessages:CreateControlChannel', 'ssmmessages:CreateDataChannel', 'ssmmessages:OpenControlChannel', 'ssmmessages:OpenDataChannel',
      ]));
      expect(bootScript(stack)).not.toContain('amazon-ssm-agent');
    });

    test('has nothing of Session Manager when it is off: no permission, and the agent of the image is stopped', () => {
      make({ sessionManager: false });
      expect(actions(allowed(baseline(stack))).filter((action) => action.startsWith('ssm'))).toEqual([]);
      expect(bootScript(stack)).toContain('systemctl disable --now amazon-ssm-agent');
    });

    test('may do nothing else with Systems Manager when it is on', () => {
      make({ sessionManager: true });
      expect(actions(allowed(baseline(stack))).filter((action) => action.startsWith('ssm:'))).toEqual(['ssm:UpdateInstanceInformation']);
    });

    test('takes a key pair, and warns', () => {
      make({ keyPair: ec2.KeyPair.fromKeyPairName(stack, 'Pair', 'shared') });
      expect(theInstance().Properties.KeyName).toBe('shared');
      warnings(stack).hasWarning('/Stack/Server', warning('CMP-06'));
    });
  });

  describe('CMP-07 closed security group', () => {
    test('lets nothing in and only HTTPS out, by default', () => {
      make();
      template().hasResourceProperties('AWS::EC2::SecurityGroup', {
        GroupDescription: 'Instance Stack/Server',
        SecurityGroupIngress: Match.absent(),
        SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0', Description: Match.anyValue() }],
      });
    });

    test('uses the groups it is given and makes no other', () => {
      const securityGroups = ['One', 'Two'].map((id) => new ec2.SecurityGroup(stack, id, { vpc }));
      make({ securityGroups });
      expect(theInstance().Properties.SecurityGroupIds).toEqual(securityGroups.map((group) => stack.resolve(group.securityGroupId)));
      template().resourceCountIs('AWS::EC2::SecurityGroup', 2);
    });

    test('is connected through all its groups', () => {
      const securityGroups = ['One', 'Two'].map((id) => new ec2.SecurityGroup(stack, id, { vpc, allowAllOutbound: false }));
      make({ securityGroups }).connections.allowTo(ec2.Peer.ipv4('10.9.0.0/16'), ec2.Port.tcp(3306));
      for (const id of ['One', 'Two']) {
        template().hasResourceProperties('AWS::EC2::SecurityGroup', {
          GroupDescription: `Stack/${id}`, SecurityGroupEgress: [Match.objectLike({ FromPort: 3306, CidrIp: '10.9.0.0/16' })],
        });
      }
    });
  });

  describe('CMP-08 what is alarmed on is collected', () => {
    test('collects memory and disk, which its alarms need', () => {
      make();
      expect(Object.keys(configurationIn(bootScript(stack)).metrics.metrics_collected)).toEqual(['mem', 'disk']);
      template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'mem_used_percent' });
      template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'disk_used_percent' });
    });

    test('collects what is alarmed on later', () => {
      make().alarms.addDiskAlarm('Data', '/data');
      expect(configurationIn(bootScript(stack)).metrics.metrics_collected.disk.resources).toEqual(['/', '/data']);
    });

    test('configures the agent at every boot, and runs other commands once', () => {
      make().instance.addUserData('echo application');
      const parts = userDataParts(stack);
      expect(Object.keys(parts)).toEqual(['text/x-shellscript-per-boot', 'text/x-shellscript']);
      expect(parts['text/x-shellscript-per-boot']).toMatch(/^#!\/bin\/bash\n[^]*amazon-cloudwatch-agent-ctl/);
      expect(parts['text/x-shellscript']).toBe('#!/bin/bash\necho application');
    });

    test('keeps within the 16 KiB of user data', () => {
      make({ logFiles: Array.from({ length: 20 }, (_, n) => `/var/log/application/${n}.log`) });
      expect(JSON.stringify(theInstance().Properties.UserData).length).toBeLessThan(16_384);
    });

    test('boots when the network is there, as the agent is installed from a repository', () => {
      make();
      const routes = Object.keys(template().findResources('AWS::EC2::Route', { Properties: { NatGatewayId: Match.anyValue() } }));
      expect(theInstance().DependsOn).toEqual(expect.arrayContaining(routes));
    });
  });

  describe('CMP-09 logs leave the machine', () => {
    const collected = (): Record<'file_path' | 'log_group_name', string>[] => configurationIn(bootScript(stack)).logs.logs_collected.files.collect_list;

    test('sends the logs of the system to an encrypted log group, kept for a year', () => {
      make();
      const [logGroup] = Object.keys(template().findResources('AWS::Logs::LogGroup', { Properties: { KmsKeyId: Match.anyValue(), RetentionInDays: 365 } }));
      expect(collected().map(({ file_path }) => file_path)).toEqual([
        '/var/log/messages', '/var/log/secure', '/var/log/audit/audit.log', '/var/log/cloud-init-output.log',
      ]);
      for (const { log_group_name } of collected()) expect(log_group_name).toBe(`<${logGroup}>`);
    });

    test('sends the logs of the application as well', () => {
      make({ logFiles: ['/srv/app/app.log'] });
      expect(collected().map(({ file_path }) => file_path)).toContain('/srv/app/app.log');
      expect(collected()).toHaveLength(5);
    });

    test('uses the log group it is given and makes no other', () => {
      const logGroup = logs.LogGroup.fromLogGroupName(stack, 'Mine', '/mine');
      expect(make({ logGroup }).logGroup).toBe(logGroup);
      template().resourceCountIs('AWS::Logs::LogGroup', 0);
      for (const { log_group_name } of collected()) expect(log_group_name).toBe('/mine');
    });
  });

  describe('CMP-10 every alarm acts', () => {
    test('tells the topic', () => {
      const alarmTopic = new sns.Topic(stack, 'Alerts');
      make({ alarmTopic });
      const alarms = Object.values(template().findResources('AWS::CloudWatch::Alarm'));
      expect(alarms).toHaveLength(6);
      for (const { Properties } of alarms) expect(Properties.AlarmActions).toEqual([stack.resolve(alarmTopic.topicArn)]);
    });

    test('warns when nobody is told', () => {
      make();
      warnings(stack).hasWarning('/Stack/Server/Alarms', warning('CMP-10'));
    });

    test('takes the thresholds', () => {
      make({ cpuThresholdPercent: 50, networkThresholdBytes: 7, memoryThresholdPercent: 60, diskThresholdPercent: 70 });
      const thresholds = Object.values(template().findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties.Threshold);
      expect(thresholds.sort()).toEqual([1, 50, 60, 7, 7, 70]);
    });
  });

  test('CMP-11 detailed monitoring: metrics of every minute', () => {
    make();
    expect(theInstance().Properties.Monitoring).toBe(true);
  });
});
