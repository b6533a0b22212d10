import { Aspects, CfnResource, IAspect, TagManager } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Names } from './names';

/** Above what constructs give themselves (`Name` of a VPC and its subnets), below nothing. */
const PRIORITY = 300;

/** What is the same for everything in every stack. CloudFormation gives the tags of a stack to all that is in it. */
export const STACK_TAGS = { Project: 'tap-stack', Owner: 'platform' };

/** The tags of an environment that differ from resource to resource, or from deployment to deployment. */
export interface TagValues {
  readonly names: Names;
  /** The value of the parameter `Environment`. */
  readonly environment: string;
  /** What the resource of a construct is called where its place in the tree does not say it well. */
  readonly resourceNames?: ReadonlyMap<IConstruct, string>;
}

/** Every resource whose type takes tags carries `Name` and `Environment`, besides the tags of its stack. */
export function tagEverything(scope: IConstruct, values: TagValues): void {
  Aspects.of(scope).add(new Tagger(scope, values));
}

/** Resources the CDK writes without a tag manager, by type: its helper functions and their roles. */
const UNTYPED = ['AWS::Lambda::Function', 'AWS::IAM::Role'];

class Tagger implements IAspect {
  constructor(private readonly root: IConstruct, private readonly values: TagValues) {}

  public visit(node: IConstruct): void {
    // the resource of a launch template has no tags of its own: the construct writes them into it
    const resource = TagManager.of(node) ? node.node.defaultChild ?? node : node;
    if (!CfnResource.isCfnResource(resource)) return;
    const tags = {
      Name: this.values.names.of(this.givenName(resource) ?? resourceName(this.root, resource)),
      Environment: this.values.environment,
    };
    const manager = TagManager.of(node);
    if (manager) {
      Object.entries(tags).forEach(([key, value]) => manager.setTag(key, value, PRIORITY));
    } else if (UNTYPED.includes(resource.cfnResourceType)) {
      resource.addPropertyOverride('Tags', Object.entries(tags).map(([Key, Value]) => ({ Key, Value })));
    }
  }

  private givenName(resource: CfnResource): string | undefined {
    const construct = resource.node.scope;
    return construct?.node.defaultChild === resource ? this.values.resourceNames?.get(construct) : undefined;
  }
}

/** `Network/Vpc/PublicSubnet1/Subnet` → `network-vpc-public-subnet1-subnet`; what the CDK puts in between says nothing. */
function resourceName(root: IConstruct, node: CfnResource): string {
  const ids = node.node.scopes.slice(root.node.scopes.length).map((scope) => scope.node.id);
  return ids
    .filter((id) => !['Resource', 'Default'].includes(id))
    .map((id) => id.replace(/^Custom::/, '').replace(/([a-z0-9])([A-Z])/g, '$1-$2').replace(/[^A-Za-z0-9]+/g, '-').toLowerCase())
    .join('-');
}
