import { App, CfnParameter, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { InstanceConnectEndpoint, Outbound, SecureVpc, SecurityTierOptions, TierChainOptions, TierSecurityGroups } from '../src';
import { rulesOf } from './_helpers/rules';

/** What CDK writes into a group without egress; EC2 would otherwise open it. */
const CLOSED = 'icmp 252-86 255.255.255.255/32: Disallow all traffic';

describe('TierSecurityGroups', () => {
  let stack: Stack;
  let vpc: ec2.IVpc;
  let tiers: TierSecurityGroups;
  beforeEach(() => {
    stack = new Stack(new App(), 'Stack');
    vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-12345678', availabilityZones: ['eu-west-1a'], vpcCidrBlock: '10.0.0.0/16' });
    tiers = new TierSecurityGroups(stack, 'Groups', { vpc });
  });
  const template = () => Template.fromStack(stack);
  const idOf = (group: ec2.ISecurityGroup) => stack.getLogicalId(group.node.defaultChild as ec2.CfnSecurityGroup);
  const rules = (group: ec2.ISecurityGroup) => rulesOf(template(), idOf(group));
  const peer = (group: ec2.ISecurityGroup) => `${idOf(group)}.GroupId`;

  describe('NET-09 explicit rules', () => {
    test('D-07 opens each tier to the one before it, on the ports it serves, and nothing else', () => {
      const balancer = tiers.addTier('LoadBalancer', { reachedFrom: [ec2.Peer.anyIpv4()], ports: [ec2.Port.tcp(443)] });
      const application = tiers.addTier('Application', { reachedFrom: [balancer], ports: [ec2.Port.tcp(8443)] });
      const database = tiers.addTier('Database', { reachedFrom: [application], ports: [ec2.Port.tcp(3306)] });

      expect(rules(balancer)).toEqual({
        ingress: ['tcp 443 0.0.0.0/0: Addresses to LoadBalancer on 443'],
        egress: [CLOSED, `tcp 8443 ${peer(application)}: LoadBalancer to Application on 8443`],
      });
      expect(rules(application)).toEqual({
        ingress: [`tcp 8443 ${peer(balancer)}: LoadBalancer to Application on 8443`],
        egress: [CLOSED, `tcp 3306 ${peer(database)}: Application to Database on 3306`],
      });
      expect(rules(database)).toEqual({
        ingress: [`tcp 3306 ${peer(application)}: Application to Database on 3306`],
        egress: [CLOSED],
      });
    });

    test('D-07 a chain is the three tiers of a workload, each open to the one before it', () => {
      const { loadBalancer, application, database } = tiers.addChain({
        reachedFrom: [ec2.Peer.prefixList('pl-12345678')], applicationPort: ec2.Port.tcp(8443), applicationEgress: [Outbound.HTTPS],
        sshFrom: [ec2.Peer.ipv4('10.9.0.0/16')],
      });
      expect(rules(loadBalancer)).toEqual({
        ingress: ['tcp 443 pl-12345678: Addresses to LoadBalancer on 443'],
        egress: [CLOSED, `tcp 8443 ${peer(application)}: LoadBalancer to Application on 8443`],
      });
      expect(rules(application)).toEqual({
        ingress: ['tcp 22 10.9.0.0/16: SSH to Application', `tcp 8443 ${peer(loadBalancer)}: LoadBalancer to Application on 8443`],
        egress: ['tcp 443 0.0.0.0/0: HTTPS to any address', `tcp 3306 ${peer(database)}: Application to Database on 3306`],
      });
      expect(rules(database)).toEqual({ ingress: [`tcp 3306 ${peer(application)}: Application to Database on 3306`], egress: [CLOSED] });
    });

    test('a chain takes ports of its own', () => {
      const { loadBalancer, database } = tiers.addChain({
        reachedFrom: [ec2.Peer.anyIpv4()], loadBalancerPorts: [ec2.Port.tcp(80), ec2.Port.tcp(443)], applicationPort: ec2.Port.tcp(8080),
        databasePort: ec2.Port.tcp(5432),
      });
      expect(rules(loadBalancer).ingress).toHaveLength(2);
      expect(rules(database).ingress).toEqual([expect.stringContaining('tcp 5432 ')]);
    });

    const refusedChains: Array<[string, Partial<TierChainOptions>, string]> = [
      ['nobody', { reachedFrom: [] }, "'reachedFrom' and 'ports' must go together, got only 'ports'; say who reaches which port [Stack/Groups/LoadBalancer]"],
      ['any address on another port', { loadBalancerPorts: [ec2.Port.tcp(8443)] }, "'reachedFrom' must not be any address, or nearly, but for TCP 80 and 443, got 0.0.0.0/0 on 8443"],
      ['an application on all ports', { applicationPort: ec2.Port.allTcp() }, "'ports' must be between 1 and 65535, got ALL PORTS; name the ports that are served [Stack/Groups/Application]"],
      ['a database on port 0', { databasePort: ec2.Port.tcp(0) }, "'ports' must be between 1 and 65535, got 0; name the ports that are served [Stack/Groups/Database]"],
      ['SSH from anywhere', { sshFrom: [ec2.Peer.anyIpv4()] }, "'sshFrom' must not be any address, or nearly"],
    ];
    test.each(refusedChains)('a chain fails on %s', (_, options, problem) => {
      expect(() => tiers.addChain({ reachedFrom: [ec2.Peer.anyIpv4()], applicationPort: ec2.Port.tcp(8443), ...options })).toThrow(problem);
    });

    test('P-04 a tier is closed both ways when nothing is said: the group of a future load balancer', () => {
      expect(rules(tiers.addTier('LoadBalancer'))).toEqual({ ingress: [], egress: [CLOSED] });
    });

    test('P-04 C-11 egress is what the named needs say', () => {
      const server = tiers.addTier('Server', { egress: [Outbound.HTTP, Outbound.HTTPS, Outbound.DNS] });
      expect(rules(server).egress).toEqual([
        'tcp 80 0.0.0.0/0: HTTP to any address', 'tcp 443 0.0.0.0/0: HTTPS to any address',
        'udp 53 10.0.0.0/16: DNS inside the VPC', 'tcp 53 10.0.0.0/16: DNS inside the VPC',
      ]);
    });

    test('egress to a resolver or anything else that is named', () => {
      const server = tiers.addTier('Server', {
        egress: [Outbound.dnsTo(ec2.Peer.ipv4('192.168.0.2/32')), Outbound.to(ec2.Peer.ipv4('192.168.7.0/24'), ec2.Port.udp(123), 'Time from the data centre')],
      });
      expect(rules(server).egress).toEqual([
        'udp 53 192.168.0.2/32: DNS to a named resolver', 'tcp 53 192.168.0.2/32: DNS to a named resolver', 'udp 123 192.168.7.0/24: Time from the data centre',
      ]);
    });

    test('B-05 the database is reached only from the groups that are named, each on every port', () => {
      const [web, worker] = [tiers.addTier('Web'), tiers.addTier('Worker')];
      const database = tiers.addTier('Database', { reachedFrom: [web, worker], ports: [ec2.Port.tcp(3306), ec2.Port.tcp(33060)] });
      expect(rules(database).ingress).toEqual([
        `tcp 3306 ${peer(web)}: Web to Database on 3306`, `tcp 33060 ${peer(web)}: Web to Database on 33060`,
        `tcp 3306 ${peer(worker)}: Worker to Database on 3306`, `tcp 33060 ${peer(worker)}: Worker to Database on 33060`,
      ]);
    });

    test.each([
      ['another tier', () => tiers.addTier('Other')],
      ['a prefix list', () => ec2.Peer.prefixList('pl-12345678')],
    ])('stays closed to the rest when its only egress is to %s', (_, destination) => {
      const server = tiers.addTier('Server', { egress: [Outbound.to(destination(), ec2.Port.tcp(443), 'HTTPS to a named place')] });
      expect(rules(server).egress).toEqual([CLOSED, expect.stringMatching(/^tcp 443 .*: HTTPS to a named place$/)]);
    });

    test('stays closed to the rest when opened later with connections of CDK', () => {
      const [server, cache] = [tiers.addTier('Server'), tiers.addTier('Cache')];
      server.connections.allowTo(cache, ec2.Port.tcp(6379), 'Sessions');
      expect(rules(server).egress).toEqual([CLOSED, `tcp 6379 ${peer(cache)}: Sessions`]);
    });

    test('tiers that reach each other make no cycle', () => {
      const one = tiers.addTier('One');
      const other = tiers.addTier('Other', { reachedFrom: [one], ports: [ec2.Port.tcp(8443)] });
      one.addIngressRule(other, ec2.Port.tcp(9443), 'Other to One on 9443');
      // groups that refer to each other inline cannot be ordered: synthesis of the template fails
      for (const group of Object.values(template().findResources('AWS::EC2::SecurityGroup'))) {
        expect(JSON.stringify(group.Properties)).not.toContain('GroupId');
      }
    });

    test('the rules do not depend on the feature flag for inline rules', () => {
      const build = (flag: boolean) => {
        const flagged = new Stack(new App({ context: { '@aws-cdk/aws-ec2.securityGroupDisableInlineRules': flag } }), 'Stack');
        const network = ec2.Vpc.fromVpcAttributes(flagged, 'Vpc', { vpcId: 'vpc-12345678', availabilityZones: ['eu-west-1a'] });
        new TierSecurityGroups(flagged, 'Groups', { vpc: network }).addTier('Server', { egress: [Outbound.HTTPS] });
        return Template.fromStack(flagged).toJSON();
      };
      expect(build(true)).toEqual(build(false));
    });

    test('lets groups of your own in, and opens their egress if it is closed', () => {
      const mine = new ec2.SecurityGroup(stack, 'Mine', { vpc, allowAllOutbound: false });
      const open = new ec2.SecurityGroup(stack, 'Open', { vpc });
      const server = tiers.addTier('Server', { reachedFrom: [mine, open], ports: [ec2.Port.tcp(443)] });
      expect(rules(server).ingress).toEqual([`tcp 443 ${peer(mine)}: Other group to Server on 443`, `tcp 443 ${peer(open)}: Other group to Server on 443`]);
      expect(rules(mine).egress).toEqual([`tcp 443 ${peer(server)}: Other group to Server on 443`]);
      expect(rules(open).egress).toEqual(['-1 undefined 0.0.0.0/0: Allow all outbound traffic by default']);
    });

    test('refers to the range of a VPC in another stack', () => {
      const network = new Stack(stack.node.root as App, 'Network');
      const far = new TierSecurityGroups(stack, 'Far', { vpc: new SecureVpc(network, 'Network').vpc });
      const server = far.addTier('Server', { egress: [Outbound.DNS] });
      const { Properties } = template().findResources('AWS::EC2::SecurityGroup')[idOf(server)];
      expect(Properties.SecurityGroupEgress[0].CidrIp).toEqual({ 'Fn::ImportValue': expect.stringContaining('Network:ExportsOutput') });
    });

    test('leaves ports that are tokens to the deployment', () => {
      const port = new CfnParameter(stack, 'Port', { type: 'Number' }).valueAsNumber;
      const server = tiers.addTier('Server', { reachedFrom: [tiers.addTier('Web')], ports: [ec2.Port.tcp(port)] });
      expect(rules(server).ingress).toHaveLength(1);
    });

    test('is described and named as asked', () => {
      tiers.addTier('Server', { description: 'Application servers', securityGroupName: 'prod-servers' });
      template().hasResourceProperties('AWS::EC2::SecurityGroup', { GroupDescription: 'Application servers', GroupName: 'prod-servers' });
    });

    test('has no fixed name by itself', () => {
      tiers.addTier('Server');
      template().hasResourceProperties('AWS::EC2::SecurityGroup', { GroupDescription: 'Tier Server', GroupName: Match.absent() });
    });

    const office = ec2.Peer.ipv4('203.0.113.0/24');
    const refused: Array<[string, SecurityTierOptions, string]> = [
      ['all traffic', { reachedFrom: [office], ports: [ec2.Port.allTraffic()] }, "'ports' must be TCP or UDP ports, got ALL TRAFFIC; name the ports that are served"],
      ['all TCP ports', { reachedFrom: [office], ports: [ec2.Port.allTcp()] }, "'ports' must be between 1 and 65535, got ALL PORTS; name the ports that are served"],
      ['ICMP', { reachedFrom: [office], ports: [ec2.Port.icmpPing()] }, "'ports' must be TCP or UDP ports, got ICMP Type 8; name the ports that are served"],
      ['port 0', { reachedFrom: [office], ports: [ec2.Port.tcp(0)] }, "'ports' must be between 1 and 65535, got 0; name the ports that are served"],
      ['port 65536', { reachedFrom: [office], ports: [ec2.Port.tcp(65536)] }, "'ports' must be between 1 and 65535, got 65536; name the ports that are served"],
      ['a negative port', { reachedFrom: [office], ports: [ec2.Port.udp(-1)] }, "'ports' must be between 1 and 65535, got UDP -1; name the ports that are served"],
      ['half a port', { reachedFrom: [office], ports: [ec2.Port.tcp(80.5)] }, "'ports' must be between 1 and 65535, got 80.5; name the ports that are served"],
      ['a range from its end', { reachedFrom: [office], ports: [ec2.Port.tcpRange(9000, 8000)] }, "'ports' must begin at the lower port, got 9000-8000; use 8000-9000"],
      ['ports for nobody', { ports: [ec2.Port.tcp(443)] }, "'reachedFrom' and 'ports' must go together, got only 'ports'; say who reaches which port"],
      ['somebody on no port', { reachedFrom: [office] }, "'reachedFrom' and 'ports' must go together, got only 'reachedFrom'; say who reaches which port"],
      ['an illegal description', { description: "the servers' group" }, "'description' must be 1 to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, got 'the servers' group'"],
      ['an empty description', { description: '' }, "'description' must be 1 to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, got ''"],
      ['a long description', { description: 'x'.repeat(256) }, "'description' must be 1 to 255 letters"],
      ['an illegal description of egress', { egress: [Outbound.to(office, ec2.Port.tcp(443), 'web → office')] }, "the description in 'egress' must be 1 to 255 letters"],
      ['egress to everything', { egress: [Outbound.to(office, ec2.Port.allTraffic(), 'everything')] }, "'egress' must be TCP or UDP ports, got ALL TRAFFIC"],
      ['host bits', { reachedFrom: [ec2.Peer.ipv4('10.0.1.5/24')], ports: [ec2.Port.tcp(443)] }, "'reachedFrom' must begin at the first address of its range, got 10.0.1.5/24; use 10.0.1.0/24"],
    ];
    test.each(refused)('fails on %s', (_, options, problem) => {
      expect(() => tiers.addTier('Server', options)).toThrow(problem);
      expect(() => tiers.addTier('Server', options)).toThrow(/ \[Stack\/Groups\/Server\]$/);
    });

    test.each(['', '1st', 'my tier', 'a'.repeat(33)])('fails on the name %j', (name) => {
      expect(() => tiers.addTier(name)).toThrow(`the name of a tier must be a letter, then at most 31 letters, digits and '-', got '${name}'`);
    });

    test('fails with every problem, each once', () => {
      const options = { reachedFrom: [office, ec2.Peer.anyIpv4()], ports: [ec2.Port.tcp(22), ec2.Port.tcp(0)], sshFrom: [ec2.Peer.anyIpv4()] };
      expect(() => tiers.addTier('Server', options)).toThrow(/^'ports'.*\n'reachedFrom'.*on 22.*\n'reachedFrom'.*on 0.*\n'sshFrom'[^\n]*$/);
    });
  });

  describe('NET-10 administrator access', () => {
    test('P-04 B-05 SSH from the range of a parameter, left to its pattern', () => {
      const allowed = new CfnParameter(stack, 'AllowedSSHCIDR');
      const server = tiers.addTier('Server', { sshFrom: [ec2.Peer.ipv4(allowed.valueAsString)] });
      expect(rules(server).ingress).toEqual(['tcp 22 AllowedSSHCIDR: SSH to Server']);
    });

    test('no port is open to administrators by itself', () => {
      expect(rules(tiers.addTier('Server')).ingress).toEqual([]);
    });

    test('through an EC2 Instance Connect Endpoint, to the tiers that name it only', () => {
      const instanceConnect = new InstanceConnectEndpoint(stack, 'Door', { vpc: new SecureVpc(stack, 'Network').vpc });
      const [server, other] = [tiers.addTier('Server', { instanceConnect }), tiers.addTier('Other')];
      const door = instanceConnect.securityGroup;
      expect(rules(server).ingress).toEqual([`tcp 22 ${peer(door)}: SSH to Server`]);
      expect(rules(door)).toEqual({ ingress: [], egress: [CLOSED, `tcp 22 ${peer(server)}: SSH to Server`] });
      expect(rules(other).ingress).toEqual([]);
    });

    test('from another tier, whose egress is opened', () => {
      const bastion = tiers.addTier('Bastion');
      const server = tiers.addTier('Server', { sshFrom: [bastion] });
      expect(rules(server).ingress).toEqual([`tcp 22 ${peer(bastion)}: SSH to Server`]);
      expect(rules(bastion).egress).toEqual([CLOSED, `tcp 22 ${peer(server)}: SSH to Server`]);
    });

    test.each([
      ['IPv4 /8', ec2.Peer.ipv4('10.0.0.0/8')], ['one IPv4 address', ec2.Peer.ipv4('203.0.113.7/32')],
      ['IPv6 /32', ec2.Peer.ipv6('2001:db8::/32')], ['a prefix list', ec2.Peer.prefixList('pl-12345678')],
      ['a prefix list that is a token', ec2.Peer.prefixList(Token.asString({ Ref: 'List' }))],
    ])('takes %s', (_, from) => {
      expect(rules(tiers.addTier('Server', { sshFrom: [from] })).ingress).toHaveLength(1);
    });

    test.each([
      ['any IPv4 address', ec2.Peer.anyIpv4(), '0.0.0.0/0'], ['any IPv4 address, from elsewhere', ec2.Peer.ipv4('203.0.113.7/0'), '203.0.113.7/0'],
      ['half the internet', ec2.Peer.ipv4('128.0.0.0/1'), '128.0.0.0/1'], ['just wider than /8', ec2.Peer.ipv4('10.0.0.0/7'), '10.0.0.0/7'],
      ['any IPv6 address', ec2.Peer.anyIpv6(), '::/0'], ['all of global IPv6', ec2.Peer.ipv6('2000::/3'), '2000::/3'], ['several IPv6 providers', ec2.Peer.ipv6('2001::/31'), '2001::/31'],
    ])('fails on %s', (_, from, got) => {
      expect(() => tiers.addTier('Server', { sshFrom: [ec2.Peer.ipv4('10.0.0.0/8'), from] }))
        .toThrow(`'sshFrom' must not be any address, or nearly: at least /8 for IPv4 and /32 for IPv6, got ${got}; pass your network, or use Session Manager [Stack/Groups/Server]`);
    });

    test('fails on host bits', () => {
      expect(() => tiers.addTier('Server', { sshFrom: [ec2.Peer.ipv4('203.0.113.7/24')] })).toThrow('got 203.0.113.7/24; use 203.0.113.0/24');
    });
  });

  describe('NET-11 open to the internet', () => {
    test.each([80, 443])('TCP %d may be', (port) => {
      const web = tiers.addTier('Web', { reachedFrom: [ec2.Peer.anyIpv4(), ec2.Peer.anyIpv6()], ports: [ec2.Port.tcp(port)] });
      expect(rules(web).ingress).toHaveLength(2);
    });

    test.each([
      ['TCP 22', ec2.Port.tcp(22)], ['TCP 3389', ec2.Port.tcp(3389)], ['TCP 445', ec2.Port.tcp(445)], ['TCP 3306', ec2.Port.tcp(3306)],
      ['UDP 443', ec2.Port.udp(443)], ['a range that has 443 in it', ec2.Port.tcpRange(80, 443)],
    ])('fails when %s is', (_, port) => {
      for (const anyone of [ec2.Peer.anyIpv4(), ec2.Peer.anyIpv6(), ec2.Peer.ipv4('0.0.0.0/1')]) {
        expect(() => tiers.addTier('Web', { reachedFrom: [anyone], ports: [port] })).toThrow(/'reachedFrom' must not be any address, or nearly, but for TCP 80 and 443/);
      }
    });

    test('fails when other ports may leave to anywhere', () => {
      expect(() => tiers.addTier('Web', { egress: [Outbound.dnsTo(ec2.Peer.anyIpv4())] })).toThrow(/'egress' must not be any address, or nearly, but for TCP 80 and 443, got 0.0.0.0\/0 on UDP 53/);
    });
  });
});
