import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { addStack, DEFAULT_SELECTION } from '../src/app';
import { CONTEXT } from './_helpers/synthesis';

/** Synthesizes an environment after `open` has been at it: a rule that came later, a route by mistake. */
function synthesizeWith(environment: string, open: (stack: Stack) => void): () => void {
  const app = new App({ analyticsReporting: false, context: CONTEXT });
  open(addStack(app, { ...DEFAULT_SELECTION, environment }));
  return () => { app.synth(); };
}

const groupOf = (stack: Stack, tier: string) => stack.node.findChild('Tiers').node.findChild(tier) as ec2.SecurityGroup;

/** Routes the private subnet of the first zone to the internet gateway, past the NAT gateway. */
function routePrivateSubnet(stack: Stack): void {
  const vpc = stack.node.findChild('Network').node.findChild('Vpc') as ec2.Vpc;
  new ec2.CfnRoute(stack, 'Mistake', { routeTableId: vpc.privateSubnets[0].routeTable.routeTableId, destinationCidrBlock: '203.0.113.0/24', gatewayId: vpc.internetGatewayId });
}

describe('private-workload', () => {
  const environment = 'private-workload';

  test('P-03 fails when the private subnet is routed to the internet gateway', () => {
    expect(synthesizeWith(environment, routePrivateSubnet)).toThrow(/no path from the internet to the Private subnets [^]*TapStack\/Mistake/);
  });

  test('P-04 fails when anything but the load balancer and the administrators may reach the instance', () => {
    const open = (stack: Stack) => groupOf(stack, 'Instance').addIngressRule(ec2.Peer.ipv4('10.0.1.0/24'), ec2.Port.tcp(8080));
    expect(synthesizeWith(environment, open)).toThrow(/but there is one for tcp 8080 [^]*anything in subnet TapStack\/Network\/Vpc\/PublicSubnet1/);
  });

  test('P-04 fails when the load balancer may reach more than HTTPS', () => {
    const open = (stack: Stack) => groupOf(stack, 'LoadBalancer').connections.allowTo(groupOf(stack, 'Instance'), ec2.Port.tcp(8080));
    expect(synthesizeWith(environment, open)).toThrow(/but there is one for tcp 8080 [^]*whatever holds security group TapStack\/Tiers\/LoadBalancer/);
  });

  test('P-04 fails when SSH is open to another parameter, about which nothing is known', () => {
    const open = (stack: Stack) => groupOf(stack, 'Instance').addIngressRule(ec2.Peer.ipv4(new CfnParameter(stack, 'Other').valueAsString), ec2.Port.SSH);
    expect(synthesizeWith(environment, open)).toThrow(/which cannot be proven: whether TapStack\/Other is .* is not known/);
  });
});

describe('baseline', () => {
  const environment = 'baseline';

  test('B-02 fails when a private subnet is routed to the internet gateway', () => {
    expect(synthesizeWith(environment, routePrivateSubnet)).toThrow(/no path from the internet to the Private subnets [^]*TapStack\/Mistake/);
  });

  test('B-05 fails when the public instance is open to anybody', () => {
    const open = (stack: Stack) => groupOf(stack, 'Public').addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443));
    expect(synthesizeWith(environment, open)).toThrow(/no path to TapStack\/PublicServer but [^]*but there is one for tcp 443/);
  });

  test('B-05 fails when the database is reached from anywhere but the compute groups', () => {
    const open = (stack: Stack) => groupOf(stack, 'Database').addIngressRule(ec2.Peer.ipv4('10.0.0.0/16'), ec2.Port.tcp(13306));
    expect(synthesizeWith(environment, open)).toThrow(/no path to TapStack\/Database but [^]*but there is one for tcp 13306/);
  });

  test('B-05 fails when the compute groups reach the database on another port', () => {
    const open = (stack: Stack) => groupOf(stack, 'Private').connections.allowTo(groupOf(stack, 'Database'), ec2.Port.tcp(22));
    expect(synthesizeWith(environment, open)).toThrow(/but there is one for tcp 22 [^]*TapStack\/PrivateServer/);
  });

  test('B-05 fails when the database may call out', () => {
    const open = (stack: Stack) => groupOf(stack, 'Database').addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443));
    expect(synthesizeWith(environment, open)).toThrow(/no path from TapStack\/Database to the internet, but there is one for tcp 443/);
  });
});

describe('data-platform', () => {
  const environment = 'data-platform';

  test('D-01 fails when a database subnet is routed to the internet gateway', () => {
    const open = (stack: Stack) => {
      const vpc = stack.node.findChild('Network').node.findChild('Vpc') as ec2.Vpc;
      new ec2.CfnRoute(stack, 'Mistake', { routeTableId: vpc.isolatedSubnets[0].routeTable.routeTableId, destinationCidrBlock: '0.0.0.0/0', gatewayId: vpc.internetGatewayId });
    };
    expect(synthesizeWith(environment, open)).toThrow(/no path from the internet to the Database subnets [^]*TapStack\/Mistake/);
  });

  test('D-01 fails when a private subnet is routed to the internet gateway', () => {
    expect(synthesizeWith(environment, routePrivateSubnet)).toThrow(/no path from the internet to the Private subnets [^]*TapStack\/Mistake/);
  });

  test('D-07 fails when the instances are reached past the front', () => {
    const open = (stack: Stack) => groupOf(stack, 'Instance').addIngressRule(ec2.Peer.ipv4('10.0.1.0/24'), ec2.Port.HTTPS);
    expect(synthesizeWith(environment, open)).toThrow(/no path to TapStack\/Fleet but [^]*but there is one for tcp 443/);
  });

  test('D-07 fails when the database is reached past the instances', () => {
    const open = (stack: Stack) => groupOf(stack, 'Front').connections.allowTo(groupOf(stack, 'Database'), ec2.Port.tcp(13306));
    expect(synthesizeWith(environment, open)).toThrow(/no path to TapStack\/Database but [^]*but there is one for tcp 13306/);
  });

  test('D-07 fails when the instances reach the database on another port', () => {
    const open = (stack: Stack) => groupOf(stack, 'Instance').connections.allowTo(groupOf(stack, 'Database'), ec2.Port.tcp(22));
    expect(synthesizeWith(environment, open)).toThrow(/but there is one for tcp 22 [^]*TapStack\/Fleet/);
  });
});

describe('tap-stack', () => {
  const environment = 'tap-stack';

  test('B-03 fails when the public instance is open to anybody', () => {
    const open = (stack: Stack) => groupOf(stack, 'Public').addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS);
    expect(synthesizeWith(environment, open)).toThrow(/no path to TapStack\/PublicServer but [^]*but there is one for tcp 443/);
  });

  test('B-03 fails when the public instance reaches the fleet', () => {
    const open = (stack: Stack) => groupOf(stack, 'Public').connections.allowTo(groupOf(stack, 'Instance'), ec2.Port.HTTPS);
    expect(synthesizeWith(environment, open)).toThrow(/no path to TapStack\/Fleet but [^]*but there is one for tcp 443 [^]*TapStack\/PublicServer/);
  });

  test('B-03, B-05 fails when the public instance reaches the database', () => {
    const open = (stack: Stack) => groupOf(stack, 'Public').connections.allowTo(groupOf(stack, 'Database'), ec2.Port.tcp(13306));
    expect(synthesizeWith(environment, open)).toThrow(/no path to TapStack\/Database but [^]*but there is one for tcp 13306 [^]*TapStack\/PublicServer/);
  });
});
