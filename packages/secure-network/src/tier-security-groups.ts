import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { InstanceConnectEndpoint } from './instance-connect-endpoint';
import { Outbound } from './outbound';
import { keepClosed } from './private/keep-closed';
import { administratorProblem, descriptionProblem, internetProblem, PeerRule, portProblem } from './private/peer-rule';
import { tierNameProblem } from './private/tier-name';
import { TierChain, TierChainOptions } from './tier-chain';

/**
 * Properties of `TierSecurityGroups`.
 */
export interface TierSecurityGroupsProps {
  /**
   * The network the groups belong to.
   */
  readonly vpc: ec2.IVpc;
}

/**
 * One tier: who reaches it on what, and what it reaches.
 */
export interface SecurityTierOptions {
  /**
   * What the group is for: up to 255 letters, digits, spaces and `._-:/()#,@[]+=&;{}!$*`. Changing it replaces the group.
   *
   * @default - the name of the tier
   */
  readonly description?: string;

  /**
   * A fixed name for the group. Two stacks with the same name cannot share a VPC.
   *
   * @default - CloudFormation makes a unique name
   */
  readonly securityGroupName?: string;

  /**
   * Who reaches this tier on its `ports`: the groups of other tiers, groups of your own, address ranges, prefix lists.
   *
   * A group that is named here, and whose egress is closed, is opened to this tier on the same ports. Any address
   * is possible on TCP 80 and 443 only (NET-11).
   *
   * @default - nobody
   */
  readonly reachedFrom?: ec2.IPeer[];

  /**
   * The TCP or UDP ports this tier serves to `reachedFrom`. All traffic cannot be asked for.
   *
   * @default - none
   */
  readonly ports?: ec2.Port[];

  /**
   * From where administrators may use SSH (TCP 22). Ranges wider than /8 (IPv6: /32) are refused, any address above
   * all; a range that is a CloudFormation parameter is left to the pattern of the parameter (NET-10).
   *
   * @default - from nowhere; Session Manager needs no open port
   */
  readonly sshFrom?: ec2.IPeer[];

  /**
   * The endpoint through which administrators may use SSH (TCP 22): IAM decides who, and nothing is open to addresses (NET-10).
   *
   * @default - none; Session Manager needs no open port
   */
  readonly instanceConnect?: InstanceConnectEndpoint;

  /**
   * What this tier may reach besides the tiers that name it in `reachedFrom`.
   *
   * @default - nothing
   */
  readonly egress?: Outbound[];
}

/**
 * Security groups for the tiers of a workload, each open to the tier before it on the ports it serves, and to nothing else.
 *
 * Add the tiers from the outside in; each names those that reach it. Both ends of a connection get their rule. Rules between
 * groups are resources of their own, so that groups never wait for one another. A group is closed from the moment it exists.
 *
 * Controls: NET-09 explicit rules, NET-10 administrator access, NET-11 open to the internet.
 */
export class TierSecurityGroups extends Construct {
  private readonly vpc: ec2.IVpc;
  private readonly groups: ec2.SecurityGroup[] = [];

  constructor(scope: Construct, id: string, props: TierSecurityGroupsProps) {
    super(scope, id);
    this.vpc = props.vpc;
  }

  /**
   * Adds a tier and returns its group.
   *
   * @param name what the tier is called: a letter, then letters, digits and `-`, at most 32 characters. It stands in the logical id.
   * @param options who reaches the tier on what, and what it reaches; nobody and nothing if left out
   * @throws when a rule is not explicit: unnamed ports, any address where it is not meant to be, illegal descriptions
   */
  public addTier(name: string, options: SecurityTierOptions = {}): ec2.SecurityGroup {
    const description = options.description ?? `Tier ${name}`;
    const ingress = this.served(name, options);
    const doors = [...(options.sshFrom ?? []), ...(options.instanceConnect ? [options.instanceConnect.securityGroup] : [])];
    const administrators = doors.map((peer) => ({ peer, port: ec2.Port.SSH, description: `SSH to ${name}` }));
    const egress = (options.egress ?? []).flatMap((need) => need._rulesIn(this.vpc));
    this.check(name, { ...options, description }, ingress, egress);

    const group = new ec2.SecurityGroup(this, name, {
      vpc: this.vpc,
      description,
      securityGroupName: options.securityGroupName,
      allowAllOutbound: false,
      allowAllIpv6Outbound: false,
      disableInlineRules: false,
    });
    keepClosed(group);
    for (const { peer, port, description: rule } of [...ingress, ...administrators]) {
      group.addIngressRule(peer, port, rule);
      peer.connections.securityGroups.forEach((source) => source.addEgressRule(group, port, rule, true));
    }
    egress.forEach((rule) => group.addEgressRule(rule.peer, rule.port, rule.description));
    this.groups.push(group);
    return group;
  }

  /**
   * Adds the three tiers of a workload, `LoadBalancer`, `Application` and `Database`, each open to the one before it and to nothing else.
   *
   * @param options who reaches the first, on which ports each serves, and what the application reaches besides
   * @throws when a rule is not explicit, as `addTier`
   */
  public addChain(options: TierChainOptions): TierChain {
    const loadBalancer = this.addTier('LoadBalancer', { reachedFrom: options.reachedFrom, ports: options.loadBalancerPorts ?? [ec2.Port.tcp(443)] });
    const application = this.addTier('Application', {
      reachedFrom: [loadBalancer],
      ports: [options.applicationPort],
      egress: options.applicationEgress,
      sshFrom: options.sshFrom,
      instanceConnect: options.instanceConnect,
    });
    const database = this.addTier('Database', { reachedFrom: [application], ports: [options.databasePort ?? ec2.Port.tcp(3306)] });
    return { loadBalancer, application, database };
  }

  /** Every peer on every port. */
  private served(name: string, options: SecurityTierOptions): PeerRule[] {
    const ports = options.ports ?? [];
    return (options.reachedFrom ?? []).flatMap((peer) => ports.map((port) => ({ peer, port, description: `${this.nameOf(peer)} to ${name} on ${port}` })));
  }

  private nameOf(peer: ec2.IPeer): string {
    return this.groups.find((group) => group === peer)?.node.id ?? (peer.connections.securityGroups.length > 0 ? 'Other group' : 'Addresses');
  }

  private check(name: string, options: SecurityTierOptions & { description: string }, ingress: PeerRule[], egress: PeerRule[]): void {
    const [reached, serves] = [Boolean(options.reachedFrom?.length), Boolean(options.ports?.length)];
    const problems = [
      tierNameProblem(name),
      descriptionProblem("'description'", options.description),
      reached === serves ? undefined : `'reachedFrom' and 'ports' must go together, got only '${serves ? 'ports' : 'reachedFrom'}'; say who reaches which port`,
      ...(options.ports ?? []).map((port) => portProblem("'ports'", port)),
      ...ingress.map((rule) => internetProblem("'reachedFrom'", rule)),
      ...(options.sshFrom ?? []).map((peer) => administratorProblem("'sshFrom'", peer)),
      ...egress.flatMap((rule) => [
        portProblem("'egress'", rule.port), internetProblem("'egress'", rule), descriptionProblem("the description in 'egress'", rule.description),
      ]),
    ].filter((problem) => problem !== undefined);
    if (problems.length > 0) {
      throw new Error([...new Set(problems)].map((problem) => `${problem} [${this.node.path}/${name}]`).join('\n'));
    }
  }
}
