import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { ANY_ADDRESS, FAMILIES, INTERNET, isV4, parseCidr } from './addresses';
import { End } from './gates';
import { Intervals, refine } from './intervals';
import { Group, Host, Id, Model, Subnet, Truth } from './model';
import { asObject, Value, ValueReader } from './tree';
import { Values } from './values';

/** A place as it is asked for; its ids and addresses may be tokens. */
export interface PlaceSpec {
  readonly label: string;
  readonly subnetIds?: readonly string[];
  readonly groupId?: string;
  readonly construct?: IConstruct;
  readonly cidrs?: readonly string[];
  readonly internet?: boolean;
}

/** One end before its addresses are cut. */
export interface Party {
  readonly label: string;
  readonly host?: Host;
  readonly ranges: readonly Intervals[];
  readonly symbol?: string;
}

/** Finds in a model what places mean. */
export class Places {
  constructor(
    private readonly model: Model,
    private readonly values: Values,
    private readonly reader: ValueReader,
    private readonly scope: IConstruct,
  ) {}

  /** Everything that is, or may come to be, in a place. */
  public parties(place: PlaceSpec): Party[] {
    if (place.internet) return [{ label: place.label, ranges: [INTERNET] }];
    if (place.cidrs) return place.cidrs.flatMap((cidr) => this.addresses(this.reader.resolve(cidr, this.scope)));
    const hosts = this.model.hosts.map((host) => ({ host, is: this.isIn(place, host) })).filter(({ is }) => is !== 'no')
      .map(({ host, is }) => partyOf(is === 'yes' ? host : { ...host, doubt: `whether ${host.label} is in ${place.label} is not known` }));
    if (place.subnetIds) return [...hosts, ...this.subnetsOf(place).map(anyoneIn).map(partyOf)];
    if (hosts.length > 0 || !place.groupId) return hosts;
    return this.holders(this.model.group(this.id(place.groupId)));
  }

  /** Whether a host belongs to a place. */
  public isIn(place: PlaceSpec, host: Host): Truth {
    if (place.subnetIds) return isAmong(this.subnetsOf(place).map(({ id }) => id), [host.subnet.id]);
    if (place.groupId) return isAmong([this.id(place.groupId)], (host.groups ?? []).map(({ id }) => id));
    const path = place.construct?.node.path;
    if (path === undefined || host.path === undefined) return 'no';
    return host.path === path || host.path.startsWith(path === '' ? '' : `${path}/`) ? 'yes' : 'no';
  }

  /** The addresses of a place that are known. */
  public knownAddresses(place: PlaceSpec): Intervals {
    if (place.internet) return INTERNET;
    return Intervals.union((place.cidrs ?? []).flatMap((cidr) => {
      const value = this.reader.resolve(cidr, this.scope);
      return typeof value === 'string' ? parseCidr(value) ?? [] : [];
    }));
  }

  /** The symbols of its addresses that are not. */
  public symbols(place: PlaceSpec): string[] {
    return (place.cidrs ?? []).flatMap((cidr) => this.rangeOf(this.reader.resolve(cidr, this.scope)).symbol ?? []);
  }

  /** Everything in the tree that has an address in a subnet. */
  public hosts(): readonly Host[] {
    return this.model.hosts;
  }

  /** Whatever may stand in a subnet one day, as open as can be. */
  public anyone(): Host[] {
    return [...this.model.subnets.values()].map(anyoneIn);
  }

  /** Everything outside the subnets, near or far. */
  public outside(): Party {
    return { label: 'an address outside', ranges: [ANY_ADDRESS.minus(Intervals.union([...this.model.subnets.values()].map(({ known }) => known)))] };
  }

  /** Something that holds `group`, in any subnet of its VPC: what is said about the group has to hold for the first to come. */
  public holders(group: Group): Party[] {
    return [...this.model.subnets.values()]
      .filter(({ vpc }) => group.vpc === undefined || vpc === undefined || vpc === group.vpc)
      .map((subnet) => partyOf({ ...anyoneIn(subnet), label: `whatever holds security group ${group.id.label}`, groups: [group] }));
  }

  /** The groups that rules of `host` let in and nothing in the tree holds. */
  public unheldGroups(host: Host): Group[] {
    const named = (host.groups ?? []).flatMap(({ ingress }) => ingress.flatMap(({ peer }) => peer.group ?? []));
    const held = new Set(this.model.hosts.flatMap(({ groups }) => groups?.map(({ id }) => id.key) ?? []));
    return [...new Map(named.filter(({ key }) => !held.has(key)).map((id) => [id.key, this.model.group(id)])).values()];
  }

  /** The traffic of a port; `unknown` if it is a token. */
  public traffic(port: ec2.Port, unknown: Intervals): Intervals {
    const { ipProtocol, fromPort, toPort } = asObject(this.reader.resolve(port.toRuleJson(), this.scope));
    const { traffic, doubt } = this.values.traffic(ipProtocol, fromPort, toPort);
    return doubt === undefined ? traffic : unknown;
  }

  private id(value: Value): Id {
    return this.values.id(this.reader.resolve(value, this.scope));
  }

  private subnetsOf(place: PlaceSpec): Subnet[] {
    return (place.subnetIds ?? []).map((value) => this.model.subnet(this.id(value)));
  }

  private rangeOf(value: Value) {
    const v6 = typeof value === 'string' && value.includes(':');
    return v6 || typeof value === 'string' ? this.values.rangeOf(v6 ? undefined : value, v6 ? value : undefined) : this.values.symbolic(value);
  }

  /** Addresses in subnets are those of whatever stands there; the others are outside. */
  private addresses(value: Value): Party[] {
    const { label, addresses, symbol } = this.rangeOf(value);
    const isSure = (host: Host) => symbol === undefined && host.ranges.every((range) => host.subnet.known.contains(range));
    const near = this.anyone().map((host) => ({
      ...host,
      ranges: host.ranges.map((range) => range.intersect(addresses)).filter((range) => !range.isEmpty),
      doubt: isSure(host) ? host.doubt : `whether ${label} is in ${host.subnet.label} is not known`,
    })).filter(({ ranges }) => ranges.length > 0);
    const far = symbol === undefined ? addresses.minus(Intervals.union([...this.model.subnets.values()].map(({ known }) => known))) : addresses;
    return [...near.map(partyOf), ...(far.isEmpty ? [] : [{ label: `addresses ${label}`, ranges: [far], symbol }])];
  }
}

function anyoneIn(subnet: Subnet): Host {
  const v6 = subnet.ranges.every(isV4) ? 'no' : 'yes';
  return { label: `anything in ${subnet.label}`, subnet, publicV4: 'yes', v6: subnet.vpc === undefined ? 'maybe' : v6, ranges: subnet.ranges };
}

function isAmong(wanted: readonly Id[], ids: readonly Id[]): Truth {
  if (ids.some(({ key }) => wanted.some((one) => one.key === key))) return 'yes';
  // two names that are not resolved may mean the same
  return ids.some((id) => wanted.some((one) => id.origin === 'unresolved' || one.origin === 'unresolved')) ? 'maybe' : 'no';
}

function partyOf(host: Host): Party {
  return { label: host.label, host, ranges: host.ranges };
}

/**
 * The ends a party is cut into, so that each range of `by` has all or nothing of one. What its addresses are only within stays whole: cut up,
 * it would seem to be in every part.
 */
export function endsOf({ label, host, symbol, ranges }: Party, by: readonly Intervals[]): End[] {
  const isKnown = (range: Intervals) => symbol === undefined && (host === undefined || host.subnet.known.contains(range));
  const pieces = ranges.flatMap((range) => refine([range], isKnown(range) ? [...FAMILIES, ...by] : FAMILIES));
  return pieces.map((addresses) => ({ label, host, symbol, addresses }));
}
