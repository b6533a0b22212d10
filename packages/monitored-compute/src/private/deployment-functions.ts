import { CfnResource, Stack } from 'aws-cdk-lib';
import { mentioned, propertiesOf } from './template-reading';

/** What says that somebody else than CloudFormation calls a function, or that somebody watches it. */
const OTHERS = ['AWS::Lambda::Permission', 'AWS::Lambda::EventSourceMapping', 'AWS::CloudWatch::Alarm'];

/**
 * The functions that only custom resources use, and their log groups. They run when a stack is deployed, which fails if they do: there is
 * nothing to see of them at other times.
 */
export function deploymentFunctions(resources: CfnResource[]): Set<CfnResource> {
  const ofType = (isIt: (type: string) => boolean) => resources.filter(({ cfnResourceType }) => isIt(cfnResourceType));
  const served = namedBy(ofType((type) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource'), 'ServiceToken');
  const servesOthers = namedBy(ofType((type) => OTHERS.includes(type)));
  const functions = ofType((type) => type === 'AWS::Lambda::Function');
  const found = functions.filter((one) => served.has(idOf(one)) && !servesOthers.has(idOf(one)));

  const logged = namedBy(found, 'LoggingConfig');
  const loggedByOthers = namedBy(functions.filter((one) => !found.includes(one)), 'LoggingConfig');
  return new Set([...found, ...resources.filter((one) => logged.has(idOf(one)) && !loggedByOthers.has(idOf(one)))]);
}

/** What resources name, in one of their properties or in all. */
function namedBy(resources: CfnResource[], property?: string): Set<string> {
  return new Set(resources.flatMap((resource) => {
    const properties = propertiesOf(resource);
    return mentioned(property ? properties[property] : properties).map((id) => inStackOf(resource, id));
  }));
}

function idOf(resource: CfnResource): string {
  return inStackOf(resource, Stack.of(resource).resolve(resource.logicalId));
}

/** Two stacks may call two resources the same. */
function inStackOf(resource: CfnResource, logicalId: string): string {
  return `${Stack.of(resource).node.path}:${logicalId}`;
}
