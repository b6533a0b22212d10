import { CfnElement, CfnResource, DefaultTokenResolver, IResolvable, IResolveContext, IPostProcessor, Reference, Stack, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** A resolved property: text, numbers, lists and objects of them; references are `{ 'Fn::Reference': [path, attribute] }`. */
export type Value = unknown;

/** The properties of a resource, in the spelling of CloudFormation. */
export type Properties = Record<string, Value>;

/** A resource as it will be in the template, but for references: those name the construct they mean, in whatever stack it is. */
export interface Resource {
  readonly path: string;
  readonly type: string;
  readonly properties: Properties;
  /** Why it may not be there. */
  readonly doubt?: string;
}

const REFERENCE = 'Fn::Reference';

/** Keeps references as what they point to. CloudFormation's own `Ref` would be an import in the next stack, and a parameter in a nested one. */
class ReferenceResolver extends DefaultTokenResolver {
  constructor() {
    super({ join: (left: Value, right: Value) => ({ 'Fn::Join': ['', [left, right]] }) });
  }

  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): Value {
    if (Reference.isReference(token)) return { [REFERENCE]: [token.target.node.path, token.displayName] };
    return super.resolveToken(token, context, postProcessor);
  }
}

/** What `value` refers to, if it is a reference and nothing else. */
export function referenceIn(value: Value): { path: string; attribute: string } | undefined {
  const reference = asObject(value)[REFERENCE];
  return Array.isArray(reference) ? { path: String(reference[0]), attribute: String(reference[1]) } : undefined;
}

/** The object that `value` is, or an empty one. */
export function asObject(value: Value): Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Properties : {};
}

/** The list that `value` is; nothing if it is something else, a token above all. */
export function asList(value: Value): Value[] | undefined {
  return value === undefined ? [] : Array.isArray(value) ? value : undefined;
}

/** Resolves values in the scope of a construct. */
export class ValueReader {
  private readonly logicalIds = new Map<Stack, Map<string, string>>();

  /** What `value` is once all tokens are resolved as far as they can be at synthesis. */
  public resolve(value: Value, scope: IConstruct): Value {
    const resolved = Tokenization.resolve(value, { scope, resolver: new ReferenceResolver(), preparing: false });
    return this.named(resolved, Stack.of(scope));
  }

  /** Turns the references that are written by hand, `{ Ref: 'LogicalId' }`, into those of constructs. */
  private named(value: Value, stack: Stack): Value {
    if (Array.isArray(value)) return value.map((item) => this.named(item, stack));
    if (typeof value !== 'object' || value === null) return value;
    const { Ref: ref, 'Fn::GetAtt': attribute } = value as Properties;
    if (typeof ref === 'string') return this.byLogicalId(stack, ref, 'Ref') ?? value;
    const [id, ...name] = typeof attribute === 'string' ? attribute.split('.') : Array.isArray(attribute) ? attribute.map(String) : [];
    if (id) return this.byLogicalId(stack, id, name.join('.')) ?? value;
    // an L1 renders what is not said as undefined
    return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined).map(([key, item]) => [key, this.named(item, stack)]));
  }

  private byLogicalId(stack: Stack, id: string, attribute: string): Value {
    if (id.startsWith('AWS::')) return undefined;
    let ids = this.logicalIds.get(stack);
    if (!ids) {
      const elements = stack.node.findAll().filter((node): node is CfnElement => CfnElement.isCfnElement(node) && node.stack === stack);
      ids = new Map(elements.map((element) => [String(stack.resolve(element.logicalId)), element.node.path]));
      this.logicalIds.set(stack, ids);
    }
    const path = ids.get(id);
    return path === undefined ? undefined : { [REFERENCE]: [path, attribute] };
  }
}

/** The resources of `types` below `root`, overrides included. */
export function readResources(root: IConstruct, types: ReadonlySet<string>, reader: ValueReader): Resource[] {
  return root.node.findAll()
    .filter((node): node is CfnResource => CfnResource.isCfnResource(node) && types.has(node.cfnResourceType))
    .flatMap((resource) => {
      const { Resources: rendered } = asObject(reader.resolve(resource._toCloudFormation(), resource));
      // an L1 may decide not to be there
      return Object.values(asObject(rendered)).map(asObject).map(({ Properties: properties, Condition: condition }) => ({
        path: resource.node.path,
        type: resource.cfnResourceType,
        properties: asObject(properties),
        doubt: condition === undefined ? undefined : `${shortPath(resource.node.path)} is there only under condition ${condition}`,
      }));
    });
}

/** The path as people read it: the last step is only CDK's. */
export function shortPath(path: string): string {
  return path.replace(/\/(Resource|Default)$/, '');
}
