import { Stage, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { NetworkPlace } from './network-place';
import { parseCidr } from './private/reachability/addresses';
import { Intervals } from './private/reachability/intervals';
import { Places } from './private/reachability/places';
import { readModel } from './private/reachability/read-model';
import { forget, read, Reading, readOnce } from './private/reachability/reading';
import { Allowance, noPath, onlyPaths, Outcome } from './private/reachability/statements';
import { ALL_TRAFFIC } from './private/reachability/traffic';
import { symbolOf, Values } from './private/reachability/values';

/**
 * What became of a statement.
 */
export enum ReachabilityVerdict {
  /** It is proven. */
  HOLDS = 'HOLDS',

  /** There is a path against it. */
  VIOLATED = 'VIOLATED',

  /** Something that matters is not known at synthesis: it is not proven, and fails as if it were violated. */
  UNDECIDED = 'UNDECIDED',
}

/**
 * A statement, and what became of it.
 */
export interface ReachabilityFinding {
  /** What was stated, in words. */
  readonly statement: string;

  /** What became of it. */
  readonly verdict: ReachabilityVerdict;

  /** The path against it, hop by hop, with the construct paths of what lets it through; empty if it holds. */
  readonly path: string[];

  /** The traffic that takes the path, `tcp 22` for one; empty if it holds. */
  readonly traffic: string;

  /** What is not known, and would have to be; empty unless undecided. */
  readonly doubts: string[];

  /** What was taken for granted, with the reasons given. */
  readonly assumptions: string[];
}

/**
 * Who may reach a place, on what.
 */
export interface AllowedPath {
  /** From where. */
  readonly from: NetworkPlace;

  /** On which ports. `ec2.Port.allTraffic()` is possible. A port that is a token allows nothing. */
  readonly ports: ec2.Port[];
}

interface Statement {
  readonly text: string;
  readonly check: (places: Places) => Outcome;
}

/**
 * Proves at synthesis who reaches whom, over the routes, network ACLs and security groups of the whole construct tree.
 *
 * Statements are evaluated on the finished tree, so rules that are added later count. It reads what will be in the templates, whether it was
 * written with this package, with CDK's constructs or as L1s. A statement that does not hold fails the synthesis and prints the path against it.
 * What synthesis cannot know is never guessed: the statement fails as not proven, and says what would have to be known.
 *
 * Control: NET-15 proven reachability.
 */
export class ReachabilityCheck {
  /**
   * A check that is part of the synthesis of `scope`.
   *
   * @param scope where the statements belong, a stack or a construct; they may be about anything in the same app or stage
   */
  public static of(scope: IConstruct): ReachabilityCheck {
    return new ReachabilityCheck(scope);
  }

  private readonly statements: Statement[] = [];
  private readonly assumptions: string[] = [];
  private readonly assumedAddresses: { value: string; addresses: Intervals }[] = [];
  private readonly assumedClosed: string[] = [];

  private constructor(private readonly scope: IConstruct) {
    forget(this.root);
    scope.node.addValidation({
      validate: () => this.findings(readOnce(this.root, this))
        .filter(({ verdict }) => verdict !== ReachabilityVerdict.HOLDS)
        .map((finding) => this.messageOf(finding)),
    });
  }

  /**
   * States that no connection gets from one place to another. A place that a load balancer or a proxy stands before is reached from that, not
   * from its clients.
   *
   * @param from where connections begin
   * @param to where they must not arrive
   * @param ports which must not; all traffic if left out
   */
  public noPath(from: NetworkPlace, to: NetworkPlace, ...ports: ec2.Port[]): void {
    const what = ports.length === 0 ? '' : ` on ${ports.map(String).join(', ')}`;
    this.statements.push({
      text: `no path from ${from.name} to ${to.name}${what}`,
      check: (places) => noPath(places, from._spec(), to._spec(), ports.length === 0 ? ALL_TRAFFIC : trafficOf(ports, places, ALL_TRAFFIC)),
    });
  }

  /**
   * States that a place is reached by those who are named, on the ports that are named, and by nobody else: nothing in the app, nothing that may
   * be put in one of its subnets, no address outside. What is in the place may reach itself.
   *
   * @param to the place
   * @param allowed who may reach it on what; nobody if empty
   */
  public onlyPaths(to: NetworkPlace, allowed: AllowedPath[]): void {
    const names = allowed.map(({ from, ports }) => `from ${from.name} on ${ports.map(String).join(', ')}`);
    this.statements.push({
      text: `no path to ${to.name} but ${names.join(', and ') || 'from nowhere'}`,
      check: (places) => onlyPaths(places, to._spec(), allowed.map(({ from, ports }): Allowance => (
        { from: from._spec(), traffic: trafficOf(ports, places, Intervals.NONE) }
      ))),
    });
  }

  /**
   * Takes for granted that addresses which synthesis does not know are within ranges. For parameters and prefix lists.
   *
   * @param addresses the token, or the id of a prefix list
   * @param cidrs what they are within
   * @param reason why that is so; it stands in every finding
   */
  public assumeAddresses(addresses: string, cidrs: string[], reason: string): void {
    this.checkReason(reason);
    const wrong = cidrs.find((cidr) => Token.isUnresolved(cidr) || !parseCidr(cidr));
    if (wrong !== undefined || cidrs.length === 0) {
      throw new Error(`'cidrs' must be at least one range like 10.0.0.0/16, got ${wrong ?? 'none'} [${this.scope.node.path}]`);
    }
    this.assumedAddresses.push({ value: addresses, addresses: Intervals.union(cidrs.flatMap((cidr) => parseCidr(cidr) ?? [])) });
    this.assumptions.push(`${Token.isUnresolved(addresses) ? 'a token' : addresses} is within ${cidrs.join(', ')}: ${reason}`);
  }

  /**
   * Takes for granted that a security group, or subnets, of elsewhere let nothing through but what this app adds. For what is imported.
   *
   * @param place security groups or subnets
   * @param reason why that is so; it stands in every finding
   */
  public assumeClosed(place: NetworkPlace, reason: string): void {
    this.checkReason(reason);
    const { subnetIds = [], groupId } = place._spec();
    const ids = [...subnetIds, ...(groupId === undefined ? [] : [groupId])];
    if (ids.length === 0) throw new Error(`'place' must be security groups or subnets, got ${place.name} [${this.scope.node.path}]`);
    this.assumedClosed.push(...ids);
    this.assumptions.push(`${place.name} lets nothing through but what is in this app: ${reason}`);
  }

  /**
   * What became of each statement, on the tree as it is now. For tests of your own.
   */
  public analyze(): ReachabilityFinding[] {
    return this.findings(read(this.root));
  }

  /** What stacks may refer to each other within. */
  private get root(): IConstruct {
    return Stage.of(this.scope) ?? this.scope.node.root;
  }

  private findings(reading: Reading): ReachabilityFinding[] {
    const places = this.placesIn(reading);
    return this.statements.map(({ text, check }) => this.findingOf(text, check(places)));
  }

  private placesIn({ resources, reader }: Reading): Places {
    const symbol = (value: string) => symbolOf(reader.resolve(value, this.scope));
    const byPath = new Map(resources.map((resource) => [resource.path, resource]));
    const plain = new Values(byPath, { addresses: new Map(), closed: new Set() });
    const values = new Values(byPath, {
      addresses: new Map(this.assumedAddresses.map(({ value, addresses }) => [symbol(value), addresses])),
      closed: new Set(this.assumedClosed.map((id) => plain.id(reader.resolve(id, this.scope)).key)),
    });
    return new Places(readModel(resources, values), values, reader, this.scope);
  }

  private findingOf(statement: string, { holds, path, doubts }: Outcome): ReachabilityFinding {
    const open = path !== undefined && path.doubts.length === 0;
    return {
      statement,
      verdict: holds ? ReachabilityVerdict.HOLDS : open ? ReachabilityVerdict.VIOLATED : ReachabilityVerdict.UNDECIDED,
      path: path?.hops ?? [],
      traffic: path?.traffic ?? '',
      doubts,
      assumptions: this.assumptions,
    };
  }

  private messageOf({ statement, verdict, path, traffic, doubts, assumptions }: ReachabilityFinding): string {
    const hops = path.map((hop, index) => `\n  ${index === 0 ? ' ' : '→'} ${hop}`).join('');
    const granted = assumptions.map((assumption) => `\n  taken for granted: ${assumption}`).join('');
    const remedy = "make it known, or say what you know of it with 'assumeAddresses' or 'assumeClosed'";
    const violated = verdict === ReachabilityVerdict.VIOLATED;
    const problem = violated ? `but there is one for ${traffic}` : `which cannot be proven: ${doubts.join('; ')}; ${remedy}`;
    return `stated is ${statement}, ${problem} [${this.scope.node.path}]${hops}${granted}`;
  }

  private checkReason(reason: string): void {
    if (reason.trim() === '') throw new Error(`'reason' must say why the assumption is true, got nothing [${this.scope.node.path}]`);
  }
}

/** The traffic of ports. One that is not known counts as `unknown`. */
function trafficOf(ports: readonly ec2.Port[], places: Places, unknown: Intervals): Intervals {
  return Intervals.union(ports.map((port) => places.traffic(port, unknown)));
}
