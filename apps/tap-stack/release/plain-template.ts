import { CodeFiles, inlineCode } from './inline-code';

/** A template, as far as it matters here. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** What the CDK writes down for itself. */
const METADATA_OF_THE_CDK = /^aws:(cdk|asset):/;

/** What stands in whatever refers to the bucket that bootstrapping makes. */
const BOOTSTRAP_BUCKET = '-assets-${AWS::AccountId}-${AWS::Region}';

/**
 * What plain CloudFormation deploys, of what the CDK's command does: the code of the functions stands in the template instead of a
 * bucket, and metadata of the CDK goes. Everything else is as it was.
 *
 * @param codeOf the files of an asset, by its hash
 * @throws Error if a resource needs the bucket all the same
 */
export function plainTemplate(template: Template, codeOf: (asset: string) => CodeFiles): Template {
  const resources = Object.entries(template.Resources)
    .map(([logicalId, resource]) => [logicalId, withoutMetadata(withoutAsset(logicalId, resource, codeOf))]);
  return { ...template, Resources: Object.fromEntries(resources) as Template['Resources'] };
}

function withoutAsset(logicalId: string, resource: Resource, codeOf: (asset: string) => CodeFiles): Resource {
  if (!JSON.stringify(resource).includes(BOOTSTRAP_BUCKET)) return resource;
  const { Code, Handler } = resource.Properties as { Code?: { S3Key?: string }; Handler?: string };
  const [, asset] = /^([0-9a-f]{64})\.zip$/.exec(Code?.S3Key ?? '') ?? [];
  if (resource.Type !== 'AWS::Lambda::Function' || asset === undefined || Handler === undefined) {
    throw new Error(`only the code of a function can stand in the template, got an asset of ${resource.Type}; build '${logicalId}' without one`);
  }
  const { code, handler } = inlineCode(codeOf(asset), Handler);
  return { ...resource, Properties: { ...resource.Properties, Code: { ZipFile: code }, Handler: handler } };
}

function withoutMetadata({ Metadata = {}, ...resource }: Resource): Resource {
  const others = Object.entries(Metadata).filter(([key]) => !METADATA_OF_THE_CDK.test(key));
  return others.length > 0 ? { ...resource, Metadata: Object.fromEntries(others) } : resource;
}
