import { Aws, CfnCondition, CfnParameter, Fn } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { NetworkPlace, ReachabilityVerdict } from '../src';
import { EVERYTHING, SmallNetwork, tcp } from './_helpers/small-network';

const { HOLDS, VIOLATED, UNDECIDED } = ReachabilityVerdict;

/** What the case shows, what is built and stated, what becomes of it, and what the finding says. */
type Case = [shows: string, build: (network: SmallNetwork) => void, verdict: ReachabilityVerdict, says?: string | RegExp];

const V6_ANY = { ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIpv6: '::/0' };

/** A subnet with IPv6, routed as given, and an instance in it that has an address of the family. */
function v6Instance(network: SmallNetwork, route: Omit<ec2.CfnRouteProps, 'routeTableId' | 'destinationIpv6CidrBlock'>, rules = [V6_ANY]): ec2.CfnInstance {
  const subnet = network.subnet('Six', '10.0.6.0/24', { destinationIpv6CidrBlock: '::/0', ...route });
  subnet.ipv6CidrBlock = Fn.select(0, Fn.cidr(Fn.select(0, network.vpc.attrIpv6CidrBlocks), 1, '64'));
  return new ec2.CfnInstance(network.stack, 'Web', { networkInterfaces: [{ deviceIndex: '0', subnetId: subnet.ref, groupSet: [network.group('WebGroup', rules).attrGroupId], ipv6AddressCount: 1 }] });
}

const fromInternet: Case[] = [
  ['a public instance whose group is open', (n) => n.notFromInternet(n.instance('Web', n.public, n.group('G', [tcp(22, '0.0.0.0/0')]), true)),
    VIOLATED, /Stack\/G lets tcp 22 in from 0\.0\.0\.0\/0/],
  ['a public instance whose group has no rule', (n) => n.notFromInternet(n.instance('Web', n.public, n.group('G'), true)), HOLDS],
  ['a route without a public address', (n) => n.notFromInternet(n.instance('Web', n.public, n.group('G', [EVERYTHING]))), HOLDS],
  ['a public address without a route', (n) => n.notFromInternet(n.instance('Web', n.private, n.group('G', [EVERYTHING]), true)), HOLDS],
  ['an internet gateway that is attached to nothing', (n) => {
    n.stack.node.tryRemoveChild('Attachment');
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [EVERYTHING]), true));
  }, HOLDS],
  ['a group open to private addresses only', (n) => n.notFromInternet(n.instance('Web', n.public, n.group('G', [tcp(22, '10.0.0.0/8')]), true)), HOLDS],
  ['a group open to one address on the internet', (n) => n.notFromInternet(n.instance('Web', n.public, n.group('G', [tcp(22, '203.0.113.7/32')]), true)),
    VIOLATED, /the internet \(203\.0\.113\.7\)/],
  ['a group open to members of itself', (n) => {
    const group = n.group('G');
    new ec2.CfnSecurityGroupIngress(n.stack, 'Self', { groupId: group.attrGroupId, ipProtocol: '-1', sourceSecurityGroupId: group.attrGroupId });
    n.notFromInternet(n.instance('Web', n.public, group, true));
  }, HOLDS],
  ['no group at all: the default one lets in its members only', (n) => n.notFromInternet(n.instance('Web', n.public, undefined, true)), HOLDS],
  ['a rule added to the default group', (n) => {
    new ec2.CfnSecurityGroupIngress(n.stack, 'Rule', { groupId: n.vpc.attrDefaultSecurityGroup, ...tcp(22, '0.0.0.0/0') });
    n.notFromInternet(n.instance('Web', n.public, undefined, true));
  }, VIOLATED, 'Stack/Rule lets tcp 22 in'],
  ['a rule that is a resource of its own', (n) => {
    const group = n.group('G');
    new ec2.CfnSecurityGroupIngress(n.stack, 'Rule', { groupId: group.ref, ...tcp(22, '0.0.0.0/0') });
    n.notFromInternet(n.instance('Web', n.public, group, true));
  }, VIOLATED, 'Stack/Rule lets tcp 22 in'],
  ['a rule that an override opens', (n) => {
    const group = n.group('G', [tcp(22, '10.0.0.0/8')]);
    group.addPropertyOverride('SecurityGroupIngress.0.CidrIp', '0.0.0.0/0');
    n.notFromInternet(n.instance('Web', n.public, group, true));
  }, VIOLATED, 'in from 0.0.0.0/0'],
  ['a group that is named by logical id', (n) => {
    n.group('G', [tcp(22, '0.0.0.0/0')]);
    const web = n.instance('Web', n.public, undefined, true);
    web.addPropertyOverride('NetworkInterfaces.0.GroupSet', [{ 'Fn::GetAtt': ['G', 'GroupId'] }]);
    n.notFromInternet(web);
  }, VIOLATED, 'Stack/G lets tcp 22 in'],
  ['the second of two groups', (n) => {
    const web = n.instance('Web', n.public, n.group('Closed'), true);
    web.addPropertyOverride('NetworkInterfaces.0.GroupSet', [n.group('One').attrGroupId, n.group('Two', [tcp(22, '0.0.0.0/0')]).attrGroupId]);
    n.notFromInternet(web);
  }, VIOLATED, 'Stack/Two lets tcp 22 in'],

  ['a network ACL that denies before it allows', (n) => {
    n.acl(n.public, [[100, 'deny', '0.0.0.0/0', [22, 22]], [200, 'allow', '0.0.0.0/0']], [[100, 'allow', '0.0.0.0/0']]);
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [tcp(22, '0.0.0.0/0')]), true));
  }, HOLDS],
  ['a network ACL that allows before it denies, in the order of numbers and not of the file', (n) => {
    n.acl(n.public, [[200, 'deny', '0.0.0.0/0', [22, 22]], [100, 'allow', '0.0.0.0/0']], [[100, 'allow', '0.0.0.0/0']]);
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [tcp(22, '0.0.0.0/0')]), true));
  }, VIOLATED, 'network ACL Stack/PublicAcl, rule 100 (Stack/Entry2) allows it'],
  ['a network ACL that denies half of the internet', (n) => {
    n.acl(n.public, [[100, 'deny', '0.0.0.0/1'], [200, 'allow', '0.0.0.0/0']], [[100, 'allow', '0.0.0.0/0']]);
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [tcp(22, '0.0.0.0/0')]), true));
  }, VIOLATED, /the internet \(128\./],
  ['two halves that deny all of it', (n) => {
    n.acl(n.public, [[100, 'deny', '0.0.0.0/1'], [110, 'deny', '128.0.0.0/1'], [200, 'allow', '0.0.0.0/0']], [[100, 'allow', '0.0.0.0/0']]);
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [tcp(22, '0.0.0.0/0')]), true));
  }, HOLDS],
  ['a network ACL without entries denies everything', (n) => {
    n.acl(n.public, [], []);
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [EVERYTHING]), true));
  }, HOLDS],
  ['a network ACL that lets no answers out: no TCP connection', (n) => {
    n.acl(n.public, [[100, 'allow', '0.0.0.0/0']], []);
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [tcp(22, '0.0.0.0/0')]), true));
  }, HOLDS],
  ['a network ACL that lets answers out to some port: the client chooses that one', (n) => {
    n.acl(n.public, [[100, 'allow', '0.0.0.0/0']], [[100, 'allow', '0.0.0.0/0', [443, 443]]]);
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [tcp(22, '0.0.0.0/0')]), true));
  }, VIOLATED],
  ['UDP, which needs no answer', (n) => {
    n.acl(n.public, [[100, 'allow', '0.0.0.0/0']], []);
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [{ ...tcp(53, '0.0.0.0/0'), ipProtocol: 'udp' }]), true));
  }, VIOLATED],
  ['an entry of the default network ACL that comes before its own', (n) => {
    n.entry(n.vpc.attrDefaultNetworkAcl, [50, 'deny', '0.0.0.0/0'], false);
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [EVERYTHING]), true));
  }, HOLDS],
  ['ports of the ACL and of the group that have nothing in common', (n) => {
    n.acl(n.public, [[100, 'allow', '0.0.0.0/0', [80, 443]]], [[100, 'allow', '0.0.0.0/0']]);
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [{ ...tcp(444, '0.0.0.0/0'), toPort: 8000 }]), true));
  }, HOLDS],
  ['ports of the ACL and of the group that meet in one', (n) => {
    n.acl(n.public, [[100, 'allow', '0.0.0.0/0', [80, 443]]], [[100, 'allow', '0.0.0.0/0']]);
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [{ ...tcp(443, '0.0.0.0/0'), toPort: 8000 }]), true));
  }, VIOLATED, 'tcp 443'],
  ['a protocol that the ACL does not allow', (n) => {
    n.acl(n.public, [[100, 'allow', '0.0.0.0/0', [53, 53], 6]], [[100, 'allow', '0.0.0.0/0']]);
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [{ ...tcp(53, '0.0.0.0/0'), ipProtocol: '17' }]), true));
  }, HOLDS],
  ['ping', (n) => n.notFromInternet(n.instance('Web', n.public, n.group('G', [{ ipProtocol: 'icmp', fromPort: 8, toPort: -1, cidrIp: '0.0.0.0/0' }]), true)),
    VIOLATED, 'icmp type 8'],

  ['an Elastic IP on the instance', (n) => {
    const web = n.instance('Web', n.public, n.group('G', [EVERYTHING]));
    new ec2.CfnEIP(n.stack, 'Ip', { instanceId: web.ref });
    n.notFromInternet(web);
  }, VIOLATED, 'public address of Stack/Web'],
  ['an Elastic IP by an association with the network interface of the instance', (n) => {
    const card = new ec2.CfnNetworkInterface(n.stack, 'Card', { subnetId: n.public.ref, groupSet: [n.group('G', [EVERYTHING]).attrGroupId] });
    const web = new ec2.CfnInstance(n.stack, 'Web', { networkInterfaces: [{ deviceIndex: '0', networkInterfaceId: card.ref }] });
    const ip = new ec2.CfnEIP(n.stack, 'Ip');
    new ec2.CfnEIPAssociation(n.stack, 'IpOf', { allocationId: ip.attrAllocationId, networkInterfaceId: card.attrId });
    n.notFromInternet(web);
  }, VIOLATED],
  ['a subnet that hands out public addresses', (n) => {
    n.public.mapPublicIpOnLaunch = true;
    const web = new ec2.CfnInstance(n.stack, 'Web', { subnetId: n.public.ref, securityGroupIds: [n.group('G', [EVERYTHING]).attrGroupId] });
    n.notFromInternet(web);
  }, VIOLATED],
  ['an interface that refuses the public address its subnet hands out', (n) => {
    n.public.mapPublicIpOnLaunch = true;
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [EVERYTHING])));
  }, HOLDS],
  ['a group of a launch template', (n) => {
    const launchTemplateData = { networkInterfaces: [{ deviceIndex: 0, associatePublicIpAddress: true, groups: [n.group('G', [EVERYTHING]).attrGroupId] }] };
    const template = new ec2.CfnLaunchTemplate(n.stack, 'Template', { launchTemplateData });
    n.notFromInternet(new ec2.CfnInstance(n.stack, 'Web', { subnetId: n.public.ref, launchTemplate: { launchTemplateId: template.ref, version: template.attrLatestVersionNumber } }));
  }, VIOLATED],

  ['a default route to a NAT gateway, which lets nothing in', (n) => {
    n.route(n.private, 'Out', { destinationCidrBlock: '0.0.0.0/0', natGatewayId: n.nat(n.public).ref });
    n.notFromInternet(n.instance('Web', n.private, n.group('G', [EVERYTHING]), true));
  }, HOLDS],
  ['a more specific route to the internet gateway wins over the NAT gateway', (n) => {
    n.route(n.private, 'Out', { destinationCidrBlock: '0.0.0.0/0', natGatewayId: n.nat(n.public).ref });
    n.route(n.private, 'Some', { destinationCidrBlock: '203.0.113.0/24', gatewayId: n.gateway.ref });
    n.notFromInternet(n.instance('Web', n.private, n.group('G', [EVERYTHING]), true));
  }, VIOLATED, /the internet \(203\.0\.113\.0\)/],
  ['a route that sends one office elsewhere, which is all the group lets in', (n) => {
    n.route(n.public, 'Some', { destinationCidrBlock: '203.0.113.0/24', natGatewayId: n.nat(n.public).ref });
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [tcp(22, '203.0.113.0/25')]), true));
  }, HOLDS],
  ['a subnet without a table of its own', (n) => {
    const subnet = new ec2.CfnSubnet(n.stack, 'Loose', { vpcId: n.vpc.ref, cidrBlock: '10.0.9.0/24' });
    n.notFromInternet(n.instance('Web', subnet, n.group('G', [EVERYTHING]), true));
  }, HOLDS],

  ['IPv6 to the internet gateway', (n) => n.notFromInternet(v6Instance(n, { gatewayId: n.gateway.ref })), VIOLATED, /the internet \(2000::\)/],
  ['IPv6 to an egress-only gateway', (n) => {
    const egressOnly = new ec2.CfnEgressOnlyInternetGateway(n.stack, 'EgressOnly', { vpcId: n.vpc.ref });
    n.notFromInternet(v6Instance(n, { egressOnlyInternetGatewayId: egressOnly.attrId }));
  }, HOLDS],
  ['IPv6 behind a group that is open to IPv4 only', (n) => n.notFromInternet(v6Instance(n, { gatewayId: n.gateway.ref }, [EVERYTHING as never])), HOLDS],
  ['IPv6 that a network ACL for IPv4 does not allow', (n) => {
    const web = v6Instance(n, { gatewayId: n.gateway.ref });
    n.acl(n.stack.node.findChild('Six') as ec2.CfnSubnet, [[100, 'allow', '0.0.0.0/0']], [[100, 'allow', '0.0.0.0/0']]);
    n.notFromInternet(web);
  }, HOLDS],

  ['a prefix list of the app', (n) => {
    const list = new ec2.CfnPrefixList(n.stack, 'List', { addressFamily: 'IPv4', prefixListName: 'list', maxEntries: 2, entries: [{ cidr: '10.9.0.0/16' }, { cidr: '203.0.113.0/24' }] });
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, sourcePrefixListId: list.attrPrefixListId }]), true));
  }, VIOLATED, '203.0.113.0/24 in Stack/List'],
  ['a prefix list of private addresses', (n) => {
    const list = new ec2.CfnPrefixList(n.stack, 'List', { addressFamily: 'IPv4', prefixListName: 'list', maxEntries: 2, entries: [{ cidr: '10.9.0.0/16' }] });
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [{ ipProtocol: '-1', sourcePrefixListId: list.attrPrefixListId }]), true));
  }, HOLDS],
  ['a prefix list of elsewhere', (n) => n.notFromInternet(n.instance('Web', n.public, n.group('G', [{ ipProtocol: '-1', sourcePrefixListId: 'pl-12345678' }]), true)),
    UNDECIDED, 'whether pl-12345678 is the internet is not known'],
  ['a prefix list of elsewhere, with what is known of it', (n) => {
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [{ ipProtocol: '-1', sourcePrefixListId: 'pl-12345678' }]), true));
    n.check.assumeAddresses('pl-12345678', ['10.0.0.0/8'], 'our offices');
  }, HOLDS],
  ['a range that is a parameter', (n) => {
    const office = new CfnParameter(n.stack, 'Office').valueAsString;
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [tcp(22, office)]), true));
  }, UNDECIDED, 'whether Stack/Office is the internet is not known'],
  ['a range that is a parameter, with what is known of it', (n) => {
    const office = new CfnParameter(n.stack, 'Office').valueAsString;
    n.check.assumeAddresses(office, ['10.0.0.0/8', '192.168.0.0/16'], 'AllowedPattern');
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [tcp(22, office)]), true));
  }, HOLDS],
  ['a range that is a parameter, where no route leads', (n) => {
    n.notFromInternet(n.instance('Web', n.private, n.group('G', [tcp(22, new CfnParameter(n.stack, 'Office').valueAsString)]), true));
  }, HOLDS],
  ['a port that is a parameter', (n) => {
    const port = new CfnParameter(n.stack, 'Port', { type: 'Number' }).valueAsNumber;
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [tcp(port, '0.0.0.0/0')]), true));
  }, UNDECIDED, 'port Stack/Port is not known'],
  ['a rule under a condition', (n) => {
    const group = n.group('G');
    const rule = new ec2.CfnSecurityGroupIngress(n.stack, 'Rule', { groupId: group.ref, ...tcp(22, '0.0.0.0/0') });
    rule.cfnOptions.condition = new CfnCondition(n.stack, 'Dev', { expression: Fn.conditionEquals(Aws.REGION, 'eu-west-1') });
    n.notFromInternet(n.instance('Web', n.public, group, true));
  }, UNDECIDED, 'Stack/Rule is there only under condition Dev'],
  ['a denying entry under a condition', (n) => {
    n.acl(n.public, [[200, 'allow', '0.0.0.0/0']], [[100, 'allow', '0.0.0.0/0']]);
    const deny = n.entry((n.stack.node.findChild('PublicAcl') as ec2.CfnNetworkAcl).attrId, [100, 'deny', '0.0.0.0/0'], false);
    deny.cfnOptions.condition = new CfnCondition(n.stack, 'Dev', { expression: Fn.conditionEquals(Aws.REGION, 'eu-west-1') });
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [EVERYTHING]), true));
  }, UNDECIDED, 'only under condition Dev'],
  ['a rule whose range depends on a condition', (n) => {
    const range = Fn.conditionIf('Dev', '0.0.0.0/0', '10.0.0.0/8').toString();
    n.notFromInternet(n.instance('Web', n.public, n.group('G', [tcp(22, range)]), true));
  }, UNDECIDED, 'Fn::If'],
  ['a group that was made elsewhere', (n) => {
    const web = n.instance('Web', n.public, undefined, true);
    web.addPropertyOverride('NetworkInterfaces.0.GroupSet', ['sg-12345678']);
    n.notFromInternet(web);
  }, UNDECIDED, 'the rules of security group sg-12345678 are not in this app'],
  ['a group that was made elsewhere, taken as closed', (n) => {
    const web = n.instance('Web', n.public, undefined, true);
    web.addPropertyOverride('NetworkInterfaces.0.GroupSet', ['sg-12345678']);
    n.check.assumeClosed(NetworkPlace.securityGroupId('sg-12345678'), 'the network team keeps it empty');
    n.notFromInternet(web);
  }, HOLDS],
  ['a subnet that was made elsewhere', (n) => {
    const web = new ec2.CfnInstance(n.stack, 'Web', { subnetId: 'subnet-12345678', securityGroupIds: [n.group('G', [EVERYTHING]).attrGroupId] });
    n.notFromInternet(web);
  }, UNDECIDED, 'the routes of subnet subnet-12345678 are not in this app'],
  ['a subnet that was made elsewhere, behind a closed group', (n) => {
    n.notFromInternet(new ec2.CfnInstance(n.stack, 'Web', { subnetId: 'subnet-12345678', securityGroupIds: [n.group('G').attrGroupId] }));
  }, HOLDS],
  ['a default route to a transit gateway: nobody knows what is behind', (n) => {
    n.route(n.private, 'Out', { destinationCidrBlock: '0.0.0.0/0', transitGatewayId: 'tgw-12345678' });
    n.notFromInternet(n.instance('Web', n.private, n.group('G', [EVERYTHING])));
  }, UNDECIDED, 'what is behind tgw-12345678 is not known'],
  ['a construct without an address', (n) => n.check.noPath(NetworkPlace.INTERNET, NetworkPlace.resource(n.gateway)),
    UNDECIDED, 'nothing in Stack/Gateway has an address in a subnet'],
];

const toInternet: Case[] = [
  ['a private subnet', (n) => n.notToInternet(n.instance('Web', n.private, n.group('G'))), HOLDS],
  ['a NAT gateway', (n) => {
    n.route(n.private, 'Out', { destinationCidrBlock: '0.0.0.0/0', natGatewayId: n.nat(n.public).ref });
    n.notToInternet(n.instance('Web', n.private, n.group('G')));
  }, VIOLATED, 'NAT gateway Stack/Nat'],
  ['a NAT gateway that has no way out itself', (n) => {
    n.route(n.private, 'Out', { destinationCidrBlock: '0.0.0.0/0', natGatewayId: n.nat(n.subnet('Other', '10.0.7.0/24')).ref });
    n.notToInternet(n.instance('Web', n.private, n.group('G')));
  }, HOLDS],
  ['a NAT gateway behind an ACL that lets nothing in from private subnets', (n) => {
    n.acl(n.public, [[90, 'deny', '10.0.2.0/24'], [100, 'allow', '0.0.0.0/0']], [[100, 'allow', '0.0.0.0/0']]);
    n.route(n.private, 'Out', { destinationCidrBlock: '0.0.0.0/0', natGatewayId: n.nat(n.public).ref });
    n.notToInternet(n.instance('Web', n.private, n.group('G')));
  }, HOLDS],
  ['a NAT gateway, and a group without egress', (n) => {
    n.route(n.private, 'Out', { destinationCidrBlock: '0.0.0.0/0', natGatewayId: n.nat(n.public).ref });
    n.notToInternet(n.instance('Web', n.private, n.group('G', [], [tcp(443, '10.0.0.0/16')])));
  }, HOLDS],
  ['a group whose egress is not said: EC2 opens it', (n) => n.notToInternet(n.instance('Web', n.public, n.group('G'), true)), VIOLATED, 'lets everything out'],
  ['a group whose only egress rule is a resource: whether that of EC2 goes is not sure', (n) => {
    const group = n.group('G');
    new ec2.CfnSecurityGroupEgress(n.stack, 'Rule', { groupId: group.ref, ...tcp(443, '10.0.0.0/16') });
    n.notToInternet(n.instance('Web', n.public, group, true));
  }, UNDECIDED, 'no egress rule is written inside it'],
  ['a public subnet without a public address', (n) => n.notToInternet(n.instance('Web', n.public, n.group('G'))), HOLDS],
  ['IPv6 through an egress-only gateway', (n) => {
    const egressOnly = new ec2.CfnEgressOnlyInternetGateway(n.stack, 'EgressOnly', { vpcId: n.vpc.ref });
    n.notToInternet(v6Instance(n, { egressOnlyInternetGatewayId: egressOnly.attrId }));
  }, VIOLATED],
  ['an ACL that lets no answers in: no TCP', (n) => {
    n.acl(n.public, [], [[100, 'allow', '0.0.0.0/0']]);
    n.check.noPath(NetworkPlace.resource(n.instance('Web', n.public, n.group('G'), true)), NetworkPlace.INTERNET, ec2.Port.allTcp());
  }, HOLDS],
  ['an ACL that lets no answers in: data still leaves by UDP', (n) => {
    n.acl(n.public, [], [[100, 'allow', '0.0.0.0/0']]);
    n.notToInternet(n.instance('Web', n.public, n.group('G'), true));
  }, VIOLATED],
  ['a regional NAT gateway, which stands in no subnet', (n) => {
    const nat = new ec2.CfnNatGateway(n.stack, 'Nat', { vpcId: n.vpc.ref, availabilityMode: 'regional' });
    n.route(n.private, 'Out', { destinationCidrBlock: '0.0.0.0/0', natGatewayId: nat.ref });
    n.notToInternet(n.instance('Web', n.private, n.group('G')));
  }, VIOLATED],
  ['a private NAT gateway: what is behind is not known', (n) => {
    const nat = new ec2.CfnNatGateway(n.stack, 'Nat', { subnetId: n.public.ref, connectivityType: 'private' });
    n.route(n.private, 'Out', { destinationCidrBlock: '0.0.0.0/0', natGatewayId: nat.ref });
    n.notToInternet(n.instance('Web', n.private, n.group('G')));
  }, UNDECIDED],
  ['a route to an instance, which forwards as it likes', (n) => {
    n.route(n.private, 'Out', { destinationCidrBlock: '0.0.0.0/0', instanceId: n.instance('Router', n.public, n.group('H'), true).ref });
    n.notToInternet(n.instance('Web', n.private, n.group('G')));
  }, UNDECIDED, 'what is behind Stack/Router is not known'],
  ['routes that a VPN gateway learns', (n) => {
    const gateway = new ec2.CfnVPNGateway(n.stack, 'Vpn', { type: 'ipsec.1' });
    const table = n.stack.node.findChild('PrivateTable') as ec2.CfnRouteTable;
    new ec2.CfnVPNGatewayRoutePropagation(n.stack, 'Learn', { routeTableIds: [table.ref], vpnGatewayId: gateway.ref });
    n.notToInternet(n.instance('Web', n.private, n.group('G')));
  }, UNDECIDED, 'what Stack/Learn learns is not known'],
  ['whatever may be put in a private subnet', (n) => n.check.noPath(NetworkPlace.subnetIds(n.private.attrSubnetId), NetworkPlace.INTERNET), HOLDS],
  ['whatever may be put in a public subnet', (n) => n.check.noPath(NetworkPlace.subnetIds(n.public.attrSubnetId), NetworkPlace.INTERNET),
    VIOLATED, 'anything in subnet Stack/Public'],
];

describe('NET-15 proven reachability', () => {
  describe.each([['no path from the internet', fromInternet], ['no path to the internet', toInternet]])('%s', (_, cases) => {
    test.each(cases.map(([shows, build, verdict, says = '']) => ({ shows, build, verdict, says })))('$shows: $verdict', ({ build, verdict, says }) => {
      const network = new SmallNetwork();
      build(network);
      const [finding] = network.check.analyze();
      expect(finding.verdict).toBe(verdict);
      expect(finding.path.length > 0 || finding.doubts.length > 0).toBe(verdict !== HOLDS);
      expect([finding.traffic, ...finding.path, ...finding.doubts].join('\n')).toMatch(says);
    });
  });
});
