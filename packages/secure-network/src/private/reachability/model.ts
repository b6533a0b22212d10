import { Intervals } from './intervals';

/** Whether something is so. */
export type Truth = 'yes' | 'maybe' | 'no';

/** What a resource is told apart by. `unresolved` may be any resource, `elsewhere` none of the tree. */
export interface Id {
  readonly key: string;
  readonly label: string;
  readonly origin: 'tree' | 'elsewhere' | 'unresolved';
}

/** Addresses as a rule or a route writes them. With a symbol they are not known, but for being within `addresses`. */
export interface AddressRange {
  readonly label: string;
  readonly addresses: Intervals;
  readonly symbol?: string;
}

/** Whom a security group rule is about. */
export interface Peer {
  readonly label: string;
  readonly range?: AddressRange;
  readonly group?: Id;
}

/** What is true of the network, unless there is a doubt. */
export interface Fact {
  /** As it is printed in a path. */
  readonly label: string;
  /** Why it may not be so. */
  readonly doubt?: string;
}

/** A rule of a security group. */
export interface GroupRule extends Fact {
  readonly peer: Peer;
  readonly traffic: Intervals;
  /** Made by EC2, not by the template. */
  readonly isDefault?: boolean;
}

/** A security group. Its doubt says that it may have rules that are not known. */
export interface Group extends Fact {
  readonly id: Id;
  readonly vpc?: string;
  readonly ingress: GroupRule[];
  readonly egress: GroupRule[];
}

/** An entry of a network ACL. A number that is not known comes first, and is in doubt. */
export interface AclRule extends Fact {
  readonly number: number;
  readonly allows: boolean;
  readonly range: AddressRange;
  readonly traffic: Intervals;
}

/** A network ACL. Its doubt says that it may have entries that are not known. */
export interface Acl extends Fact {
  readonly ingress: AclRule[];
  readonly egress: AclRule[];
}

/** Where a route leads. */
export enum Via {
  LOCAL, INTERNET, EGRESS_ONLY, NAT,
  /** Peering, transit, VPN: other private networks, and who knows what behind them. */
  PRIVATE,
  /** An instance, an interface, a firewall endpoint: it forwards as it likes. */
  APPLIANCE,
  NOWHERE, UNKNOWN,
}

/** A route. */
export interface Route extends Fact {
  readonly range: AddressRange;
  readonly via: Via;
  /** What it leads to: tells two peerings apart. */
  readonly target: string;
  /** The subnet of the NAT gateway it leads to. */
  readonly natSubnet?: () => Subnet;
}

/** The routes of a table. Its doubt says that it may have routes that are not known. */
export interface RouteTable extends Fact {
  readonly routes: Route[];
}

/** A subnet. */
export interface Subnet extends Fact {
  readonly id: Id;
  /** Nothing if it is not known: it may be any. */
  readonly vpc?: string;
  /** What its addresses are within, by family. */
  readonly ranges: Intervals[];
  /** The addresses that are surely its own. */
  readonly known: Intervals;
  readonly table: RouteTable;
  readonly acl: Acl;
  readonly assignsPublicV4: Truth;
  readonly assignsV6: Truth;
}

/** Something with an address in a subnet; what is in several subnets is there once for each. */
export interface Host extends Fact {
  /** The construct it belongs to; nothing for what may come to be. */
  readonly path?: string;
  readonly subnet: Subnet;
  /** Nothing: it lets everything through, or what it would let through is not known. */
  readonly groups?: Group[];
  readonly publicV4: Truth;
  readonly v6: Truth;
  /** Its private addresses are within these, by family. */
  readonly ranges: Intervals[];
}

/** The networks of a construct tree. */
export interface Model {
  readonly subnets: Map<string, Subnet>;
  readonly groups: Map<string, Group>;
  readonly hosts: Host[];
  subnet(id: Id): Subnet;
  group(id: Id): Group;
}
