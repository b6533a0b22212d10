import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Egress, EndpointSet, InstanceConnectEndpoint, Outbound, SecureVpc, TierAcl, TierKind, TierSecurityGroups } from '../src';

/**
 * A network without a public tier: planned over two ranges, out through a regional NAT gateway on addresses of ours, AWS by endpoints, flow logs in
 * a bucket under a key, network ACLs, and a door for administrators. As AWS describes it afterwards.
 */
// stack traces would put the paths of this machine into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'PrivateNetwork');
const removalPolicy = RemovalPolicy.DESTROY;
const bucket = new s3.Bucket(stack, 'Records', {
  encryptionKey: new kms.Key(stack, 'Key', { enableKeyRotation: true, removalPolicy }), enforceSSL: true,
  blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL, removalPolicy,
});
const addresses = [1, 2].map((zone) => new ec2.CfnEIP(stack, `Address${zone}`, { domain: 'vpc' }));
const { vpc, regionalNat, interfaceEndpoints, flowLogs } = new SecureVpc(stack, 'Network', {
  cidr: '10.0.0.0/20',
  secondaryCidrs: ['100.64.0.0/16'],
  tiers: [
    { name: 'Private', kind: TierKind.PRIVATE, prefixLength: 23, acl: TierAcl.NO_ADMINISTRATION_FROM_OUTSIDE },
    { name: 'Database', kind: TierKind.ISOLATED, prefixLength: 26, acl: TierAcl.WITHIN_VPC },
    { name: 'Pods', kind: TierKind.PRIVATE, prefixLength: 20 },
  ],
  egress: Egress.regionalFrom(addresses.map((address) => address.attrAllocationId)),
  interfaceEndpoints: [EndpointSet.SSM],
  flowLogBucket: bucket,
  removalPolicy,
});
const instanceConnect = new InstanceConnectEndpoint(stack, 'Door', { vpc, subnets: { subnetGroupName: 'Private' } });
const groups = new TierSecurityGroups(stack, 'Groups', { vpc });
const { loadBalancer, application, database } = groups.addChain({
  reachedFrom: [ec2.Peer.ipv4('10.0.0.0/20')], applicationPort: ec2.Port.tcp(8443), applicationEgress: [Outbound.toEndpoints(interfaceEndpoints!)], instanceConnect,
});

const { assertions } = new IntegTest(app, 'PrivateNetworkTest', { testCases: [stack] });
const ec2Call = (action: string, parameters: object) => assertions.awsApiCall('@aws-sdk/client-ec2', action, parameters);
const [privateSubnets, pods] = ['Private', 'Pods'].map((subnetGroupName) => vpc.selectSubnets({ subnetGroupName }).subnets);

// NET-01 planned addresses, in both ranges of the VPC
ec2Call('DescribeVpcs', { VpcIds: [vpc.vpcId] }).expect(ExpectedResult.objectLike({
  Vpcs: [{ CidrBlockAssociationSet: ['10.0.0.0/20', '100.64.0.0/16'].map((CidrBlock) => Match.objectLike({ CidrBlock, CidrBlockState: { State: 'associated' } })) }],
}));
[...privateSubnets, ...vpc.isolatedSubnets, ...pods].forEach((subnet, i) => {
  const planned = ['10.0.0.0/23', '10.0.2.0/23', '10.0.8.0/26', '10.0.8.64/26', '100.64.0.0/20', '100.64.16.0/20'];
  ec2Call('DescribeSubnets', { SubnetIds: [subnet.subnetId] }).expect(ExpectedResult.objectLike({
    Subnets: [{ CidrBlock: planned[i], MapPublicIpOnLaunch: false, AvailabilityZone: vpc.availabilityZones[i % 2] }],
  }));
});

// NET-05 egress: one gateway for the region, on our addresses, and no subnet leads to the internet gateway itself
ec2Call('DescribeNatGateways', { NatGatewayIds: [regionalNat!.ref] }).expect(ExpectedResult.objectLike({
  NatGateways: [{
    AvailabilityMode: 'regional', VpcId: vpc.vpcId, State: 'available',
    NatGatewayAddresses: addresses.map(({ attrAllocationId: AllocationId }, i) => (
      Match.objectLike({ AllocationId, AvailabilityZone: vpc.availabilityZones[i] })
    )),
  }],
}));
[...privateSubnets, ...pods].forEach((subnet) => {
  ec2Call('DescribeRouteTables', { Filters: [{ Name: 'association.subnet-id', Values: [subnet.subnetId] }] }).expect(ExpectedResult.objectLike({
    RouteTables: [{ Routes: Match.arrayWith([Match.objectLike({ DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: regionalNat!.ref })]) }],
  }));
});
ec2Call('DescribeRouteTables', { Filters: [
  { Name: 'association.subnet-id', Values: vpc.isolatedSubnets.map((subnet) => subnet.subnetId) }, { Name: 'route.destination-cidr-block', Values: ['0.0.0.0/0'] },
] }).expect(ExpectedResult.objectLike({ RouteTables: [] }));

// NET-06 flow logs: the local AWS asks the policy of the bucket before it makes them, as AWS does
ec2Call('DescribeFlowLogs', { FlowLogIds: [flowLogs.flowLog.flowLogId] }).expect(ExpectedResult.objectLike({
  FlowLogs: [{
    ResourceId: vpc.vpcId, TrafficType: 'ALL', FlowLogStatus: 'ACTIVE', LogDestinationType: 's3', LogDestination: bucket.bucketArn,
    DestinationOptions: { FileFormat: 'parquet' },
  }],
}));
assertions.awsApiCall('@aws-sdk/client-s3', 'GetBucketPolicy', { Bucket: bucket.bucketName })
  .expect(ExpectedResult.objectLike({ Policy: Match.stringLikeRegexp('AllowFlowLogDelivery') }));
assertions.awsApiCall('@aws-sdk/client-kms', 'GetKeyPolicy', { KeyId: bucket.encryptionKey!.keyId, PolicyName: 'default' })
  .expect(ExpectedResult.objectLike({ Policy: Match.stringLikeRegexp('delivery.logs.amazonaws.com') }));

// NET-13 interface endpoints: one group for all, principals of this account
Object.values(interfaceEndpoints!.endpoints).forEach((endpoint) => {
  ec2Call('DescribeVpcEndpoints', { VpcEndpointIds: [endpoint.vpcEndpointId] }).expect(ExpectedResult.objectLike({
    VpcEndpoints: [{
      VpcEndpointType: 'Interface', State: 'available', PrivateDnsEnabled: true, SubnetIds: privateSubnets.map((subnet) => subnet.subnetId),
      Groups: [Match.objectLike({ GroupId: interfaceEndpoints!.securityGroup.securityGroupId })], PolicyDocument: Match.stringLikeRegexp('aws:PrincipalAccount'),
    }],
  }));
});
['10.0.0.0/20', '100.64.0.0/16'].forEach((CidrIp) => {
  ec2Call('DescribeSecurityGroups', { GroupIds: [interfaceEndpoints!.securityGroup.securityGroupId] }).expect(ExpectedResult.objectLike({
    SecurityGroups: [{
      IpPermissions: Match.arrayWith([Match.objectLike({ FromPort: 443, ToPort: 443, IpRanges: Match.arrayWith([Match.objectLike({ CidrIp })]) })]),
      IpPermissionsEgress: [{ IpRanges: [{ CidrIp: '255.255.255.255/32' }] }],
    }],
  }));
});

// NET-14 network ACLs: the tiers that have one, and what it lets through
const aclOf = (subnet: ec2.ISubnet) => ec2Call('DescribeNetworkAcls', { Filters: [{ Name: 'association.subnet-id', Values: [subnet.subnetId] }] });
vpc.isolatedSubnets.forEach((subnet) => aclOf(subnet).expect(ExpectedResult.objectLike({
  NetworkAcls: [{ IsDefault: false, Entries: Match.arrayWith([
    Match.objectLike({ RuleNumber: 100, Egress: false, RuleAction: 'allow', Protocol: '-1', CidrBlock: '10.0.0.0/20' }),
    Match.objectLike({ RuleNumber: 101, Egress: true, RuleAction: 'allow', Protocol: '-1', CidrBlock: '100.64.0.0/16' }),
  ]) }],
})));
aclOf(privateSubnets[0]).expect(ExpectedResult.objectLike({
  NetworkAcls: [{ IsDefault: false, Entries: Match.arrayWith([
    Match.objectLike({ RuleNumber: 210, Egress: false, RuleAction: 'allow', Protocol: '6', CidrBlock: '0.0.0.0/0', PortRange: { From: 23, To: 3388 } }),
  ]) }],
}));
aclOf(pods[0]).expect(ExpectedResult.objectLike({ NetworkAcls: [{ IsDefault: true }] }));

// NET-10 administrator access: a door that nothing reaches, and that reaches the application only
const door = instanceConnect.securityGroup.securityGroupId;
ec2Call('DescribeInstanceConnectEndpoints', { InstanceConnectEndpointIds: [instanceConnect.endpoint.attrId] }).expect(ExpectedResult.objectLike({
  InstanceConnectEndpoints: [{ State: 'create-complete', SubnetId: privateSubnets[0].subnetId, SecurityGroupIds: [door], PreserveClientIp: false }],
}));
ec2Call('DescribeSecurityGroups', { GroupIds: [door] }).expect(ExpectedResult.objectLike({
  SecurityGroups: [{ IpPermissions: [], IpPermissionsEgress: Match.arrayWith([
    Match.objectLike({ FromPort: 22, ToPort: 22, UserIdGroupPairs: [Match.objectLike({ GroupId: application.securityGroupId })] }),
  ]) }],
}));

// NET-09 explicit rules along the chain
const ingressOf = (group: ec2.SecurityGroup, rules: object[]) => ec2Call('DescribeSecurityGroups', { GroupIds: [group.securityGroupId] })
  .expect(ExpectedResult.objectLike({ SecurityGroups: [{ IpPermissions: Match.arrayWith(rules.map((rule) => Match.objectLike(rule))) }] }));
const from = (group: ec2.SecurityGroup) => [Match.objectLike({ GroupId: group.securityGroupId })];
ingressOf(loadBalancer, [{ FromPort: 443, IpRanges: [Match.objectLike({ CidrIp: '10.0.0.0/20' })] }]);
ingressOf(application, [{ FromPort: 8443, UserIdGroupPairs: from(loadBalancer) }]);
ingressOf(application, [{ FromPort: 22, UserIdGroupPairs: from(instanceConnect.securityGroup) }]);
ingressOf(database, [{ FromPort: 3306, UserIdGroupPairs: from(application) }]);
