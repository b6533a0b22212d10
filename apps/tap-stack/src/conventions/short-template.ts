/** As often as this, a text has the same lines before they are said once. */
const OFTEN = 10;

/** What is the same whether it is said or not, of what the CDK says in any case. */
const ANYWAY: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'AWS::EC2::Subnet': { MapPublicIpOnLaunch: false },
  'AWS::IAM::ManagedPolicy': { Description: '', Path: '/' },
};

/** A template without tokens. */
interface Template {
  readonly Resources?: Readonly<Record<string, Resource>>;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/**
 * The same template, said the short way. CloudFormation makes the same of both.
 *
 * What the CDK joins from pieces is one text with references in it; lines that a text has again and again stand in it once; a resource that
 * refers to another does not say that it depends on it; and what AWS does anyway goes without saying.
 */
export function shortTemplate(template: Template): Template {
  const { Resources = {}, ...others } = inShort(template) as Template;
  return { ...others, Resources: Object.fromEntries(Object.entries(Resources).map(([id, resource]) => [id, withoutSayingTwice(resource)])) };
}

function withoutSayingTwice({ DependsOn = [], DeletionPolicy, UpdateReplacePolicy, ...resource }: Resource): Resource {
  const seen = references(resource.Properties);
  const unseen = [DependsOn].flat().filter((id) => !seen.includes(id));
  return {
    ...resource,
    ...resource.Properties && { Properties: ownProperties(resource) },
    ...unseen.length > 0 && { DependsOn: unseen },
    ...resource.Type.startsWith('Custom::') && DeletionPolicy === 'Delete' ? {} : { UpdateReplacePolicy, DeletionPolicy },
  };
}

/** A policy with a name keeps all: it would have to be made anew, which CloudFormation refuses to do under the same name. */
function ownProperties({ Type, Properties = {} }: Resource): Resource['Properties'] {
  const anyway = Properties.ManagedPolicyName ? {} : ANYWAY[Type] ?? {};
  return Object.fromEntries(Object.entries(Properties).filter(([name, value]) => !(name in anyway) || anyway[name] !== value));
}

/** What CloudFormation waits for by itself. */
function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, content]: [string, unknown]) => {
    switch (key) {
      case 'Ref': return [content as string];
      case 'Fn::GetAtt': return [(content as string[])[0]];
      case 'Fn::Sub': return [...String(content).matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
      default: return references(content);
    }
  });
}

/**
 * What the CDK joins from pieces, as one text with references in it, and lines that a text has again and again, once.
 *
 * @param value a template, or a part of one, without tokens
 */
export function inShort(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inShort);
  if (typeof value === 'string') return sayingLinesOnce(value);
  if (typeof value !== 'object' || value === null || 'Fn::Sub' in value) return value;
  const short = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inShort(item)]));
  const [separator, pieces] = short['Fn::Join'] as [string, unknown] | undefined ?? [];
  const texts = Array.isArray(pieces) ? pieces.map(asText) : [undefined];
  return texts.includes(undefined) ? short : { 'Fn::Sub': texts.join(literally(separator!)) };
}

/** The lines that come up most often, and first, together with those that always follow them. */
function sayingLinesOnce(text: string): unknown {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => lines.filter((other) => other === line).length >= OFTEN);
  if (first < 0) return text;

  const places = lines.flatMap((line, index) => line === lines[first] ? [index] : []);
  let end = first + 1;
  while (places.every((place) => lines[place + end - first] === lines[end])) end++;
  const same = lines.slice(first, end).join('\n');
  return { 'Fn::Sub': [literally(text).replaceAll(literally(same), '${Same}'), { Same: same }] };
}

/** A piece as it stands in `Fn::Sub`; nothing if it cannot stand there. */
function asText(piece: unknown): string | undefined {
  if (typeof piece === 'string') return literally(piece);
  const [[name, content]] = Object.entries(piece as Record<string, unknown>);
  switch (name) {
    case 'Ref': return `\${${content as string}}`;
    case 'Fn::GetAtt': return `\${${(content as string[]).join('.')}}`;
    case 'Fn::Sub': return typeof content === 'string' ? content : undefined;
    default: return undefined;
  }
}

/** A name that IAM puts in, as in `${aws:username}`, is none of CloudFormation's references. */
function literally(text: string): string {
  return text.replaceAll('${', '${!');
}
