import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { EndpointSet, InterfaceEndpoints, InterfaceEndpointsProps, Outbound, SecureVpc, SecureVpcProps, TierSecurityGroups } from '../src';
import { TWO_ZONES, WITH_DATABASE } from './_helpers/layouts';
import { rulesOf } from './_helpers/rules';

describe('InterfaceEndpoints', () => {
  let stack: Stack;
  let vpc: ec2.IVpc;
  beforeEach(() => {
    stack = new Stack(new App(), 'Stack');
    vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-12345678', vpcCidrBlock: '10.0.0.0/16', availabilityZones: ['eu-west-1a', 'eu-west-1b'], privateSubnetIds: ['subnet-1', 'subnet-2'],
      isolatedSubnetIds: ['subnet-3', 'subnet-4'],
    });
  });
  const endpoints = (props?: Partial<InterfaceEndpointsProps>) => new InterfaceEndpoints(stack, 'Endpoints', { vpc, sets: [EndpointSet.SSM], ...props });
  const template = () => Template.fromStack(stack);
  const made = () => Object.values(template().findResources('AWS::EC2::VPCEndpoint')).map((found) => found.Properties);
  const idOf = (group: ec2.ISecurityGroup) => stack.getLogicalId(group.node.defaultChild as ec2.CfnSecurityGroup);
  const groupRules = ({ securityGroup }: InterfaceEndpoints) => rulesOf(template(), idOf(securityGroup));

  describe('NET-13 interface endpoints', () => {
    test('lead to each service of the sets by its usual name, from a subnet in each zone', () => {
      expect(Object.keys(endpoints().endpoints)).toEqual(['ssm', 'ssmmessages']);
      const shape = { VpcEndpointType: 'Interface', PrivateDnsEnabled: true, SubnetIds: ['subnet-1', 'subnet-2'] };
      expect(made()).toMatchObject([shape, shape]);
      const nameOf = (service: string) => ({ 'Fn::Join': ['', ['com.amazonaws.', { Ref: 'AWS::Region' }, `.${service}`]] });
      expect(made().map((endpoint) => endpoint.ServiceName)).toEqual(['ssm', 'ssmmessages'].map(nameOf));
    });

    test('stand where they are told to', () => {
      endpoints({ subnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } });
      expect(made()[0].SubnetIds).toEqual(['subnet-3', 'subnet-4']);
    });

    test.each([
      ['SSM', EndpointSet.SSM, ['ssm', 'ssmmessages']],
      ['CLOUDWATCH', EndpointSet.CLOUDWATCH, ['logs', 'monitoring']],
      ['SECRETS', EndpointSet.SECRETS, ['secretsmanager', 'kms']],
      ['MESSAGING', EndpointSet.MESSAGING, ['sns', 'sqs', 'events']],
      ['CONTAINERS', EndpointSet.CONTAINERS, ['ecr.api', 'ecr.dkr']],
      ['PRIVATE_ONLY', EndpointSet.PRIVATE_ONLY, ['ssm', 'ssmmessages', 'logs', 'monitoring', 'secretsmanager', 'kms', 'sts', 'ec2']],
      ['of', EndpointSet.of([ec2.InterfaceVpcEndpointAwsService.ATHENA]), ['athena']],
    ])('the set %s is %3$j', (_, set, services) => {
      expect(Object.keys(endpoints({ sets: [set] }).endpoints)).toEqual(services);
    });

    test('a service in several sets is paid for once', () => {
      expect(Object.keys(endpoints({ sets: [EndpointSet.SSM, EndpointSet.PRIVATE_ONLY, EndpointSet.SSM] }).endpoints)).toHaveLength(8);
    });

    test('more sets change no endpoint that is there', () => {
      endpoints({ sets: [EndpointSet.SSM] });
      const before = template().toJSON().Resources as Record<string, unknown>;
      stack = new Stack(new App(), 'Stack');
      vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
        vpcId: 'vpc-12345678', vpcCidrBlock: '10.0.0.0/16', availabilityZones: ['eu-west-1a', 'eu-west-1b'], privateSubnetIds: ['subnet-1', 'subnet-2'],
      });
      endpoints({ sets: [EndpointSet.SECRETS, EndpointSet.SSM] });
      expect(template().toJSON().Resources).toMatchObject(before);
    });

    test('share one group, open on 443 to the VPC, and closed the other way', () => {
      const all = endpoints({ sets: [EndpointSet.PRIVATE_ONLY] });
      template().resourceCountIs('AWS::EC2::SecurityGroup', 1);
      made().forEach((endpoint) => expect(endpoint.SecurityGroupIds).toEqual([stack.resolve(all.securityGroup.securityGroupId)]));
      expect(groupRules(all)).toEqual({
        ingress: ['tcp 443 10.0.0.0/16: AWS services through endpoints'], egress: ['icmp 252-86 255.255.255.255/32: Disallow all traffic'],
      });
    });

    test('are reached by those who are named only', () => {
      const application = new TierSecurityGroups(stack, 'Groups', { vpc }).addTier('Application');
      const some = endpoints({ reachedFrom: [application] });
      expect(groupRules(some).ingress).toEqual([`tcp 443 ${idOf(application)}.GroupId: AWS services through endpoints`]);
    });

    test('a closed tier reaches them when it says so', () => {
      const all = endpoints();
      const groups = new TierSecurityGroups(stack, 'Groups', { vpc });
      const application = groups.addTier('Application', { egress: [Outbound.toEndpoints(all)] });
      const group = idOf(all.securityGroup);
      expect(rulesOf(template(), idOf(application)).egress)
        .toEqual([expect.stringContaining('Disallow all'), `tcp 443 ${group}.GroupId: AWS services through endpoints`]);
    });

    test('let principals of this account through and nobody else', () => {
      endpoints();
      made().forEach((endpoint) => expect(endpoint.PolicyDocument.Statement).toEqual([{
        Sid: 'WithinThisAccount', Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } } },
      }]));
    });

    test('are open to connections of CDK on 443', () => {
      const client = new ec2.SecurityGroup(stack, 'Client', { vpc });
      endpoints().connections.allowDefaultPortFrom(client);
      template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 443, ToPort: 443, GroupId: Match.anyValue() });
    });

    const refused: Array<[string, Partial<InterfaceEndpointsProps>, string]> = [
      ['no set', { sets: [] }, "'sets' must have a service, got none; leave the endpoints out, or say what they lead to"],
      ['an empty set', { sets: [EndpointSet.of([])] }, "'sets' must have a service, got none"],
      ['any address', { reachedFrom: [ec2.Peer.anyIpv4()] }, "'reachedFrom' must not be any address, or nearly: at least /8 for IPv4 and /32 for IPv6, got 0.0.0.0/0; pass the ranges of your networks"],
      ['any IPv6 address', { reachedFrom: [ec2.Peer.anyIpv6()] }, "'reachedFrom' must not be any address"],
      ['host bits', { reachedFrom: [ec2.Peer.ipv4('10.0.0.1/16')] }, "'reachedFrom' must begin at the first address of its range, got 10.0.0.1/16; use 10.0.0.0/16"],
    ];
    test.each(refused)('fails on %s', (_, props, problem) => {
      expect(() => endpoints(props)).toThrow(problem);
    });
  });
});

describe('InterfaceEndpoints of a SecureVpc', () => {
  let stack: Stack;
  beforeEach(() => {
    stack = new Stack();
  });
  const network = (props?: SecureVpcProps) => new SecureVpc(stack, 'Network', props);
  const template = () => Template.fromStack(stack);

  describe('NET-13 interface endpoints', () => {
    const standIn = () => Object.values(template().findResources('AWS::EC2::VPCEndpoint', { Properties: { VpcEndpointType: 'Interface' } }))[0].Properties.SubnetIds;
    const idsOf = (subnetsOf: ec2.ISubnet[]) => subnetsOf.map((subnet) => stack.resolve(subnet.subnetId));

    test('are not there unless asked for', () => {
      expect(network().interfaceEndpoints).toBeUndefined();
      expect(template().findResources('AWS::EC2::VPCEndpoint', { Properties: { VpcEndpointType: 'Interface' } })).toEqual({});
    });

    test('stand in the first private tier, one in each zone', () => {
      const { vpc } = network({ tiers: WITH_DATABASE, interfaceEndpoints: [EndpointSet.SSM] });
      expect(standIn()).toEqual(idsOf(vpc.privateSubnets));
    });

    test('stand in an isolated tier where there is no private one', () => {
      const { vpc } = network({ tiers: [WITH_DATABASE[2]], interfaceEndpoints: [EndpointSet.SSM] });
      expect(standIn()).toEqual(idsOf(vpc.isolatedSubnets));
    });

    test('stand in the tier that is named', () => {
      const { vpc } = network({ tiers: WITH_DATABASE, interfaceEndpoints: [EndpointSet.SSM], endpointTier: 'Database' });
      expect(standIn()).toEqual(idsOf(vpc.isolatedSubnets));
    });

    test('are reached from every range of the VPC', () => {
      network({ tiers: TWO_ZONES, secondaryCidrs: ['10.1.0.0/16'], interfaceEndpoints: [EndpointSet.SSM] });
      template().hasResourceProperties('AWS::EC2::SecurityGroup', {
        GroupDescription: 'Interface endpoints',
        SecurityGroupIngress: ['10.0.0.0/16', '10.1.0.0/16'].map((CidrIp) => Match.objectLike({ CidrIp, FromPort: 443, ToPort: 443 })),
      });
    });

    const refused: Array<[string, SecureVpcProps, string]> = [
      ['a network of public tiers', { tiers: [TWO_ZONES[0]], interfaceEndpoints: [EndpointSet.SSM] }, "'interfaceEndpoints' must stand in a private or isolated tier, got none"],
      ['a public tier', { interfaceEndpoints: [EndpointSet.SSM], endpointTier: 'Public' }, "'interfaceEndpoints' must stand in a private or isolated tier, got 'Public'"],
      ['a tier there is not', { interfaceEndpoints: [EndpointSet.SSM], endpointTier: 'App' }, "'interfaceEndpoints' must stand in a private or isolated tier, got 'App'"],
      ['a tier for nothing', { endpointTier: 'Private' }, "'endpointTier' must go with 'interfaceEndpoints', got only 'Private'"],
    ];
    test.each(refused)('fails on %s', (_, props, problem) => {
      expect(() => network(props)).toThrow(problem);
    });
  });
});
