/** What a template holds under a name that nobody can foresee. */
export type Properties = Record<string, unknown>;

/** A resource as people read it. */
export interface ReadResource {
  readonly logicalId: string;
  readonly Type: string;
  readonly Properties: Properties;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Condition?: string;
  readonly DependsOn?: string[];
}

/** A statement of a policy. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Principal?: string | Record<string, string | string[]>;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** A parameter of a template. */
export interface Parameter {
  readonly Type: string;
  readonly Default?: string;
  readonly Description?: string;
  readonly AllowedPattern?: string;
  readonly AllowedValues?: string[];
  readonly ConstraintDescription?: string;
  readonly MinLength?: number;
  readonly MaxLength?: number;
}

/** An output of a template. */
export interface Output {
  readonly Value: string;
  readonly Description?: string;
  readonly Export?: { readonly Name: string };
}

/**
 * A template in which a reference is text: `{"Ref": "Vpc…"}` reads `${Vpc…}`, `Fn::GetAtt` reads `${Vpc….Arn}`, `Fn::ImportValue`
 * reads `${<name of the export>}`, `Fn::Join` is joined, `Fn::Sub` stands as it is, but for values of its own and for what escapes a reference, and the third part of `${AWS::StackId}` reads `${AWS::StackId[2]}`. Logical ids lose the hash at
 * their end, so that expectations can name them.
 */
export class ReadTemplate {
  public readonly json: Properties;
  public readonly resources: readonly ReadResource[];
  public readonly parameters: Readonly<Record<string, Parameter>>;
  public readonly outputs: Readonly<Record<string, Output>>;

  constructor(text: string) {
    this.json = JSON.parse(text) as Properties;
    const read = asText(this.json, withoutHash(Object.keys(this.json.Resources as object))) as Properties;
    this.resources = Object.entries(read.Resources as Record<string, ReadResource>)
      .map(([logicalId, resource]) => ({ ...resource, logicalId, Properties: resource.Properties ?? {} }));
    this.parameters = read.Parameters as Record<string, Parameter>;
    this.outputs = read.Outputs as Record<string, Output>;
  }

  public ofType(type: string): ReadResource[] {
    return this.resources.filter((resource) => resource.Type === type);
  }

  /** The only resource of a type whose logical id begins like this. */
  public only(type: string, logicalId = ''): ReadResource {
    const found = this.ofType(type).filter((resource) => resource.logicalId.startsWith(logicalId));
    if (found.length !== 1) throw new Error(`${found.length} resources of type ${type} begin with '${logicalId}': ${found.map((one) => one.logicalId).join(', ')}`);
    return found[0];
  }
}

/** The statements of a policy, wherever it stands. */
export function statements(policy: unknown): Statement[] {
  return (policy as { Statement: Statement[] }).Statement;
}

/** The one statement called `sid`. */
export function statement(policy: unknown, sid: string): Statement {
  const found = statements(policy).filter((candidate) => candidate.Sid === sid);
  if (found.length !== 1) throw new Error(`${found.length} statements are called ${sid}, of ${statements(policy).map((one) => one.Sid).join(', ')}`);
  return found[0];
}

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** The tags of a resource by key. */
export function tags({ Properties: { Tags, TagSpecifications } }: ReadResource): Record<string, string> {
  const [specified] = TagSpecifications as { Tags: Tag[] }[] | undefined ?? [];
  return Object.fromEntries((Tags as Tag[] | undefined ?? specified?.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
}

type Names = ReadonlyMap<string, string>;

/** Each logical id without its hash; two that would become one keep theirs. */
function withoutHash(logicalIds: string[]): Names {
  const shortened = logicalIds.map((id) => id.replace(/[0-9A-F]{8}$/, ''));
  return new Map(logicalIds.map((id, index) => [id, shortened.filter((other) => other === shortened[index]).length > 1 ? id : shortened[index]]));
}

function asText(value: unknown, names: Names): unknown {
  if (Array.isArray(value)) return value.map((item) => asText(item, names));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) =>
    [names.get(key) ?? key, key === 'DependsOn' ? (item as string[]).map((id) => names.get(id)) : asText(item, names)] as const);
  const [[name, content] = ['', undefined]] = entries;
  if (entries.length === 1) {
    if (name === 'Ref') return `\${${names.get(content as string) ?? content as string}}`;
    if (name === 'Fn::GetAtt') return `\${${(content as string[]).map((part) => names.get(part) ?? part).join('.')}}`;
    if (name === 'Fn::ImportValue' && typeof content === 'string') return `\${${content}}`;
    if (name === 'Fn::Select') return partOf(content as [number, unknown]) ?? Object.fromEntries(entries);
    if (name === 'Fn::Sub') return substituted(typeof content === 'string' ? [content, {}] : content as [string, Record<string, string>], names);
    if (name === 'Fn::Join') return joined(content as [string, unknown]) ?? Object.fromEntries(entries);
  }
  return Object.fromEntries(entries);
}

function partOf([index, list]: [number, unknown]): string | undefined {
  const [, whole] = (list as { 'Fn::Split'?: [string, string] })['Fn::Split'] ?? [];
  return whole?.replace(/\}$/, `[${index}]}`);
}

function substituted([text, values]: [string, Record<string, string>], names: Names): string {
  const read = text.replace(/\$\{(\w+)/g, (_, id: string) => `\${${names.get(id) ?? id}`).replaceAll('${!', '${');
  return Object.entries(values).reduce((all, [id, value]) => all.replaceAll(`\${${id}}`, () => value), read);
}

function joined([separator, parts]: [string, unknown]): string | undefined {
  return Array.isArray(parts) && parts.every((part) => typeof part === 'string') ? parts.join(separator) : undefined;
}
