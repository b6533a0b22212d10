import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** The user data of the only instance of the stack: its parts by content type, as the machine would read them. */
export function userDataParts(stack: Stack): Record<string, string> {
  const instances = Object.values(Template.fromStack(stack).findResources('AWS::EC2::Instance'));
  if (instances.length !== 1) throw new Error(`${instances.length} instances`);
  return userDataPartsOf(instances[0].Properties.UserData);
}

/** The same, of user data as it stands in a template. */
export function userDataPartsOf(userData: unknown): Record<string, string> {
  const archive = Buffer.from(evaluate(userData), 'base64').toString();
  const [, boundary] = /boundary="([^"]+)"/.exec(archive) ?? [];
  const parts = archive.split(`--${boundary}`).slice(1, -1).map((part) => {
    const [, type, body] = /Content-Type: ([^;]+);[^]*?\n\n([^]*)\n$/.exec(part) ?? [];
    return [type, Buffer.from(body, 'base64').toString()];
  });
  return Object.fromEntries(parts);
}

/** The script that runs at every boot. */
export const bootScript = (stack: Stack) => userDataParts(stack)['text/x-shellscript-per-boot'];

/** The configuration of the agent in a script. */
export function configurationIn(script: string) {
  const [, json] = /<<'END_OF_CONFIGURATION'\n([^]*?)\nEND_OF_CONFIGURATION\n/.exec(script) ?? [];
  return JSON.parse(json);
}

/** Evaluates what CloudFormation would; a reference becomes `<LogicalId>`. */
export function evaluate(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[intrinsic, argument]] = Object.entries(value as Record<string, unknown>);
  switch (intrinsic) {
    case 'Ref': return `<${argument as string}>`;
    case 'Fn::Join': return (argument as [string, unknown[]])[1].map(evaluate).join((argument as [string, unknown[]])[0]);
    case 'Fn::GetAtt': return `<${(argument as string[]).join('.')}>`;
    case 'Fn::Base64': return Buffer.from(evaluate(argument)).toString('base64');
    default: throw new Error(`cannot evaluate ${intrinsic}`);
  }
}
