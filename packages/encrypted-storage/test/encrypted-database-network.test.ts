import { App, Fn, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { EncryptedDatabase, EncryptedDatabaseProps } from '../src';
import { stackInFrankfurt } from './_helpers/stacks';

describe('EncryptedDatabase in its network', () => {
  let stack: Stack;
  let vpc: ec2.Vpc;
  const start = (in_: Stack) => {
    stack = in_;
    vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, maxAzs: 2 });
  };
  beforeEach(() => start(stackInFrankfurt()));

  const template = () => Template.fromStack(stack);
  const make = (props: Partial<EncryptedDatabaseProps> = {}) => new EncryptedDatabase(stack, 'Db', { vpc, ...props });
  const instance = (properties: object) => template().hasResourceProperties('AWS::RDS::DBInstance', properties);
  const subnetsOfGroup = () => Object.values(template().findResources('AWS::RDS::DBSubnetGroup'))[0].Properties.SubnetIds;
  const idsOf = (subnets: ec2.ISubnet[]) => subnets.map(({ subnetId }) => stack.resolve(subnetId));

  describe('STO-14 private network (B-04, B-05, D-06, C-01)', () => {
    test('is not reachable from the internet', () => {
      make();
      instance({ PubliclyAccessible: false });
    });

    test('lives in the isolated subnets', () => {
      make();
      expect(subnetsOfGroup()).toEqual(idsOf(vpc.isolatedSubnets));
    });

    test('lives in the private subnets where none are isolated', () => {
      vpc = new ec2.Vpc(stack, 'Other', { maxAzs: 2 });
      make();
      expect(subnetsOfGroup()).toEqual(idsOf(vpc.privateSubnets));
    });

    test('lives in the subnets it is given', () => {
      vpc = new ec2.Vpc(stack, 'Other', { maxAzs: 3 });
      make({ subnets: { subnets: vpc.privateSubnets.slice(1) } });
      expect(subnetsOfGroup()).toEqual(idsOf(vpc.privateSubnets.slice(1)));
    });

    test('lives in zones that are only known at deployment', () => {
      start(new Stack(new App(), 'Stack'));
      make();
      expect(subnetsOfGroup()).toHaveLength(2);
    });

    test('fails in public subnets', () => {
      expect(() => make({ subnets: { subnetType: ec2.SubnetType.PUBLIC } })).toThrow(/'subnets' must not be public, got 'Stack\/Vpc\/PublicSubnet1', .* \[Stack\/Db\]/);
    });

    test('fails in a network with public subnets only', () => {
      vpc = new ec2.Vpc(stack, 'Public', { subnetConfiguration: [{ name: 'public', subnetType: ec2.SubnetType.PUBLIC }] });
      expect(() => make()).toThrow(/'vpc' must have isolated or private subnets, got 'Stack\/Public' with neither \[Stack\/Db\]/);
    });

    test('fails in one subnet', () => {
      expect(() => make({ subnets: { subnets: vpc.isolatedSubnets.slice(1) } })).toThrow(/'subnets' must lie in at least two availability zones, .* \[Stack\/Db\]/);
    });

    test.each([
      ['that is known', 'eu-central-1a'],
      ['that is only known at deployment', Fn.select(0, Fn.getAzs())],
    ])('fails in two subnets of one zone %s (trap: Select 0 twice)', (_, availabilityZone) => {
      const subnets = [1, 2].map((n) => new ec2.PrivateSubnet(stack, `Subnet${n}`, { vpcId: vpc.vpcId, availabilityZone, cidrBlock: `10.0.20${n}.0/24` }));
      expect(() => make({ subnets: { subnets } })).toThrow(/'subnets' must lie in at least two availability zones/);
    });

    test('nobody gets in, and nothing out, until connections say so', () => {
      make();
      template().resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
      template().allResourcesProperties('AWS::EC2::SecurityGroup', {
        SecurityGroupIngress: Match.absent(),
        SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })],
      });
    });

    test('a group that is let in reaches the port, and nothing else', () => {
      const application = new ec2.SecurityGroup(stack, 'Application', { vpc });
      make({ port: 15000 }).connections.allowDefaultPortFrom(application);
      template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
        FromPort: 15000, ToPort: 15000, IpProtocol: 'tcp', SourceSecurityGroupId: stack.resolve(application.securityGroupId),
      });
      template().resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
    });

    test('uses the security groups it is given and makes no other', () => {
      const mine = new ec2.SecurityGroup(stack, 'Mine', { vpc });
      make({ securityGroups: [mine] });
      instance({ VPCSecurityGroups: [stack.resolve(mine.securityGroupId)] });
      template().resourceCountIs('AWS::EC2::SecurityGroup', 1);
    });

    test('fails without any security group', () => {
      expect(() => make({ securityGroups: [] })).toThrow(/'securityGroups' must name at least one, got none; .* \[Stack\/Db\]/);
    });
  });
});
