import { CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** A resource as it will stand in the template. */
export interface TemplateResource {
  readonly construct: CfnResource;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** All resources below a construct as they will stand in their templates, whatever layer made them. */
export function resourcesBelow(scope: IConstruct): TemplateResource[] {
  return scope.node.findAll().filter((construct) => CfnResource.isCfnResource(construct)).map((construct) => {
    const logicalId: string = Stack.of(construct).resolve(construct.logicalId);
    return { construct, logicalId, type: construct.cfnResourceType, properties: propertiesOf(construct) };
  });
}

/** The properties of a resource as they will stand in its template. */
export function propertiesOf(construct: CfnResource): TemplateResource['properties'] {
  const stack = Stack.of(construct);
  // not part of the types, but the only way to see overrides, too
  const rendered = stack.resolve((construct as unknown as { _toCloudFormation(): object })._toCloudFormation());
  return rendered.Resources?.[stack.resolve(construct.logicalId)]?.Properties ?? {};
}

/** The logical ids that a value mentions. */
export function mentioned(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(mentioned);
  if (typeof value !== 'object' || value === null) return [];
  const { Ref: ref, 'Fn::GetAtt': attribute, ...others } = value as Record<string, unknown>;
  const own = [ref, Array.isArray(attribute) ? attribute[0] : String(attribute ?? '').split('.')[0]].filter((id): id is string => typeof id === 'string' && id !== '');
  return [...own, ...Object.values(others).flatMap(mentioned)];
}
