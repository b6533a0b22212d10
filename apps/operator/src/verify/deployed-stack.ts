import { DescribeStacksCommand, GetTemplateCommand, Output, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { Clients } from '../clients';

/** A resource as CloudFormation made it. */
export interface DeployedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}

/** The part of a template that checks read. */
export interface Template {
  readonly Parameters?: Record<string, { readonly Description?: string; readonly Default?: string; readonly NoEcho?: boolean }>;
  readonly Resources: Record<string, { readonly Type: string; readonly Properties?: Record<string, unknown>; readonly DeletionPolicy?: string }>;
  readonly Outputs?: Record<string, { readonly Description?: string; readonly Export?: { readonly Name: unknown } }>;
}

/** A stack as it runs, read once and handed to every check. */
export class DeployedStack {
  public static async read(clients: Clients, name: string): Promise<DeployedStack> {
    const { Stacks } = await clients.cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
    const { TemplateBody } = await clients.cloudFormation.send(new GetTemplateCommand({ StackName: name, TemplateStage: 'Processed' }));
    const resources: DeployedResource[] = [];
    for await (const page of paginateListStackResources({ client: clients.cloudFormation }, { StackName: name })) {
      for (const summary of page.StackResourceSummaries ?? []) {
        resources.push({ logicalId: summary.LogicalResourceId!, type: summary.ResourceType!, physicalId: summary.PhysicalResourceId ?? '' });
      }
    }
    return new DeployedStack(name, Stacks![0].StackId!, resources, Stacks![0].Outputs ?? [], JSON.parse(TemplateBody!) as Template);
  }

  constructor(
    public readonly name: string,
    public readonly id: string,
    public readonly resources: readonly DeployedResource[],
    public readonly outputs: readonly Output[],
    public readonly template: Template,
  ) {}

  public get account(): string {
    return this.id.split(':')[4];
  }

  public get region(): string {
    return this.id.split(':')[3];
  }

  public ofType(type: string): DeployedResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The only resource of a type whose logical id begins like this. */
  public resource(type: string, logicalIdPrefix = ''): DeployedResource {
    const found = this.ofType(type).filter((resource) => resource.logicalId.startsWith(logicalIdPrefix));
    if (found.length !== 1) {
      throw new Error(`the stack '${this.name}' must have one ${type} '${logicalIdPrefix}…', it has ${found.length}: ${found.map((one) => one.logicalId).join(', ')}`);
    }
    return found[0];
  }

  public output(key: string): string {
    const value = this.outputs.find((output) => output.OutputKey === key)?.OutputValue;
    if (value === undefined) throw new Error(`the stack '${this.name}' has no output '${key}'`);
    return value;
  }
}
