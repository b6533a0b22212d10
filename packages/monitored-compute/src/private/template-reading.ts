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
    const stack = Stack.of(construct);
    const logicalId: string = stack.resolve(construct.logicalId);
    // not part of the types, but the only way to see overrides, too
    const rendered = stack.resolve((construct as unknown as { _toCloudFormation(): object })._toCloudFormation());
    return { construct, logicalId, type: construct.cfnResourceType, properties: rendered.Resources?.[logicalId]?.Properties ?? {} };
  });
}

/** The logical ids that a value mentions. */
export function mentioned(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(mentioned);
  if (typeof value !== 'object' || value === null) return [];
  const { Ref: ref, 'Fn::GetAtt': attribute, ...others } = value as Record<string, unknown>;
  const own = [ref, Array.isArray(attribute) ? attribute[0] : String(attribute ?? '').split('.')[0]].filter((id): id is string => typeof id === 'string' && id !== '');
  return [...own, ...Object.values(others).flatMap(mentioned)];
}
