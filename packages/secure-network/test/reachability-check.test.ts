import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import { NetworkPlace, Outbound, ReachabilityCheck, ReachabilityVerdict, SecureVpc, TierSecurityGroups } from '../src';
import { WITH_DATABASE } from './_helpers/layouts';

const { HOLDS, VIOLATED, UNDECIDED } = ReachabilityVerdict;
const { INTERNET } = NetworkPlace;
const MYSQL = ec2.Port.tcp(3306);

const place = NetworkPlace.resource;
const verdicts = (check: ReachabilityCheck) => check.analyze().map(({ verdict }) => verdict);

/** What a check says about one statement. */
function verdictOn(stack: Stack, state: (check: ReachabilityCheck) => void): ReachabilityVerdict {
  const check = ReachabilityCheck.of(stack);
  state(check);
  return check.analyze()[0].verdict;
}

describe('NET-15 proven reachability', () => {
  let app: App;
  let stack: Stack;
  beforeEach(() => {
    app = new App();
    stack = new Stack(app, 'Stack');
  });

  describe('as part of the synthesis', () => {
    let vpc: ec2.Vpc;
    let web: ec2.Instance;
    beforeEach(() => {
      vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 1, natGateways: 0 });
      web = new ec2.Instance(stack, 'Web', {
        vpc, vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC }, instanceType: new ec2.InstanceType('t3.micro'),
        machineImage: ec2.MachineImage.latestAmazonLinux2023(),
        associatePublicIpAddress: true,
      });
    });

    test('lets a statement that holds pass', () => {
      ReachabilityCheck.of(stack).noPath(INTERNET, place(web));
      expect(() => app.synth()).not.toThrow();
    });

    test('fails with the path, hop by hop, by a rule that is added after the statement', () => {
      ReachabilityCheck.of(stack).noPath(INTERNET, place(web));
      web.connections.allowFromAnyIpv4(ec2.Port.tcp(22));
      expect(() => app.synth()).toThrow([
        '  [Stack] stated is no path from the internet to Stack/Web, but there is one for tcp 22 [Stack]',
        '    the internet (1.0.0.0)',
        '  → internet gateway Stack/Vpc/IGW',
        '  → route 0.0.0.0/0 (Stack/Vpc/PublicSubnet1/DefaultRoute) to internet gateway Stack/Vpc/IGW, the way back',
        '  → public address of Stack/Web',
        '  → default network ACL of Stack/Vpc, rule 100 allows everything',
        '  → subnet Stack/Vpc/PublicSubnet1/Subnet',
        '  → Stack/Web/InstanceSecurityGroup lets tcp 22 in from 0.0.0.0/0',
        '  → Stack/Web',
      ].join('\n'));
    });

    test('fails where it cannot be proven, and says what to do', () => {
      ReachabilityCheck.of(stack).noPath(INTERNET, place(web));
      web.connections.allowFrom(ec2.Peer.prefixList('pl-12345678'), ec2.Port.tcp(22));
      expect(() => app.synth()).toThrow(
        "stated is no path from the internet to Stack/Web, which cannot be proven: whether pl-12345678 is the internet is not known; make it known, or say what you know of it with 'assumeAddresses' or 'assumeClosed' [Stack]",
      );
    });

    test('says what was taken for granted', () => {
      const check = ReachabilityCheck.of(stack);
      check.noPath(INTERNET, place(web));
      check.assumeAddresses('pl-12345678', ['203.0.113.0/24'], 'the offices');
      web.connections.allowFrom(ec2.Peer.prefixList('pl-12345678'), ec2.Port.tcp(22));
      expect(check.analyze()[0]).toMatchObject({ verdict: UNDECIDED, assumptions: ['pl-12345678 is within 203.0.113.0/24: the offices'] });
      expect(() => app.synth()).toThrow('  taken for granted: pl-12345678 is within 203.0.113.0/24: the offices');
    });

    test('tells as data what holds and what does not', () => {
      const check = ReachabilityCheck.of(stack);
      check.noPath(INTERNET, NetworkPlace.subnets(vpc, { subnetType: ec2.SubnetType.PRIVATE_ISOLATED }));
      check.noPath(NetworkPlace.subnets(vpc, { subnetType: ec2.SubnetType.PUBLIC }), INTERNET);
      expect(check.analyze()).toEqual([
        { statement: 'no path from the internet to the Isolated subnets of Stack/Vpc', verdict: HOLDS, path: [], traffic: '', doubts: [], assumptions: [] },
        expect.objectContaining({ verdict: VIOLATED, traffic: 'all traffic', path: expect.arrayContaining(['Stack/Web', 'public address of Stack/Web']) }),
      ]);
    });

    test('each synthesis looks again, with several checks and with one that is new', () => {
      const state = () => ReachabilityCheck.of(stack).noPath(INTERNET, place(web));
      [1, 2].forEach(state);
      expect(() => app.synth()).not.toThrow();
      web.connections.allowFromAnyIpv4(ec2.Port.tcp(22));
      expect(() => app.synth({ force: true })).toThrow(/(stated is no path[^]*){2}/);
      state();
      expect(() => app.synth({ force: true })).toThrow(/(stated is no path[^]*){3}/);
    });

    test('leaves the template as it is', () => {
      const before = JSON.stringify(app.synth({ force: true }).getStackByName('Stack').template);
      const check = ReachabilityCheck.of(stack);
      check.noPath(INTERNET, place(web));
      check.analyze();
      expect(JSON.stringify(app.synth({ force: true }).getStackByName('Stack').template)).toBe(before);
    });
  });

  describe("networks of CDK's own constructs", () => {
    let vpc: ec2.Vpc;
    beforeEach(() => {
      vpc = new ec2.Vpc(stack, 'Vpc', {
        maxAzs: 2,
        subnetConfiguration: [
          { name: 'Public', subnetType: ec2.SubnetType.PUBLIC },
          { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
          { name: 'Isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
        ],
      });
    });
    const tier = (subnetGroupName: string) => NetworkPlace.subnets(vpc, { subnetGroupName });

    test('every type of subnet is what its name says', () => {
      const check = ReachabilityCheck.of(stack);
      ['Public', 'Private', 'Isolated'].forEach((name) => {
        check.noPath(INTERNET, tier(name));
        check.noPath(tier(name), INTERNET);
      });
      expect(verdicts(check)).toEqual([VIOLATED, VIOLATED, HOLDS, VIOLATED, HOLDS, HOLDS]);
    });

    test('dual stack: every type of subnet is what its name says', () => {
      const dual = new ec2.Vpc(stack, 'Dual', { maxAzs: 2, ipProtocol: ec2.IpProtocol.DUAL_STACK });
      const check = ReachabilityCheck.of(stack);
      [ec2.SubnetType.PUBLIC, ec2.SubnetType.PRIVATE_WITH_EGRESS].forEach((subnetType) => {
        check.noPath(INTERNET, NetworkPlace.subnets(dual, { subnetType }));
        check.noPath(NetworkPlace.subnets(dual, { subnetType }), INTERNET);
      });
      expect(verdicts(check)).toEqual([VIOLATED, VIOLATED, HOLDS, VIOLATED]);
    });

    test('a service behind a load balancer, and its database', () => {
      const cluster = new ecs.Cluster(stack, 'Cluster', { vpc });
      const taskDefinition = new ecs.FargateTaskDefinition(stack, 'Task');
      taskDefinition.addContainer('web', { image: ecs.ContainerImage.fromRegistry('web'), portMappings: [{ containerPort: 8080 }] });
      const service = new ecs.FargateService(stack, 'Service', { cluster, taskDefinition });
      const balancer = new elbv2.ApplicationLoadBalancer(stack, 'Balancer', { vpc, internetFacing: true });
      balancer.addListener('Http', { port: 80 }).addTargets('Service', { port: 8080, targets: [service] });
      const database = new rds.DatabaseInstance(stack, 'Database', { vpc, vpcSubnets: { subnetGroupName: 'Isolated' }, engine: rds.DatabaseInstanceEngine.MYSQL });
      database.connections.allowDefaultPortFrom(service);

      const check = ReachabilityCheck.of(stack);
      check.noPath(INTERNET, place(service));
      check.noPath(INTERNET, place(database));
      check.noPath(INTERNET, place(balancer), ec2.Port.tcp(443));
      check.noPath(place(database), INTERNET);
      check.onlyPaths(place(service), [{ from: place(balancer), ports: [ec2.Port.tcp(8080)] }]);
      check.onlyPaths(place(database), [{ from: place(service), ports: [MYSQL] }]);
      expect(verdicts(check)).toEqual([HOLDS, HOLDS, HOLDS, HOLDS, HOLDS, HOLDS]);

      database.connections.allowFrom(balancer, MYSQL);
      expect(verdicts(check)).toEqual([HOLDS, HOLDS, HOLDS, HOLDS, HOLDS, VIOLATED]);
      expect(verdictOn(stack, (other) => other.noPath(INTERNET, place(balancer)))).toBe(VIOLATED);
      expect(verdictOn(stack, (other) => other.noPath(place(service), INTERNET))).toBe(VIOLATED);
    });

    test('a database that says it is public, or says nothing in a public subnet', () => {
      const publicly = (id: string, publiclyAccessible?: boolean) => {
        const database = new rds.DatabaseInstance(stack, id, { vpc, vpcSubnets: { subnetGroupName: 'Public' }, engine: rds.DatabaseInstanceEngine.MYSQL, publiclyAccessible });
        database.connections.allowDefaultPortFromAnyIpv4();
        return verdictOn(stack, (check) => check.noPath(INTERNET, place(database)));
      };
      const silent = new rds.CfnDBSubnetGroup(stack, 'Subnets', { dbSubnetGroupDescription: 'd', subnetIds: vpc.publicSubnets.map(({ subnetId }) => subnetId) });
      const open = new ec2.SecurityGroup(stack, 'Open', { vpc });
      open.addIngressRule(ec2.Peer.anyIpv4(), MYSQL);
      const l1 = new rds.CfnDBInstance(stack, 'L1', { dbInstanceClass: 'db.t3.micro', dbSubnetGroupName: silent.ref, vpcSecurityGroups: [open.securityGroupId] });
      expect([publicly('Said', true), publicly('Denied', false), verdictOn(stack, (check) => check.noPath(INTERNET, place(l1)))]).toEqual([VIOLATED, HOLDS, VIOLATED]);
    });

    test('an Aurora cluster is reached by the groups of the cluster', () => {
      const cluster = new rds.DatabaseCluster(stack, 'Aurora', {
        vpc, vpcSubnets: { subnetGroupName: 'Isolated' }, engine: rds.DatabaseClusterEngine.AURORA_MYSQL, writer: rds.ClusterInstance.provisioned('writer'),
      });
      const [app1, other] = ['App', 'Other'].map((id) => new lambda.Function(stack, id, {
        vpc, vpcSubnets: { subnetGroupName: 'Private' }, code: lambda.Code.fromInline('x'), handler: 'x', runtime: lambda.Runtime.PYTHON_3_13,
      }));
      cluster.connections.allowDefaultPortFrom(app1);
      const check = ReachabilityCheck.of(stack);
      check.noPath(place(app1), place(cluster));
      check.noPath(place(other), place(cluster));
      check.onlyPaths(place(cluster), [{ from: place(app1), ports: [MYSQL] }]);
      expect(verdicts(check)).toEqual([VIOLATED, HOLDS, HOLDS]);
    });

    test('a function in a public subnet has no way out, one in a private subnet has', () => {
      const inSubnets = (name: string) => new lambda.Function(stack, name, {
        vpc, vpcSubnets: { subnetGroupName: name }, allowPublicSubnet: true, code: lambda.Code.fromInline('x'), handler: 'x', runtime: lambda.Runtime.PYTHON_3_13,
      });
      const verdict = (name: string) => verdictOn(stack, (check) => check.noPath(place(inSubnets(name)), INTERNET));
      expect(['Public', 'Private', 'Isolated'].map(verdict)).toEqual([HOLDS, VIOLATED, HOLDS]);
    });

    test('a fleet by launch template', () => {
      const group = new ec2.SecurityGroup(stack, 'Group', { vpc });
      group.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443));
      const fleet = (id: string, associatePublicIpAddress: boolean) => new autoscaling.AutoScalingGroup(stack, id, {
        vpc, vpcSubnets: { subnetGroupName: 'Public' },
        launchTemplate: new ec2.LaunchTemplate(stack, `${id}Template`, {
          securityGroup: group, associatePublicIpAddress, instanceType: new ec2.InstanceType('t3.micro'), machineImage: ec2.MachineImage.latestAmazonLinux2023(),
        }),
      });
      expect(verdictOn(stack, (check) => check.noPath(INTERNET, place(fleet('Hidden', false))))).toBe(HOLDS);
      expect(verdictOn(stack, (check) => check.noPath(INTERNET, place(fleet('Shown', true))))).toBe(VIOLATED);
    });

    test('a network load balancer without groups lets everybody in', () => {
      const balancer = (internetFacing: boolean) => {
        const made = new elbv2.CfnLoadBalancer(stack, `Balancer${internetFacing}`, {
          type: 'network', scheme: internetFacing ? 'internet-facing' : 'internal', subnets: vpc.publicSubnets.map(({ subnetId }) => subnetId),
        });
        return verdictOn(stack, (check) => check.noPath(INTERNET, place(made)));
      };
      expect([balancer(true), balancer(false)]).toEqual([VIOLATED, HOLDS]);
    });

    test('network ACLs of CDK', () => {
      const acl = new ec2.NetworkAcl(stack, 'Acl', { vpc, subnetSelection: { subnetGroupName: 'Public' } });
      const [cidr, INGRESS, EGRESS] = [ec2.AclCidr.anyIpv4(), ec2.TrafficDirection.INGRESS, ec2.TrafficDirection.EGRESS];
      acl.addEntry('NoSsh', { cidr, ruleNumber: 10, ruleAction: ec2.Action.DENY, traffic: ec2.AclTraffic.tcpPort(22), direction: INGRESS });
      acl.addEntry('In', { cidr, ruleNumber: 20, traffic: ec2.AclTraffic.allTraffic(), direction: INGRESS });
      acl.addEntry('Out', { cidr, ruleNumber: 20, traffic: ec2.AclTraffic.tcpPortRange(1024, 65535), direction: EGRESS });
      const check = ReachabilityCheck.of(stack);
      check.noPath(INTERNET, tier('Public'), ec2.Port.SSH);
      check.noPath(INTERNET, tier('Public'), ec2.Port.tcp(80));
      expect(verdicts(check)).toEqual([HOLDS, VIOLATED]);
    });

    test('a network in one stack, groups and instances in others', () => {
      const groups = new Stack(app, 'Groups');
      const nested = new NestedStack(groups, 'Nested');
      const group = new ec2.SecurityGroup(groups, 'Group', { vpc });
      const web = new ec2.CfnInstance(nested, 'Web', {
        networkInterfaces: [{ deviceIndex: '0', subnetId: vpc.publicSubnets[0].subnetId, groupSet: [group.securityGroupId], associatePublicIpAddress: true }],
      });
      const check = ReachabilityCheck.of(nested);
      check.noPath(INTERNET, place(web));
      expect(() => app.synth()).not.toThrow();
      group.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(22));
      expect(verdicts(check)).toEqual([VIOLATED]);
      expect(() => app.synth({ force: true })).toThrow('Groups/Group lets tcp 22 in from 0.0.0.0/0');
    });

    test('a stage by itself', () => {
      const staged = new Stack(new Stage(app, 'Stage'), 'Stack');
      const inside = new ec2.Vpc(staged, 'Vpc', { maxAzs: 1, natGateways: 0 });
      const tierOf = (subnetType: ec2.SubnetType) => NetworkPlace.subnets(inside, { subnetType });
      expect(verdictOn(staged, (check) => check.noPath(INTERNET, tierOf(ec2.SubnetType.PUBLIC)))).toBe(VIOLATED);
    });

    test('a VPC that is imported is not known', () => {
      const imported = ec2.Vpc.fromVpcAttributes(stack, 'Imported', { vpcId: 'vpc-12345678', availabilityZones: ['a'], privateSubnetIds: ['subnet-12345678'] });
      const group = new ec2.SecurityGroup(stack, 'Group', { vpc: imported });
      group.addIngressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(22));
      const check = ReachabilityCheck.of(stack);
      check.noPath(INTERNET, NetworkPlace.subnets(imported));
      expect(check.analyze()[0]).toMatchObject({ verdict: UNDECIDED, doubts: expect.arrayContaining(['the routes of subnet subnet-12345678 are not in this app']) });
      check.assumeClosed(NetworkPlace.subnets(imported), 'the network team says so');
      expect(verdicts(check)).toEqual([HOLDS]);
    });
  });

  describe('networks of this package', () => {
    let network: SecureVpc;
    let groups: TierSecurityGroups;
    beforeEach(() => {
      network = new SecureVpc(stack, 'Network', { tiers: WITH_DATABASE });
      groups = new TierSecurityGroups(stack, 'Groups', { vpc: network.vpc });
    });
    const tier = (subnetGroupName: string) => NetworkPlace.subnets(network.vpc, { subnetGroupName });

    test('NET-04 D-01 the database tier has no way in from the internet and none out', () => {
      const check = ReachabilityCheck.of(stack);
      check.noPath(INTERNET, tier('Private'));
      check.noPath(INTERNET, tier('Database'));
      check.noPath(tier('Database'), INTERNET);
      expect(verdicts(check)).toEqual([HOLDS, HOLDS, HOLDS]);
    });

    test('NET-09 D-07 each tier is reached by the one before it, and nobody else', () => {
      const balancer = groups.addTier('LoadBalancer', { reachedFrom: [ec2.Peer.anyIpv4()], ports: [ec2.Port.tcp(443)] });
      const application = groups.addTier('Application', { reachedFrom: [balancer], ports: [ec2.Port.tcp(8443)], egress: [Outbound.HTTPS, Outbound.DNS] });
      const database = groups.addTier('Database', { reachedFrom: [application], ports: [MYSQL] });
      const group = NetworkPlace.securityGroup;
      const check = ReachabilityCheck.of(stack);
      check.onlyPaths(group(application), [{ from: group(balancer), ports: [ec2.Port.tcp(8443)] }]);
      check.onlyPaths(group(database), [{ from: group(application), ports: [MYSQL] }]);
      check.noPath(group(database), INTERNET);
      check.noPath(group(balancer), group(database));
      expect(verdicts(check)).toEqual([HOLDS, HOLDS, HOLDS, HOLDS]);
      // one end alone opens nothing
      database.addIngressRule(balancer, MYSQL);
      expect(verdicts(check)).toEqual([HOLDS, HOLDS, HOLDS, HOLDS]);
      balancer.addEgressRule(database, MYSQL);
      expect(verdicts(check)).toEqual([HOLDS, VIOLATED, HOLDS, VIOLATED]);
    });
  });

  describe('fails on', () => {
    const check = () => ReachabilityCheck.of(stack);
    test.each<[string, () => unknown, string]>([
      ['no range', () => NetworkPlace.addresses(), "'cidrs' must name at least one range, got none"],
      ['a range that is none', () => NetworkPlace.addresses('10.0.0.0/8', '10.0.0.300/8'), "'cidrs' must be ranges like 10.0.0.0/16 or 2001:db8::/32, got 10.0.0.300/8"],
      ['an address without a length', () => NetworkPlace.addresses('10.0.0.1'), 'got 10.0.0.1'],
      ['a prefix that is too long', () => NetworkPlace.addresses('10.0.0.0/33'), 'got 10.0.0.0/33'],
      ['IPv6 with nine groups', () => NetworkPlace.addresses('1:2:3:4:5:6:7:8:9/64'), 'got 1:2:3:4:5:6:7:8:9/64'],
      ['no subnet', () => NetworkPlace.subnetIds(), "'subnetIds' must name at least one subnet, got none"],
      ['an assumption without a reason', () => check().assumeAddresses('pl-1', ['10.0.0.0/8'], ' '), "'reason' must say why the assumption is true, got nothing [Stack]"],
      ['an assumption without a range', () => check().assumeAddresses('pl-1', [], 'r'), "'cidrs' must be at least one range like 10.0.0.0/16, got none [Stack]"],
      ['an assumption of something else', () => check().assumeAddresses('pl-1', ['office'], 'r'), 'got office [Stack]'],
      ['an assumption about the internet', () => check().assumeClosed(INTERNET, 'r'), "'place' must be security groups or subnets, got the internet [Stack]"],
    ])('%s', (_, act, problem) => {
      expect(act).toThrow(problem);
    });
  });
});
