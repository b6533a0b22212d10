/**
 * What every public type of a package keeps to, because Java and Python users see nothing else of it:
 * it is documented, useful without the other packages, and typed.
 */
import { Assembly, Callable, Docs, Parameter, Property, Type, TypeReference, typesOf } from './api-assembly';

export interface Finding {
  /** The public type, fully qualified. */
  readonly type: string;
  /** The type, or its member, or a member's parameter. */
  readonly subject: string;
  readonly problem: string;
}

/** Packages of this scope meet at interfaces of aws-cdk-lib only. */
const SIBLINGS = '@tapstack/';

/** Everybody who writes a construct knows what these are. */
const CONSTRUCT_PARAMETERS = new Set(['scope', 'id', 'props']);

/** Every breach of the rules, in the order of the types' names. */
export function findingsIn(assembly: Assembly): Finding[] {
  return typesOf(assembly).flatMap((type) => [...documentationOf(type), ...signaturesOf(assembly, type)]
    .map(([subject, problem]) => ({ type: type.fqn, subject, problem })));
}

type Breach = [subject: string, problem: string];

function documentationOf(type: Type): Breach[] {
  const inherited = (member: { overrides?: string }): boolean => member.overrides !== undefined;
  return [
    ...summaryOf(type.fqn, type.docs),
    ...(type.initializer?.parameters ?? [])
      .filter(({ name }) => !CONSTRUCT_PARAMETERS.has(name))
      .flatMap((parameter) => summaryOf(`${type.fqn}(${parameter.name})`, parameter.docs)),
    ...(type.members ?? []).flatMap((member) => summaryOf(`${type.fqn}.${member.name}`, member.docs)),
    ...(type.properties ?? []).filter((property) => !inherited(property)).flatMap((property) => summaryOf(`${type.fqn}.${property.name}`, property.docs)),
    ...(type.methods ?? []).filter((method) => !inherited(method)).flatMap((method) => [
      ...summaryOf(`${type.fqn}.${method.name}`, method.docs),
      ...(method.parameters ?? []).flatMap((parameter) => summaryOf(`${type.fqn}.${method.name}(${parameter.name})`, parameter.docs)),
    ]),
    ...(type.datatype ? (type.properties ?? []).flatMap((property) => structPropertyOf(`${type.fqn}.${property.name}`, property)) : []),
  ];
}

function summaryOf(subject: string, docs?: Docs): Breach[] {
  return docs?.summary?.trim() ? [] : [[subject, 'has no summary']];
}

function structPropertyOf(subject: string, { name, docs, optional }: Property): Breach[] {
  const breaches: Breach[] = [];
  if (optional && !docs?.default?.trim()) breaches.push([subject, 'is optional and has no @default']);
  if (docs?.summary && words(docs.summary) === words(name)) breaches.push([subject, `is documented with its name only ('${docs.summary}')`]);
  return breaches;
}

/** `bucketName`, "The bucket name." and "A bucket's name" are the same words, or nearly. */
function words(text: string): string {
  return text.replace(/^(the|an?)\s+/i, '').replace(/'s\b/g, '').replace(/[^a-z0-9]/gi, '').toLowerCase();
}

function signaturesOf(assembly: Assembly, type: Type): Breach[] {
  const parents = [...(type.base ? [type.base] : []), ...(type.interfaces ?? [])].map((fqn) => ({ fqn }));
  return [
    ...parents.flatMap((parent) => referenceOf(assembly, type.fqn, parent)),
    ...parametersOf(assembly, type.fqn, type.initializer),
    ...(type.properties ?? []).flatMap((property) => referenceOf(assembly, `${type.fqn}.${property.name}`, property.type)),
    ...(type.methods ?? []).flatMap((method) => [
      ...parametersOf(assembly, `${type.fqn}.${method.name}`, method),
      ...(method.returns ? referenceOf(assembly, `${type.fqn}.${method.name}`, method.returns.type) : []),
    ]),
  ];
}

function parametersOf(assembly: Assembly, subject: string, callable?: Callable): Breach[] {
  return (callable?.parameters ?? []).flatMap(({ name, type }: Parameter) => referenceOf(assembly, `${subject}(${name})`, type));
}

function referenceOf(assembly: Assembly, subject: string, reference: TypeReference): Breach[] {
  if (reference.primitive === 'any') return [[subject, "is 'any'; name the type"]];
  if (reference.union) return [[subject, 'is a union; use an enum-like class or two members']];
  if (reference.collection) return referenceOf(assembly, subject, reference.collection.elementtype);
  if (reference.fqn?.startsWith(SIBLINGS) && !reference.fqn.startsWith(`${assembly.name}.`)) {
    return [[subject, `names ${reference.fqn} of another package; take an interface of aws-cdk-lib`]];
  }
  return [];
}
