import { App, Aws, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { EndpointSet, SecureVpc, SecureVpcProps, TierKind } from '../src';
import { ONE_ZONE, TWO_ZONES, WITH_DATABASE } from './_helpers/layouts';
import { routedSubnets } from './_helpers/routes';

const zone = (i: number) => ({ 'Fn::Select': [i, { 'Fn::GetAZs': '' }] });

describe('SecureVpc', () => {
  let stack: Stack;
  beforeEach(() => {
    stack = new Stack();
  });
  const network = (props?: SecureVpcProps) => new SecureVpc(stack, 'Network', props);
  const template = () => Template.fromStack(stack);
  const subnets = () => routedSubnets(template());

  describe('NET-01 exact addresses', () => {
    test('B-01 puts each subnet at its address and in its zone, DNS on', () => {
      network({ tiers: TWO_ZONES });
      template().hasResourceProperties('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16', EnableDnsHostnames: true, EnableDnsSupport: true });
      expect(Object.values(subnets()).map(({ cidr, zone: where }) => [cidr, where])).toEqual([
        ['10.0.1.0/24', zone(0)], ['10.0.2.0/24', zone(1)], ['10.0.3.0/24', zone(0)], ['10.0.4.0/24', zone(1)],
      ]);
    });

    test('is a network with three tiers over two zones when silent', () => {
      const { vpc } = network();
      expect([vpc.publicSubnets, vpc.privateSubnets, vpc.isolatedSubnets].map((tier) => tier.length)).toEqual([2, 2, 2]);
    });

    test('lets constructs of CDK choose subnets by tier', () => {
      const { vpc } = network({ tiers: WITH_DATABASE });
      expect(vpc.selectSubnets({ subnetGroupName: 'Database' }).subnets).toEqual(vpc.isolatedSubnets);
      expect(vpc.privateSubnets.map((subnet) => subnet.ipv4CidrBlock)).toEqual(['10.0.3.0/24', '10.0.4.0/24']);
    });

    test('adds further ranges to the VPC before the subnets in them, and leaves the others alone', () => {
      network({ cidr: '10.0.0.0/22', secondaryCidrs: ['100.64.0.0/16'], tiers: [{ name: 'App', kind: TierKind.PRIVATE, prefixLength: 24 }, { name: 'Data', kind: TierKind.ISOLATED, prefixLength: 24 }] });
      const [range] = Object.keys(template().findResources('AWS::EC2::VPCCidrBlock', { Properties: { CidrBlock: '100.64.0.0/16' } }));
      const waiting = Object.values(template().findResources('AWS::EC2::Subnet', { DependsOn: [range] })).map((subnet) => subnet.Properties.CidrBlock);
      expect(waiting).toEqual(['100.64.0.0/24', '100.64.1.0/24']);
    });

    test('a subnet whose range is a token waits for every range of the VPC', () => {
      const cidrs = [0, 1].map((i) => Fn.select(i, Fn.cidr('10.1.0.0/16', 2, '8')));
      network({ secondaryCidrs: ['10.1.0.0/16', Aws.STACK_NAME], tiers: [{ name: 'App', kind: TierKind.ISOLATED, cidrs }] });
      template().allResources('AWS::EC2::Subnet', { DependsOn: [Match.anyValue(), Match.anyValue()] });
    });

    test('fails with each problem of the plan on a line with the path', () => {
      expect(() => network({ tiers: [{ name: 'App', kind: TierKind.PRIVATE, cidrs: ['10.0.1.5/24', '10.9.0.0/24'] }] })).toThrow([
        "the CIDR of 'App' in zone 1 must begin at the first address of its range, got 10.0.1.5/24; use 10.0.1.0/24 [Default/Network]",
        "the CIDR of 'App' in zone 2 must be inside the VPC 10.0.0.0/16, got 10.9.0.0/24 [Default/Network]",
      ].join('\n'));
    });
  });

  describe('NET-02 zones', () => {
    const known = { env: { account: '111122223333', region: 'eu-west-1' } };
    const threeZones = TWO_ZONES.map((tier, i) => ({ ...tier, cidrs: [...tier.cidrs!, `10.0.${i + 8}.0/24`] }));

    test.each([['an environment-agnostic stack', {}], ['a stack with account and region', known]])('X-06 C-01 spans three zones in %s', (_, props) => {
      stack = new Stack(new App(), 'Stack', props);
      network({ tiers: threeZones });
      expect(Object.values(subnets()).map((subnet) => subnet.zone)).toEqual([0, 1, 2, 0, 1, 2].map(zone));
    });

    test('looks nothing up at synthesis', () => {
      const app = new App();
      stack = new Stack(app, 'Stack', known);
      network({ tiers: threeZones });
      expect(app.synth().manifest.missing).toBeUndefined();
    });

    test('leaves the zones of the stack as they were', () => {
      class OwnZones extends Stack {
        public get availabilityZones(): string[] {
          return ['eu-west-1b'];
        }
      }
      stack = new OwnZones(new App(), 'Stack', known);
      network();
      expect(stack.availabilityZones).toEqual(['eu-west-1b']);
    });

    test('leaves a getter that was overridden on the stack itself, as from other languages', () => {
      stack = new Stack(new App(), 'Stack', known);
      Object.defineProperty(stack, 'availabilityZones', { configurable: true, get: () => ['eu-west-1b'] });
      network();
      expect(stack.availabilityZones).toEqual(['eu-west-1b']);
    });

    test('sits in the zones it is given by name', () => {
      network({ tiers: TWO_ZONES, availabilityZones: ['eu-west-1c', 'eu-west-1a'] });
      expect(Object.values(subnets()).map((subnet) => subnet.zone)).toEqual(['eu-west-1c', 'eu-west-1a', 'eu-west-1c', 'eu-west-1a']);
    });

    test('P-03 warns about a network in a single zone', () => {
      network({ tiers: ONE_ZONE, singleZone: true });
      expect(Object.keys(subnets())).toEqual(['10.0.1.0/24', '10.0.2.0/24']);
      Annotations.fromStack(stack).hasWarning('/Default/Network', Match.stringLikeRegexp('is in one zone.*secure-network:NET-02'));
    });

    test('does not warn about two', () => {
      network();
      Annotations.fromStack(stack).hasNoWarning('*', Match.anyValue());
    });

    test('fails in one zone unless it was asked for', () => {
      expect(() => network({ tiers: ONE_ZONE })).toThrow(/must span at least 2 zones.* got 1; .*'singleZone: true' \[Default\/Network\]/);
    });
  });

  test('NET-03 no automatic public addresses in any tier', () => {
    network({ tiers: WITH_DATABASE });
    expect(Object.values(subnets()).map((subnet) => subnet.mapPublicIpOnLaunch)).toEqual(Array(6).fill(false));
  });

  describe('NET-06 flow logs', () => {
    test('records the traffic of this VPC', () => {
      const { vpc } = network();
      template().hasResourceProperties('AWS::EC2::FlowLog', { ResourceType: 'VPC', ResourceId: stack.resolve(vpc.vpcId), TrafficType: 'ALL' });
    });

    test('makes a key of its own', () => {
      network();
      template().resourceCountIs('AWS::KMS::Key', 1);
    });

    test('hands down key, retention, aggregation and removal', () => {
      const encryptionKey = new kms.Key(stack, 'Mine');
      network({
        encryptionKey, flowLogRetention: logs.RetentionDays.ONE_MONTH, flowLogAggregationInterval: ec2.FlowLogMaxAggregationInterval.ONE_MINUTE,
        removalPolicy: RemovalPolicy.DESTROY,
      });
      template().resourceCountIs('AWS::KMS::Key', 1);
      template().hasResource('AWS::Logs::LogGroup', {
        DeletionPolicy: 'Delete', Properties: { RetentionInDays: 30, KmsKeyId: stack.resolve(encryptionKey.keyArn) },
      });
      template().hasResourceProperties('AWS::EC2::FlowLog', { MaxAggregationInterval: 60 });
    });
  });

  describe('NET-06 flow logs in a bucket', () => {
    test('go to the bucket of yours', () => {
      const flowLogBucket = new s3.Bucket(stack, 'Mine');
      expect(network({ flowLogBucket }).flowLogs.bucket).toBe(flowLogBucket);
      template().hasResourceProperties('AWS::EC2::FlowLog', { LogDestinationType: 's3', LogGroupName: Match.absent() });
      // that of the function which closes the default group
      template().resourcePropertiesCountIs('AWS::Logs::LogGroup', { KmsKeyId: Match.absent() }, 1);
      ['AWS::Logs::LogGroup', 'AWS::KMS::Key'].forEach((type, i) => template().resourceCountIs(type, 1 - i));
    });

    test.each([['flowLogRetention', { flowLogRetention: logs.RetentionDays.ONE_YEAR }], ['encryptionKey', { encryptionKey: {} as kms.IKey }]])('fails with %s', (name, props) => {
      expect(() => network({ flowLogBucket: new s3.Bucket(stack, 'Mine'), ...props }))
        .toThrow(`'flowLogBucket' must go without '${name}', which belongs to a log group; the bucket has its own [Default/Network]`);
    });
  });

  describe('NET-07 closed default security group', () => {
    test.each([true, false, undefined])('B-05 takes the rules off the default group, whatever the feature flag says (%s)', (flag) => {
      stack = new Stack(new App({ context: { '@aws-cdk/aws-ec2:restrictDefaultSecurityGroup': flag } }), 'Stack');
      const { vpc } = network();
      template().hasResourceProperties('Custom::ClosedDefaultGroup', { GroupId: stack.resolve(vpc.vpcDefaultSecurityGroup) });
      // CDK's own brings the rules back when it goes
      template().resourceCountIs('Custom::VpcRestrictDefaultSG', 0);
    });

    test('the function takes rules off that one group only, and opens none', () => {
      const { vpc } = network();
      const [role] = Object.values(template().findResources('AWS::IAM::Role', { Properties: { Policies: Match.anyValue() } }));
      const group = stack.resolve(stack.formatArn({ service: 'ec2', resource: 'security-group', resourceName: vpc.vpcDefaultSecurityGroup }));
      expect(role.Properties.Policies[0].PolicyDocument.Statement).toEqual([
        { Effect: 'Allow', Action: 'ec2:DescribeSecurityGroups', Resource: '*' },
        { Effect: 'Allow', Action: ['ec2:RevokeSecurityGroupIngress', 'ec2:RevokeSecurityGroupEgress'], Resource: [group] },
      ]);
    });

    test.each([['a key of yours', true], ['the key made here', false]])('X-07 the log of the function is encrypted like the flow logs: with %s', (_, mine) => {
      const { flowLogs } = network({ encryptionKey: mine ? new kms.Key(stack, 'Mine') : undefined });
      const [{ Properties: { LoggingConfig: { LogGroup } } }] = Object.values(template().findResources('AWS::Lambda::Function'));
      const { KmsKeyId, RetentionInDays } = template().findResources('AWS::Logs::LogGroup')[LogGroup.Ref].Properties;
      expect([KmsKeyId, RetentionInDays]).toEqual([stack.resolve(flowLogs.encryptionKey.keyArn), 365]);
    });

    test('two networks of a stack share the function', () => {
      ['One', 'Other'].forEach((id) => new SecureVpc(stack, id));
      template().resourceCountIs('Custom::ClosedDefaultGroup', 2);
      template().resourceCountIs('AWS::Lambda::Function', 1);
    });
  });

  describe('NET-08 gateway endpoints', () => {
    const policyOf = (service: string): Array<Record<string, never>> => {
      const [endpoint] = Object.values(template().findResources('AWS::EC2::VPCEndpoint', {
        Properties: { VpcEndpointType: 'Gateway', ServiceName: { 'Fn::Join': ['', Match.arrayWith([`.${service}`])] } },
      }));
      return endpoint.Properties.PolicyDocument.Statement;
    };
    const ownAccountOnly = { StringEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' }, 'aws:ResourceAccount': { Ref: 'AWS::AccountId' } } };

    test('every route table, also that of databases, leads to S3 and DynamoDB', () => {
      network({ tiers: WITH_DATABASE });
      const tables = Object.keys(template().findResources('AWS::EC2::RouteTable')).map((id) => ({ Ref: id }));
      const endpoints = Object.values(template().findResources('AWS::EC2::VPCEndpoint'));
      expect(endpoints).toHaveLength(2);
      endpoints.forEach((endpoint) => expect(new Set(endpoint.Properties.RouteTableIds)).toEqual(new Set(tables)));
    });

    test('has none for DynamoDB where no table is used, and warns', () => {
      const { dynamoDbEndpoint, footprint } = network({ dynamoDbEndpoint: false });
      expect(dynamoDbEndpoint).toBeUndefined();
      expect(footprint.gatewayEndpoints).toBe(1);
      template().resourceCountIs('AWS::EC2::VPCEndpoint', 1);
      expect(policyOf('s3')).toBeDefined();
      Annotations.fromStack(stack).hasWarning('/Default/Network', Match.stringLikeRegexp("tables of DynamoDB .* remove 'dynamoDbEndpoint'.*secure-network:NET-08"));
    });

    test('does not warn while DynamoDB has one', () => {
      network();
      Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('secure-network:NET-08'));
    });

    test.each([['s3', 's3:*'], ['dynamodb', 'dynamodb:*']])('carries what this account does with its own resources (%s)', (service, action) => {
      network();
      expect(policyOf(service)[0]).toMatchObject({ Effect: 'Allow', Action: action, Principal: '*', Condition: ownAccountOnly });
    });

    test('whoever is not of this account only reads from buckets of AWS, or answers CloudFormation', () => {
      network();
      const others = [...policyOf('s3'), ...policyOf('dynamodb')].filter((statement) => !('Condition' in statement));
      expect(others.map((statement) => [statement.Sid, statement.Action])).toEqual([['ReadFromAwsOwnedBuckets', 's3:GetObject'], ['AnswerCloudFormation', 's3:PutObject']]);
      const names = others.flatMap((statement) => statement.Resource as unknown[]).map((arn) => JSON.stringify(arn));
      // all objects, but never a bucket that somebody else could name
      names.forEach((name) => expect(name).toMatch(/^[^*]+\/\*"[^*]*$/));
    });

    test('packages of Amazon Linux stay reachable', () => {
      stack = new Stack(new App(), 'Stack', { env: { account: '111122223333', region: 'eu-west-1' } });
      network();
      const read = policyOf('s3').find((statement) => statement.Sid === 'ReadFromAwsOwnedBuckets')!;
      const buckets = (read.Resource as Array<{ 'Fn::Join': [string, unknown[]] }>).map((arn) => arn['Fn::Join'][1].at(-1));
      expect(buckets).toEqual(expect.arrayContaining([':s3:::al2023-repos-eu-west-1-de612dc2/*', ':s3:::amazonlinux-2-repos-eu-west-1/*']));
    });

    test('custom resources inside the VPC can answer: that bucket has the region without dashes', () => {
      network();
      const [answers] = policyOf('s3').filter((statement) => statement.Sid === 'AnswerCloudFormation');
      expect(JSON.stringify((answers.Resource as unknown[])[0])).toContain('"Fn::Join":["",{"Fn::Split":["-",{"Ref":"AWS::Region"}]}]');
    });

    test('can be opened to a bucket of another account', () => {
      network().s3Endpoint.addToPolicy(new iam.PolicyStatement({
        principals: [new iam.StarPrincipal()], actions: ['s3:PutObject'], resources: [stack.formatArn({ service: 's3', region: '', account: '', resource: 'central-logs', resourceName: '*' })],
      }));
      expect(policyOf('s3')).toHaveLength(4);
    });
  });

  test('is named when asked to', () => {
    network({ vpcName: 'prod-blue-vpc' });
    template().hasResourceProperties('AWS::EC2::VPC', { Tags: [{ Key: 'Name', Value: 'prod-blue-vpc' }] });
  });

  test('its default child is the VPC', () => {
    const secure = network();
    expect(secure.node.defaultChild).toBe(secure.vpc.node.defaultChild);
    expect(secure.node.defaultChild).toBeInstanceOf(ec2.CfnVPC);
  });

  describe('footprint', () => {
    test('counts what the template makes', () => {
      const { footprint } = network({ tiers: WITH_DATABASE });
      const count = (type: string) => Object.keys(template().findResources(type)).length;
      expect(footprint).toEqual({
        availabilityZones: 2,
        subnets: count('AWS::EC2::Subnet'),
        internetGateways: count('AWS::EC2::InternetGateway'),
        natGateways: count('AWS::EC2::NatGateway'),
        natGatewayZones: 2,
        elasticIps: count('AWS::EC2::EIP'),
        gatewayEndpoints: count('AWS::EC2::VPCEndpoint'),
        interfaceEndpoints: 0,
        networkInterfaces: 2,
        usableAddresses: { Public: 502, Private: 502, Database: 502 },
      });
    });

    test('counts endpoints, and the interfaces they and NAT gateways take', () => {
      const { footprint } = network({ tiers: WITH_DATABASE, interfaceEndpoints: [EndpointSet.SSM] });
      expect(footprint).toMatchObject({ gatewayEndpoints: 2, interfaceEndpoints: 2, networkInterfaces: 2 + 2 * 2 });
    });

    test('takes no gateway where there is none', () => {
      expect(network({ tiers: [WITH_DATABASE[2]] }).footprint).toMatchObject({ internetGateways: 0, natGateways: 0, elasticIps: 0 });
    });

    test('does not count addresses that are tokens', () => {
      const cidrs = [0, 1].map((i) => Fn.select(i, Fn.cidr('10.0.0.0/16', 2, '8')));
      expect(network({ tiers: [{ name: 'App', kind: TierKind.ISOLATED, cidrs }] }).footprint.usableAddresses).toEqual({ App: 0 });
    });
  });
});
