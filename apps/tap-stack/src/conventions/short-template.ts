/**
 * The same template, said the short way: what the CDK joins from pieces becomes one text with references in it. CloudFormation makes the
 * same of both.
 *
 * @param value a template, or a part of one, without tokens
 */
export function inShort(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inShort);
  if (typeof value !== 'object' || value === null) return value;
  const short = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inShort(item)]));
  const [separator, pieces] = short['Fn::Join'] as [string, unknown] | undefined ?? [];
  const texts = Array.isArray(pieces) ? pieces.map(asText) : [undefined];
  return texts.includes(undefined) ? short : { 'Fn::Sub': texts.join(literally(separator!)) };
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
