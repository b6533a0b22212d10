import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { InstanceConnectEndpoint, InstanceConnectEndpointProps, SecureVpc } from '../src';

describe('InstanceConnectEndpoint', () => {
  let stack: Stack;
  let vpc: ec2.Vpc;
  beforeEach(() => {
    stack = new Stack();
    ({ vpc } = new SecureVpc(stack, 'Network'));
  });
  const door = (props?: Partial<InstanceConnectEndpointProps>) => new InstanceConnectEndpoint(stack, 'Door', { vpc, ...props });
  const template = () => Template.fromStack(stack);
  const standsIn = () => Object.values(template().findResources('AWS::EC2::InstanceConnectEndpoint'))[0].Properties.SubnetId;

  describe('NET-10 administrator access', () => {
    test('stands in a private subnet, behind a group of its own, and shows its own address', () => {
      const { securityGroup } = door();
      expect(standsIn()).toEqual(stack.resolve(vpc.privateSubnets[0].subnetId));
      template().hasResourceProperties('AWS::EC2::InstanceConnectEndpoint', {
        SecurityGroupIds: [stack.resolve(securityGroup.securityGroupId)], PreserveClientIp: false,
      });
    });

    test('stands where it is told to', () => {
      door({ subnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED } });
      expect(standsIn()).toEqual(stack.resolve(vpc.isolatedSubnets[0].subnetId));
    });

    test('is reached from nowhere and reaches nothing until a tier names it', () => {
      door();
      template().hasResourceProperties('AWS::EC2::SecurityGroup', {
        GroupDescription: 'EC2 Instance Connect Endpoint', SecurityGroupEgress: [{ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp' }],
      });
      template().resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    });

    test('reaches what connections of CDK open', () => {
      const server = new ec2.SecurityGroup(stack, 'Server', { vpc });
      door().connections.allowTo(server, ec2.Port.SSH, 'SSH');
      template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 22, ToPort: 22, GroupId: stack.resolve(server.securityGroupId) });
    });

    test('lets an administrator tunnel to port 22, for an hour, through this endpoint only', () => {
      const endpoint = door();
      endpoint.grantTunnel(new iam.Role(stack, 'Administrator', { assumedBy: new iam.AccountRootPrincipal() }));
      template().hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: { Statement: [{
          Effect: 'Allow', Action: 'ec2-instance-connect:OpenTunnel',
          Resource: stack.resolve(stack.formatArn({ service: 'ec2', resource: 'instance-connect-endpoint', resourceName: endpoint.endpoint.attrId })),
          Condition: { NumericEquals: { 'ec2-instance-connect:remotePort': 22 }, NumericLessThanEquals: { 'ec2-instance-connect:maxTunnelDuration': 3600 } },
        }] },
      });
    });

    test('fails where no subnet is selected', () => {
      expect(() => door({ subnets: { subnets: [] } })).toThrow("'subnets' must select a subnet for the endpoint to stand in, got none; pass others [Default/Door]");
    });
  });

  test('its default child is the endpoint', () => {
    const endpoint = door();
    expect(endpoint.node.defaultChild).toBe(endpoint.endpoint);
  });
});
