import { Output } from '@aws-sdk/client-cloudformation';
import { DeployedStack, Template } from '../../src/verify/deployed-stack';

/** A stack that runs, with a resource of each type by its logical id; the physical id is `<logical id>-1`. */
export function stackOf(types: Record<string, string>, template: Template = { Resources: {} }, outputs: Output[] = []): DeployedStack {
  const resources = Object.entries(types).map(([logicalId, type]) => ({ logicalId, type, physicalId: `${logicalId}-1` }));
  return new DeployedStack('TapStackdev', 'arn:aws:cloudformation:us-east-1:111122223333:stack/TapStackdev/1', resources, outputs, template);
}
