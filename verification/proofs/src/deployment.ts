/** A template, as far as the proofs read it. */
export interface Template {
  readonly Parameters?: Record<string, { readonly Default?: unknown }>;
  readonly Mappings?: Record<string, Record<string, Record<string, unknown>>>;
  readonly Conditions?: Record<string, unknown>;
  readonly Resources: Record<string, {
    readonly Type: string;
    readonly Properties?: Record<string, unknown>;
    readonly Metadata?: Record<string, unknown>;
  }>;
}

/** A resource with values where its template has references. */
export interface Deployed {
  readonly logicalId: string;
  /** The path of its construct below the stack: `Watch/SecurityGroupChanges`. */
  readonly path: string;
  readonly arn: string;
  readonly properties: Record<string, unknown>;
}

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';

const PSEUDO: Record<string, unknown> = {
  'AWS::AccountId': ACCOUNT, 'AWS::Region': REGION, 'AWS::Partition': 'aws', 'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'TapStackproved', 'AWS::StackId': `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/TapStackproved/id`, 'AWS::NoValue': undefined,
};

interface Identity {
  readonly ref: string;
  readonly arn: string;
}

/** What CloudFormation gives for `Ref` and for the `Arn` of a resource, by type. */
const IDENTITIES: Record<string, (id: string) => Identity> = {
  'AWS::S3::Bucket': (id) => ({ ref: `bucket-${id.toLowerCase()}`, arn: `arn:aws:s3:::bucket-${id.toLowerCase()}` }),
  'AWS::KMS::Key': (id) => ({ ref: id, arn: regional('kms', `key/${id}`) }),
  'AWS::SNS::Topic': (id) => ({ ref: regional('sns', id), arn: regional('sns', id) }),
  'AWS::SQS::Queue': (id) => ({ ref: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${id}`, arn: regional('sqs', id) }),
  'AWS::Logs::LogGroup': (id) => ({ ref: id, arn: regional('logs', `log-group:${id}:*`) }),
  'AWS::Lambda::Function': (id) => ({ ref: id, arn: regional('lambda', `function:${id}`) }),
  'AWS::Events::Rule': (id) => ({ ref: id, arn: regional('events', `rule/${id}`) }),
  'AWS::CloudTrail::Trail': (id) => ({ ref: id, arn: regional('cloudtrail', `trail/${id}`) }),
  'AWS::IAM::Role': (id) => ({ ref: id, arn: global(`role/${id}`) }),
  'AWS::IAM::Group': (id) => ({ ref: id, arn: global(`group/${id}`) }),
  'AWS::IAM::User': (id) => ({ ref: id, arn: global(`user/${id}`) }),
  'AWS::IAM::ManagedPolicy': (id) => ({ ref: global(`policy/${id}`), arn: global(`policy/${id}`) }),
};

function regional(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
}

function global(resource: string): string {
  return `arn:aws:iam::${ACCOUNT}:${resource}`;
}

type Resolve = (value: unknown) => unknown;

/** A template as if it were deployed: every reference has a value, and the same one everywhere. */
export class Deployment {
  constructor(public readonly name: string, private readonly template: Template) {}

  /** The resources of a type, with what `properties` names of them resolved: the rest may hold functions that nobody needs here. */
  public resources(type: string, ...properties: string[]): Deployed[] {
    return Object.entries(this.template.Resources).filter(([, resource]) => resource.Type === type).map(([logicalId, resource]) => ({
      logicalId,
      path: this.pathOf(logicalId),
      arn: this.identityOf(logicalId).arn,
      properties: Object.fromEntries(properties.map((name) => [name, this.resolve(resource.Properties?.[name])])),
    }));
  }

  private pathOf(logicalId: string): string {
    const constructPath = this.template.Resources[logicalId].Metadata?.['aws:cdk:path'];
    if (typeof constructPath !== 'string') return logicalId;
    return constructPath.split('/').slice(1).join('/').replace(/\/(Resource|Default)$/, '');
  }

  private identityOf(logicalId: string): Identity {
    const { Type } = this.template.Resources[logicalId];
    return IDENTITIES[Type]?.(logicalId) ?? { ref: logicalId, arn: regional(Type.split('::')[1].toLowerCase(), logicalId) };
  }

  private resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.resolve(item)).filter((item) => item !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const [name, argument] = Object.entries(value)[0] ?? [];
    const isFunction = name?.startsWith('Fn::') || name === 'Ref' || (name === 'Condition' && typeof argument === 'string');
    if (isFunction && Object.keys(value).length === 1) {
      return this.call(name, argument);
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.resolve(inner)]).filter(([, inner]) => inner !== undefined));
  }

  private call(name: string, argument: unknown): unknown {
    const known: Record<string, Resolve> = {
      'Ref': (id) => this.reference(id as string),
      'Condition': (id) => this.resolve(this.template.Conditions?.[id as string]),
      'Fn::GetAtt': (of) => this.attribute(of as string | [string, string]),
      'Fn::Join': (of) => this.join(of as [string, unknown]),
      'Fn::Sub': (of) => this.substitute(of as string | [string, Record<string, unknown>]),
      'Fn::Select': (of) => this.select(of as [number | string, unknown]),
      'Fn::Split': (of) => this.split(of as [string, unknown]),
      'Fn::FindInMap': (of) => this.findInMap(this.resolve(of) as [string, string, string]),
      'Fn::ImportValue': (of) => `imported-${String(this.resolve(of))}`,
      'Fn::If': (of) => this.choose(of as [string, unknown, unknown]),
      'Fn::Equals': (of) => { const [one, other] = this.resolve(of) as unknown[]; return one === other; },
      'Fn::Not': (of) => !(this.resolve(of) as unknown[])[0],
      'Fn::And': (of) => (this.resolve(of) as unknown[]).every(Boolean),
      'Fn::Or': (of) => (this.resolve(of) as unknown[]).some(Boolean),
    };
    if (!known[name]) throw new Error(`'${name}' must have a value to be proved with, got ${JSON.stringify(argument)} [${this.name}]`);
    return known[name](argument);
  }

  private reference(id: string): unknown {
    if (id in PSEUDO) return PSEUDO[id];
    const parameter = this.template.Parameters?.[id];
    if (parameter) return parameter.Default ?? id;
    return this.identityOf(id).ref;
  }

  private attribute(of: string | [string, string]): string {
    const [logicalId, name] = typeof of === 'string' ? of.split('.') : of;
    return name === 'Arn' || name.endsWith('Arn') ? this.identityOf(logicalId).arn : `${logicalId}.${name}`;
  }

  private join([separator, parts]: [string, unknown]): string {
    return (this.resolve(parts) as unknown[]).join(separator);
  }

  private substitute(of: string | [string, Record<string, unknown>]): string {
    const [text, values] = typeof of === 'string' ? [of, {}] : of;
    return text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (name in values) return String(this.resolve(values[name]));
      return String(name.includes('.') ? this.attribute(name) : this.reference(name));
    });
  }

  private select([index, list]: [number | string, unknown]): unknown {
    return (this.resolve(list) as unknown[])[Number(index)];
  }

  private split([separator, text]: [string, unknown]): string[] {
    return String(this.resolve(text)).split(separator);
  }

  private findInMap([map, top, second]: [string, string, string]): unknown {
    return this.template.Mappings?.[map]?.[top]?.[second];
  }

  private choose([condition, yes, no]: [string, unknown, unknown]): unknown {
    return this.resolve(this.resolve(this.template.Conditions?.[condition]) ? yes : no);
  }
}
