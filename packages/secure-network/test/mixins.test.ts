import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import { revocationsOf } from '../handlers/close-default-group/revocations';
import { CloseDefaultGroup, NoAutomaticPublicAddresses } from '../src';

describe('mixins', () => {
  let stack: Stack;
  beforeEach(() => {
    stack = new Stack(new App(), 'Stack');
  });
  const template = () => Template.fromStack(stack);

  describe('NET-07 closed default security group: CloseDefaultGroup', () => {
    const theirs = (id = 'Theirs') => new ec2.CfnVPC(stack, id, { cidrBlock: '10.0.0.0/16' });

    test('closes the group of a VPC that others made', () => {
      const vpc = theirs();
      vpc.with(new CloseDefaultGroup());
      template().hasResourceProperties('Custom::ClosedDefaultGroup', { GroupId: stack.resolve(vpc.attrDefaultSecurityGroup) });
    });

    test('finds the VPC in an L2', () => {
      const vpc = new ec2.Vpc(stack, 'Theirs', { restrictDefaultSecurityGroup: false });
      vpc.with(new CloseDefaultGroup());
      template().hasResourceProperties('Custom::ClosedDefaultGroup', { GroupId: stack.resolve(vpc.vpcDefaultSecurityGroup) });
    });

    test('one function for all VPCs of a stack, which may take rules off their default groups and nothing else', () => {
      const vpcs = [theirs('One'), theirs('Other')];
      vpcs.forEach((vpc) => vpc.with(new CloseDefaultGroup()));
      template().resourceCountIs('AWS::Lambda::Function', 1);
      const groups = vpcs.map((vpc) => stack.resolve(stack.formatArn({ service: 'ec2', resource: 'security-group', resourceName: vpc.attrDefaultSecurityGroup })));
      const revoke = ['ec2:RevokeSecurityGroupIngress', 'ec2:RevokeSecurityGroupEgress'];
      template().hasResourceProperties('AWS::IAM::Role', {
        Policies: [{ PolicyDocument: { Statement: [
          { Effect: 'Allow', Action: 'ec2:DescribeSecurityGroups', Resource: '*' },
          ...groups.map((group) => ({ Effect: 'Allow', Action: revoke, Resource: [group] })),
        ] } }],
      });
    });

    test('twice is once', () => {
      const vpc = theirs();
      vpc.with(new CloseDefaultGroup(), new CloseDefaultGroup());
      template().resourceCountIs('Custom::ClosedDefaultGroup', 1);
    });

    test('X-07 the function has a log group of its own, kept for a year and gone with the stack, under a key if one is given', () => {
      const encryptionKey = new kms.Key(stack, 'Mine');
      theirs().with(new CloseDefaultGroup({ encryptionKey }));
      const [log] = Object.keys(template().findResources('AWS::Logs::LogGroup'));
      template().hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Delete', Properties: { RetentionInDays: 365, KmsKeyId: stack.resolve(encryptionKey.keyArn) } });
      template().hasResourceProperties('AWS::Lambda::Function', { LoggingConfig: { LogGroup: { Ref: log } }, Timeout: 120, MemorySize: 256 });
    });

    test('needs no key', () => {
      theirs().with(new CloseDefaultGroup());
      template().hasResourceProperties('AWS::Logs::LogGroup', { KmsKeyId: Match.absent() });
    });

    test('supports VPCs and leaves the rest alone', () => {
      const group = new ec2.CfnSecurityGroup(stack, 'Group', { groupDescription: 'theirs' });
      expect([theirs(), group].map((construct) => new CloseDefaultGroup().supports(construct))).toEqual([true, false]);
      new CloseDefaultGroup().applyTo(group);
      template().resourceCountIs('Custom::ClosedDefaultGroup', 0);
    });

    test('takes off the rules of AWS and those that somebody added', () => {
      const rules = [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-1' }] }, { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
      const out = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
      expect(revocationsOf({ IpPermissions: rules, IpPermissionsEgress: out })).toEqual({ ingress: rules, egress: out });
      expect(revocationsOf({})).toEqual({ ingress: [], egress: [] });
    });
  });

  describe('NET-03 no automatic public addresses: NoAutomaticPublicAddresses', () => {
    const addresses = () => Object.values(template().findResources('AWS::EC2::Subnet')).map((subnet) => subnet.Properties.MapPublicIpOnLaunch);

    test('switches them off in every subnet of a VPC that others made', () => {
      new ec2.Vpc(stack, 'Theirs', { natGateways: 0 }).with(new NoAutomaticPublicAddresses());
      expect(new Set(addresses())).toEqual(new Set([false]));
    });

    test('switches them off in an L1', () => {
      new ec2.CfnSubnet(stack, 'Theirs', { vpcId: 'vpc-12345678', mapPublicIpOnLaunch: true }).with(new NoAutomaticPublicAddresses());
      expect(addresses()).toEqual([false]);
    });

    test('supports subnets and leaves the rest alone', () => {
      const vpc = new ec2.CfnVPC(stack, 'Vpc', { cidrBlock: '10.0.0.0/16' });
      expect(new NoAutomaticPublicAddresses().supports(vpc)).toBe(false);
      new NoAutomaticPublicAddresses().applyTo(vpc);
      expect(template().findResources('AWS::EC2::VPC')).toEqual({ Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } } });
    });
  });
});
