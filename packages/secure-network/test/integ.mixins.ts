import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CloseDefaultGroup, NoAutomaticPublicAddresses } from '../src';

/** A VPC that others made, with a rule somebody added to its default group, and our controls on it. */
// stack traces would put the paths of this machine into the snapshot
const app = new App({ stackTraces: false, context: { 'aws:cdk:disable-creation-stack-traces': true } });
const stack = new Stack(app, 'NetworkMixins');
const vpc = new ec2.Vpc(stack, 'Theirs', {
  natGateways: 0, restrictDefaultSecurityGroup: false, availabilityZones: ['us-east-1a', 'us-east-1b'],
});
const byHand = new ec2.CfnSecurityGroupIngress(stack, 'ByHand', {
  groupId: vpc.vpcDefaultSecurityGroup, ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIp: '203.0.113.0/24',
});
vpc.with(new CloseDefaultGroup(), new NoAutomaticPublicAddresses());
vpc.node.defaultChild!.node.findChild('ClosedDefaultGroup').node.addDependency(byHand);

const { assertions } = new IntegTest(app, 'NetworkMixinsTest', { testCases: [stack] });

// NET-07 closed default security group: neither the rules of AWS nor the one that was added
assertions.awsApiCall('@aws-sdk/client-ec2', 'DescribeSecurityGroups', { GroupIds: [vpc.vpcDefaultSecurityGroup] }).expect(ExpectedResult.objectLike({
  SecurityGroups: [{ GroupName: 'default', IpPermissions: [], IpPermissionsEgress: [] }],
}));

// NET-03 no automatic public addresses
vpc.publicSubnets.forEach((subnet) => {
  assertions.awsApiCall('@aws-sdk/client-ec2', 'DescribeSubnets', { SubnetIds: [subnet.subnetId] })
    .expect(ExpectedResult.objectLike({ Subnets: [{ MapPublicIpOnLaunch: false }] }));
});
