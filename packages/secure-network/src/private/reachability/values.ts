import { ANY_ADDRESS, FAMILIES, parseCidr } from './addresses';
import { Intervals } from './intervals';
import { AddressRange, Id, Truth } from './model';
import { ALL_TRAFFIC, protocolNumber, trafficOf } from './traffic';
import { asObject, Properties, referenceIn, Resource, shortPath, Value } from './tree';

const [V4, V6] = FAMILIES;

/** Attributes that are not the resource itself but something of its own. */
const PARTS = ['DefaultSecurityGroup', 'DefaultNetworkAcl'];

/** Where engines listen unless told otherwise, as far as the documentation is of one mind. */
const ENGINE_PORTS: Record<string, number> = { 'mysql': 3306, 'mariadb': 3306, 'aurora-mysql': 3306, 'postgres': 5432 };

/** What was said about values that synthesis does not know. */
export interface Assumptions {
  /** Addresses by symbol. */
  readonly addresses: ReadonlyMap<string, Intervals>;
  /** Keys of groups and subnets that have nothing but what the tree shows. */
  readonly closed: ReadonlySet<string>;
}

/** Reads single values of properties: what they mean, or that they are not known. */
export class Values {
  constructor(private readonly resources: ReadonlyMap<string, Resource>, private readonly assumptions: Assumptions) {}

  public resource(value: Value, type?: string): Resource | undefined {
    const reference = referenceIn(value);
    const resource = reference && this.resources.get(reference.path);
    return type === undefined || resource?.type === type ? resource : undefined;
  }

  /** What the resource that `value` names is told apart by. */
  public id(value: Value): Id {
    const reference = referenceIn(value);
    if (reference && this.resources.has(reference.path)) {
      const part = PARTS.find((name) => name === reference.attribute);
      return { key: part ? partKey(reference.path, part) : reference.path, label: shortPath(reference.path) + (part ? ` (${part})` : ''), origin: 'tree' };
    }
    return { key: symbolOf(value), label: labelOf(value), origin: typeof value === 'string' ? 'elsewhere' : 'unresolved' };
  }

  /** The addresses that `value` stands for, in one of the two families. */
  public range(value: Value, family: Intervals): AddressRange {
    const reference = referenceIn(value);
    const vpc = this.resource(value, 'AWS::EC2::VPC');
    if (vpc && reference?.attribute === 'CidrBlock') return this.range(vpc.properties.CidrBlock, family);
    const known = typeof value === 'string' ? parseCidr(value) : undefined;
    if (known) return { label: String(value), addresses: known };
    return this.symbolic(value, family);
  }

  /** Addresses that are known by name only: a token, a prefix list. */
  public symbolic(value: Value, family: Intervals = ANY_ADDRESS): AddressRange {
    const symbol = symbolOf(value);
    const addresses = (this.assumptions.addresses.get(symbol) ?? ANY_ADDRESS).intersect(family);
    return { label: labelOf(value), addresses, symbol };
  }

  /** The range in the one of two properties that is there; any address if none is. */
  public rangeOf(v4: Value, v6: Value): AddressRange {
    return v6 === undefined ? this.range(v4 ?? '0.0.0.0/0', V4) : this.range(v6, V6);
  }

  /** The traffic of a protocol and two bounds; as wide as it can be, and in doubt, where they are tokens. */
  public traffic(protocol: Value, from: Value, to: Value): { traffic: Intervals; doubt?: string } {
    const number = typeof protocol === 'string' || typeof protocol === 'number' ? protocolNumber(String(protocol)) : undefined;
    if (number === undefined) return { traffic: ALL_TRAFFIC, doubt: `protocol ${labelOf(protocol)} is not known` };
    const [first, last] = [this.port(from), this.port(to)];
    const unknown = [from, to].find((bound, index) => bound !== undefined && [first, last][index] === undefined);
    if (unknown !== undefined && number !== -1) return { traffic: trafficOf(number), doubt: `port ${labelOf(unknown)} is not known` };
    return { traffic: trafficOf(number, first, last) };
  }

  /** A port; that of a database is the one it is given, or the one its engine has. */
  private port(value: Value): number | undefined {
    const reference = referenceIn(value);
    const properties = reference?.attribute.endsWith('Endpoint.Port') ? this.resource(value)?.properties : undefined;
    if (!properties) return numberOf(value);
    return numberOf(properties.Port ?? ENGINE_PORTS[String(properties.Engine)]);
  }

  /** Whether it was said that there is nothing beyond what the tree shows. */
  public isAssumedClosed(id: Id): boolean {
    return this.assumptions.closed.has(id.key);
  }
}

/** The key of what a resource brings along. */
export function partKey(path: string, part: string): string {
  return `${path}#${part}`;
}

/** The same text for the same value: what is not known can still be compared with itself. */
export function symbolOf(value: Value): string {
  return typeof value === 'string' ? value : String(JSON.stringify(value));
}

/** An unknown value, as people read it. */
export function labelOf(value: Value): string {
  const reference = referenceIn(value);
  if (reference) return reference.attribute === 'Ref' ? shortPath(reference.path) : `${shortPath(reference.path)}.${reference.attribute}`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A number, also where it is written as text; nothing if it is a token or is not there. */
export function numberOf(value: Value): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}

/** Whether a switch is on; `silent` if nothing is said. */
export function truthOf(value: Value, silent: Truth): Truth {
  if (value === undefined) return silent;
  if (typeof value === 'boolean' || value === 'true' || value === 'false') return String(value) === 'true' ? 'yes' : 'no';
  return 'maybe';
}

/** The first doubt there is. */
export function firstDoubt(...doubts: (string | undefined)[]): string | undefined {
  return doubts.find((doubt) => doubt !== undefined);
}

/** A nested property. */
export function at(properties: Properties, ...names: string[]): Value {
  return names.reduce<Value>((value, name) => asObject(value)[name], properties);
}
