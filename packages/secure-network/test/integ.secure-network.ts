import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Outbound, SecureVpc, TierSecurityGroups } from '../src';
import { WITH_DATABASE } from './_helpers/layouts';

/** A network over two zones with databases, and the groups of a workload in three tiers, as AWS describes them afterwards. */
// stack traces would put the paths of this machine into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'SecureNetwork');
const { vpc, flowLogs, s3Endpoint, dynamoDbEndpoint } = new SecureVpc(stack, 'Network', {
  tiers: WITH_DATABASE,
  flowLogRetention: logs.RetentionDays.ONE_YEAR,
  flowLogAggregationInterval: ec2.FlowLogMaxAggregationInterval.ONE_MINUTE,
  removalPolicy: RemovalPolicy.DESTROY,
});
const groups = new TierSecurityGroups(stack, 'Groups', { vpc });
const balancer = groups.addTier('LoadBalancer', { reachedFrom: [ec2.Peer.anyIpv4()], ports: [ec2.Port.tcp(443)] });
const application = groups.addTier('Application', {
  reachedFrom: [balancer], ports: [ec2.Port.tcp(8443)], sshFrom: [ec2.Peer.ipv4('203.0.113.0/24')], egress: [Outbound.HTTPS, Outbound.DNS],
});
const database = groups.addTier('Database', { reachedFrom: [application], ports: [ec2.Port.tcp(3306)] });

const { assertions } = new IntegTest(app, 'SecureNetworkTest', { testCases: [stack] });
const ec2Call = (action: string, parameters: object) => assertions.awsApiCall('@aws-sdk/client-ec2', action, parameters);

// NET-01 exact addresses
ec2Call('DescribeVpcs', { VpcIds: [vpc.vpcId] }).expect(ExpectedResult.objectLike({ Vpcs: [{ CidrBlock: '10.0.0.0/16', State: 'available' }] }));
ec2Call('DescribeVpcAttribute', { VpcId: vpc.vpcId, Attribute: 'enableDnsHostnames' }).expect(ExpectedResult.objectLike({ EnableDnsHostnames: { Value: true } }));
ec2Call('DescribeVpcAttribute', { VpcId: vpc.vpcId, Attribute: 'enableDnsSupport' }).expect(ExpectedResult.objectLike({ EnableDnsSupport: { Value: true } }));

// NET-01, NET-02, NET-03: where each subnet is, and that it hands out no public addresses
[...vpc.publicSubnets, ...vpc.privateSubnets, ...vpc.isolatedSubnets].forEach((subnet, i) => {
  ec2Call('DescribeSubnets', { SubnetIds: [subnet.subnetId] }).expect(ExpectedResult.objectLike({
    Subnets: [{ CidrBlock: `10.0.${i + 1}.0/24`, MapPublicIpOnLaunch: false, AvailabilityZone: vpc.availabilityZones[i % 2] }],
  }));
});

// NET-05 egress: each zone through its own gateway
const routeTableOf = (subnet: ec2.ISubnet) => ec2Call('DescribeRouteTables', { Filters: [{ Name: 'association.subnet-id', Values: [subnet.subnetId] }] });
const leadsOutThrough = (gateway: object) => ExpectedResult.objectLike({
  RouteTables: [{ Routes: Match.arrayWith([Match.objectLike({ DestinationCidrBlock: '0.0.0.0/0', ...gateway })]) }],
});
vpc.publicSubnets.forEach((subnet) => routeTableOf(subnet).expect(leadsOutThrough({ GatewayId: vpc.internetGatewayId })));
vpc.privateSubnets.forEach((subnet, i) => {
  const gateway = vpc.publicSubnets[i].node.findChild('NATGateway') as ec2.CfnNatGateway;
  routeTableOf(subnet).expect(leadsOutThrough({ NatGatewayId: gateway.ref }));
});

// NET-04 isolated tiers: no table of theirs leads anywhere
ec2Call('DescribeRouteTables', { Filters: [
  { Name: 'association.subnet-id', Values: vpc.isolatedSubnets.map((subnet) => subnet.subnetId) }, { Name: 'route.destination-cidr-block', Values: ['0.0.0.0/0'] },
] }).expect(ExpectedResult.objectLike({ RouteTables: [] }));

// NET-06 flow logs
ec2Call('DescribeFlowLogs', { FlowLogIds: [flowLogs.flowLog.flowLogId] }).expect(ExpectedResult.objectLike({
  FlowLogs: [{ ResourceId: vpc.vpcId, TrafficType: 'ALL', FlowLogStatus: 'ACTIVE', LogGroupName: flowLogs.logGroup.logGroupName, MaxAggregationInterval: 60 }],
}));
assertions.awsApiCall('@aws-sdk/client-cloudwatch-logs', 'DescribeLogGroups', { logGroupNamePrefix: flowLogs.logGroup.logGroupName }).expect(ExpectedResult.objectLike({
  logGroups: [{ retentionInDays: 365, kmsKeyId: flowLogs.encryptionKey.keyArn }],
}));

// NET-07 closed default security group
ec2Call('DescribeSecurityGroups', { GroupIds: [vpc.vpcDefaultSecurityGroup] }).expect(ExpectedResult.objectLike({
  SecurityGroups: [{ GroupName: 'default', IpPermissions: [], IpPermissionsEgress: [] }],
}));

// NET-08 gateway endpoints
[s3Endpoint, dynamoDbEndpoint!].forEach((endpoint) => {
  ec2Call('DescribeVpcEndpoints', { VpcEndpointIds: [endpoint.vpcEndpointId] }).expect(ExpectedResult.objectLike({
    VpcEndpoints: [{ VpcEndpointType: 'Gateway', State: 'available', PolicyDocument: Match.stringLikeRegexp('WithinThisAccount') }],
  }));
});

// NET-09 explicit rules, NET-10 administrator access
const expectPermissions = (group: ec2.SecurityGroup, permissions: object) => ec2Call('DescribeSecurityGroups', { GroupIds: [group.securityGroupId] })
  .expect(ExpectedResult.objectLike({ SecurityGroups: [permissions] }));
expectPermissions(database, {
  IpPermissions: [{ IpProtocol: 'tcp', FromPort: 3306, ToPort: 3306, IpRanges: [], UserIdGroupPairs: [{ GroupId: application.securityGroupId }] }],
  IpPermissionsEgress: [{ IpRanges: [{ CidrIp: '255.255.255.255/32' }] }],
});
expectPermissions(application, {
  IpPermissions: Match.arrayWith([Match.objectLike({ FromPort: 22, ToPort: 22, IpRanges: [Match.objectLike({ CidrIp: '203.0.113.0/24' })] })]),
});
expectPermissions(balancer, {
  IpPermissionsEgress: Match.arrayWith([
    Match.objectLike({ FromPort: 8443, UserIdGroupPairs: [Match.objectLike({ GroupId: application.securityGroupId })] }),
  ]),
});
