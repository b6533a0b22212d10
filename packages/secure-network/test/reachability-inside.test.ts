import { CfnParameter, Fn } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { NetworkPlace, ReachabilityVerdict } from '../src';
import { EVERYTHING, SmallNetwork, tcp, tcpFrom } from './_helpers/small-network';

const { HOLDS, VIOLATED, UNDECIDED } = ReachabilityVerdict;

type Case = [shows: string, build: (network: SmallNetwork) => void, verdict: ReachabilityVerdict, says?: string | RegExp];

const MYSQL = ec2.Port.tcp(3306);
const place = NetworkPlace.resource;

/** An application in the public subnet and a database in the private one, which lets in what is given. */
function applicationAndDatabase(network: SmallNetwork, ...rules: ec2.CfnSecurityGroup.IngressProperty[]) {
  const group = network.group('AppGroup', [tcp(443, '0.0.0.0/0')]);
  const application = network.instance('App', network.public, group);
  const databaseGroup = network.group('DbGroup', [tcpFrom(3306, group), ...rules]);
  return { group, application, databaseGroup, database: network.instance('Db', network.private, databaseGroup) };
}

/** The same, with the statement that the application alone reaches the database, on 3306 alone. */
function onlyMysql(network: SmallNetwork, ...rules: ec2.CfnSecurityGroup.IngressProperty[]) {
  const made = applicationAndDatabase(network, ...rules);
  network.check.onlyPaths(place(made.database), [{ from: NetworkPlace.securityGroupId(made.group.attrGroupId), ports: [MYSQL] }]);
  return made;
}

const pairs: Case[] = [
  ['a group that lets the other in', (n) => {
    const { application, database } = applicationAndDatabase(n);
    n.check.noPath(place(application), place(database));
  }, VIOLATED, /tcp 3306\nStack\/App\n.*lets everything out\nsubnet Stack\/Public\n.*\n.*\nsubnet Stack\/Private\nStack\/DbGroup lets tcp 3306 in from Stack\/AppGroup\nStack\/Db$/],
  ['on another port', (n) => {
    const { application, database } = applicationAndDatabase(n);
    n.check.noPath(place(application), place(database), ec2.Port.SSH);
  }, HOLDS],
  ['the other way round', (n) => {
    const { application, database } = applicationAndDatabase(n);
    n.check.noPath(place(database), place(application), ec2.Port.tcpRange(0, 442));
  }, HOLDS],
  ['a source whose own group lets nothing out there', (n) => {
    const group = n.group('AppGroup', [], [tcp(443, '0.0.0.0/0')]);
    const [application, database] = [n.instance('App', n.public, group), n.instance('Db', n.private, n.group('DbGroup', [tcpFrom(3306, group)]))];
    n.check.noPath(place(application), place(database));
  }, HOLDS],
  ['a source whose egress names the group of the target', (n) => {
    const [group, other] = [n.group('AppGroup', [], [tcp(443, '192.0.2.0/24')]), n.group('DbGroup', [EVERYTHING])];
    new ec2.CfnSecurityGroupEgress(n.stack, 'Out', { groupId: group.ref, ipProtocol: 'tcp', fromPort: 3306, toPort: 3306, destinationSecurityGroupId: other.attrGroupId });
    n.check.noPath(place(n.instance('App', n.public, group)), place(n.instance('Db', n.private, other)));
  }, VIOLATED, 'tcp 3306'],
  ['a network ACL between the subnets', (n) => {
    n.acl(n.private, [[100, 'deny', '10.0.1.0/24'], [200, 'allow', '0.0.0.0/0']], [[100, 'allow', '0.0.0.0/0']]);
    const { application, database } = applicationAndDatabase(n);
    n.check.noPath(place(application), place(database));
  }, HOLDS],
  ['network ACLs that have no port for answers in common', (n) => {
    n.acl(n.private, [[100, 'allow', '0.0.0.0/0']], [[100, 'allow', '0.0.0.0/0', [1024, 32767]]]);
    n.acl(n.public, [[100, 'allow', '0.0.0.0/0', [32768, 65535]]], [[100, 'allow', '0.0.0.0/0']]);
    const { application, database } = applicationAndDatabase(n);
    n.check.noPath(place(application), place(database));
  }, HOLDS],
  ['a network ACL does not stand inside a subnet', (n) => {
    n.acl(n.private, [], []);
    const group = n.group('G');
    new ec2.CfnSecurityGroupIngress(n.stack, 'Self', { groupId: group.ref, ipProtocol: '-1', sourceSecurityGroupId: group.ref });
    n.check.noPath(place(n.instance('One', n.private, group)), place(n.instance('Two', n.private, group)));
  }, VIOLATED],
  ['two in the default group', (n) => n.check.noPath(place(n.instance('One', n.private)), place(n.instance('Two', n.public))), VIOLATED, 'default group'],
  ['a rule for addresses that a subnet of unknown addresses may have', (n) => {
    n.private.cidrBlock = new CfnParameter(n.stack, 'Range').valueAsString;
    n.check.noPath(place(n.instance('One', n.private, n.group('G'))), place(n.instance('Two', n.public, n.group('H', [tcp(443, '10.0.2.0/24')]))));
  }, UNDECIDED],
  ['a rule for all addresses of the VPC', (n) => {
    n.private.cidrBlock = new CfnParameter(n.stack, 'Range').valueAsString;
    n.check.noPath(place(n.instance('One', n.private, n.group('G'))), place(n.instance('Two', n.public, n.group('H', [tcp(443, n.vpc.attrCidrBlock)]))));
  }, VIOLATED],
  ['another VPC', (n) => {
    const other = new ec2.CfnVPC(n.stack, 'Other', { cidrBlock: '10.1.0.0/16' });
    const far = new ec2.CfnSubnet(n.stack, 'Far', { vpcId: other.ref, cidrBlock: '10.1.1.0/24' });
    n.check.noPath(NetworkPlace.subnetIds(far.ref), place(n.instance('Web', n.private, n.group('G', [EVERYTHING]))));
  }, HOLDS],
  ['another VPC, peered, with routes both ways', (n) => {
    const other = new ec2.CfnVPC(n.stack, 'Other', { cidrBlock: '10.1.0.0/16' });
    const peering = new ec2.CfnVPCPeeringConnection(n.stack, 'Peering', { vpcId: n.vpc.ref, peerVpcId: other.ref });
    n.route(n.private, 'There', { destinationCidrBlock: '10.1.0.0/16', vpcPeeringConnectionId: peering.ref });
    const far = n.subnet('Far', '10.1.1.0/24', { destinationCidrBlock: '10.0.0.0/16', vpcPeeringConnectionId: peering.ref });
    far.vpcId = other.ref;
    (n.stack.node.findChild('FarTable') as ec2.CfnRouteTable).vpcId = other.ref;
    n.check.noPath(NetworkPlace.subnetIds(far.ref), place(n.instance('Web', n.private, n.group('G', [EVERYTHING]))));
  }, VIOLATED, 'Stack/Peering'],
  ['addresses behind a VPN gateway', (n) => {
    n.route(n.private, 'Home', { destinationCidrBlock: '192.168.0.0/16', gatewayId: 'vgw-12345678' });
    n.check.noPath(NetworkPlace.addresses('192.168.7.0/24'), place(n.instance('Web', n.private, n.group('G', [tcp(22, '192.168.0.0/16')]))));
  }, VIOLATED, 'VPN gateway vgw-12345678'],
  ['addresses that no route leads to', (n) => {
    n.check.noPath(NetworkPlace.addresses('192.168.7.0/24'), place(n.instance('Web', n.private, n.group('G', [EVERYTHING]))));
  }, HOLDS],
  ['addresses of a subnet', (n) => {
    n.check.noPath(NetworkPlace.addresses('10.0.1.0/26'), place(n.instance('Web', n.private, n.group('G', [tcp(22, '10.0.1.7/32')]))));
  }, VIOLATED, 'anything in subnet Stack/Public'],
];

const only: Case[] = [
  ['the application and nobody else', (n) => onlyMysql(n), HOLDS],
  ['another port for the application', (n) => {
    const { group, databaseGroup } = onlyMysql(n);
    new ec2.CfnSecurityGroupIngress(n.stack, 'More', { groupId: databaseGroup.ref, ...tcpFrom(22, group) });
  }, VIOLATED, /tcp 22\nStack\/App\n/],
  ['another group, which somebody holds', (n) => {
    const admin = n.group('Admin');
    n.instance('Bastion', n.public, admin);
    onlyMysql(n, tcpFrom(3306, admin));
  }, VIOLATED, /tcp 3306\nStack\/Bastion\n/],
  ['another group, which nobody holds yet', (n) => onlyMysql(n, tcpFrom(3306, n.group('Admin'))), VIOLATED, 'whatever holds security group Stack/Admin'],
  ['all of the VPC', (n) => onlyMysql(n, tcp(3306, '10.0.0.0/16')), VIOLATED, 'anything in subnet Stack/Public'],
  ['anybody, where no route leads from outside', (n) => onlyMysql(n, tcp(3306, '198.51.100.0/24')), HOLDS],
  ['a data centre, where a route leads', (n) => {
    n.route(n.private, 'Home', { destinationCidrBlock: '192.168.0.0/16', gatewayId: 'vgw-12345678' });
    onlyMysql(n, tcp(3306, '192.168.0.0/16'));
  }, VIOLATED, 'an address outside (192.168.0.0)'],
  ['a group of elsewhere', (n) => onlyMysql(n, { ipProtocol: 'tcp', fromPort: 3306, toPort: 3306, sourceSecurityGroupId: 'sg-12345678' }),
    UNDECIDED, 'whatever holds security group sg-12345678'],
  ['members of its own group: the place reaches itself', (n) => {
    const { databaseGroup } = applicationAndDatabase(n);
    new ec2.CfnSecurityGroupIngress(n.stack, 'Self', { groupId: databaseGroup.ref, ipProtocol: '-1', sourceSecurityGroupId: databaseGroup.ref });
    n.instance('Replica', n.private, databaseGroup);
    n.check.onlyPaths(NetworkPlace.securityGroupId(databaseGroup.ref), [{ from: place(n.stack.node.findChild('App')), ports: [MYSQL] }]);
  }, HOLDS],
  ['a parameter that is allowed by name', (n) => {
    const office = new CfnParameter(n.stack, 'Office').valueAsString;
    const web = n.instance('Web', n.public, n.group('G', [tcp(22, office)]), true);
    n.check.onlyPaths(place(web), [{ from: NetworkPlace.addresses(office), ports: [ec2.Port.SSH] }]);
  }, HOLDS],
  ['a parameter that is allowed by name, on another port', (n) => {
    const office = new CfnParameter(n.stack, 'Office').valueAsString;
    const web = n.instance('Web', n.public, n.group('G', [tcp(3389, office)]), true);
    n.check.onlyPaths(place(web), [{ from: NetworkPlace.addresses(office), ports: [ec2.Port.SSH] }]);
  }, UNDECIDED, 'Stack/Office'],
  ['another parameter than the one that is allowed', (n) => {
    const [office, other] = ['Office', 'Other'].map((id) => new CfnParameter(n.stack, id).valueAsString);
    const web = n.instance('Web', n.public, n.group('G', [tcp(22, other)]), true);
    n.check.onlyPaths(place(web), [{ from: NetworkPlace.addresses(office), ports: [ec2.Port.SSH] }]);
  }, UNDECIDED, 'Stack/Other'],
  ['addresses that are allowed', (n) => {
    const web = n.instance('Web', n.public, n.group('G', [tcp(22, '203.0.113.0/24')]), true);
    n.check.onlyPaths(place(web), [{ from: NetworkPlace.addresses('203.0.113.0/24'), ports: [ec2.Port.SSH] }]);
  }, HOLDS],
  ['more addresses than are allowed', (n) => {
    const web = n.instance('Web', n.public, n.group('G', [tcp(22, '203.0.113.0/24')]), true);
    n.check.onlyPaths(place(web), [{ from: NetworkPlace.addresses('203.0.113.0/25'), ports: [ec2.Port.SSH] }]);
  }, VIOLATED, '(203.0.113.128)'],
  ['the internet, where that is allowed', (n) => {
    const web = n.instance('Web', n.public, n.group('G', [tcp(443, '0.0.0.0/0')]), true);
    n.check.onlyPaths(place(web), [{ from: NetworkPlace.INTERNET, ports: [ec2.Port.tcp(443)] }]);
  }, VIOLATED, 'anything in subnet Stack/Public'],
  ['the internet and the subnets, where that is allowed', (n) => {
    const web = n.instance('Web', n.public, n.group('G', [tcp(443, '0.0.0.0/0')]), true);
    const ports = [ec2.Port.tcp(443)];
    n.check.onlyPaths(place(web), [{ from: NetworkPlace.INTERNET, ports }, { from: NetworkPlace.subnetIds(n.public.ref, n.private.ref), ports }]);
  }, HOLDS],
  ['the internet by IPv6, where only the application is allowed', (n) => {
    const subnet = n.subnet('Six', '10.0.6.0/24', { destinationIpv6CidrBlock: '::/0', gatewayId: n.gateway.ref });
    subnet.ipv6CidrBlock = Fn.select(0, n.vpc.attrIpv6CidrBlocks);
    const group = n.group('G', [{ ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIpv6: '::/0' }]);
    const web = new ec2.CfnInstance(n.stack, 'Web', { subnetId: subnet.ref, securityGroupIds: [group.attrGroupId], ipv6AddressCount: 1 });
    n.check.onlyPaths(place(web), [{ from: NetworkPlace.subnetIds(n.public.ref, n.private.ref, subnet.ref), ports: [ec2.Port.tcp(443)] }]);
  }, VIOLATED, 'an address outside (2000::)'],
  ['the internet, by the second network interface', (n) => {
    const card = new ec2.CfnNetworkInterface(n.stack, 'Card', { subnetId: n.public.ref, groupSet: [n.group('G', [tcp(22, '198.51.100.0/24')]).attrGroupId] });
    new ec2.CfnEIPAssociation(n.stack, 'IpOf', { allocationId: new ec2.CfnEIP(n.stack, 'Ip').attrAllocationId, networkInterfaceId: card.attrId });
    const web = n.instance('Web', n.private, n.group('H'));
    new ec2.CfnNetworkInterfaceAttachment(n.stack, 'CardOf', { deviceIndex: '1', instanceId: web.ref, networkInterfaceId: card.attrId });
    n.check.onlyPaths(place(web), []);
  }, VIOLATED, 'Stack/G lets tcp 22 in'],
  ['nobody', (n) => n.check.onlyPaths(place(n.instance('Web', n.public, n.group('G'), true)), []), HOLDS],
  ['nobody, for a group that nothing holds yet', (n) => n.check.onlyPaths(NetworkPlace.securityGroupId(n.group('G').ref), []), HOLDS],
  ['nobody, for an open group that nothing holds yet', (n) => n.check.onlyPaths(NetworkPlace.securityGroupId(n.group('G', [EVERYTHING]).ref), []), VIOLATED],
  ['a port that is a parameter allows nothing', (n) => {
    const { group, database } = applicationAndDatabase(n);
    const port = new CfnParameter(n.stack, 'Port', { type: 'Number' }).valueAsNumber;
    n.check.onlyPaths(place(database), [{ from: NetworkPlace.securityGroupId(group.ref), ports: [ec2.Port.tcp(port)] }]);
  }, VIOLATED],
];

describe('NET-15 proven reachability', () => {
  describe.each([['no path between two places', pairs], ['only the paths that are named', only]])('%s', (_, cases) => {
    test.each(cases.map(([shows, build, verdict, says = '']) => ({ shows, build, verdict, says })))('$shows: $verdict', ({ build, verdict, says }) => {
      const network = new SmallNetwork();
      build(network);
      const [finding] = network.check.analyze();
      expect(finding.verdict).toBe(verdict);
      expect([finding.traffic, ...finding.path, ...finding.doubts].join('\n')).toMatch(says);
    });
  });
});
