import { ACCOUNT } from '../deployment';
import { Claim } from './judge-policies';
import { ServiceUse, STRANGER } from './services';
import { PolicyDocument, Request } from './simulator';

/** The services that a policy lets in by name. */
export function servicesIn({ Statement }: PolicyDocument): string[] {
  const named = Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Principal }) => (Principal as { Service?: string | string[] }).Service ?? []);
  return [...new Set(named)];
}

/** A service that a policy lets in does its work for this account, and with anything else in what it tells it is refused. */
export function serviceClaims(document: PolicyDocument, uses: ServiceUse[], resource: string, always: Record<string, string> = {}): Claim[] {
  return servicesIn(document).flatMap((service) => {
    const known = uses.filter((use) => use.service === service);
    if (known.length === 0) throw new Error(`'services.ts' must say what ${service} does with ${resource}, got nothing; add it`);
    return known.flatMap((use) => claimsOf(use, resource, always));
  });
}

function claimsOf({ service, actions, object, context }: ServiceUse, resource: string, always: Record<string, string>): Claim[] {
  const request = (action: string, changed: Record<string, string | undefined>, where = object) => (resourcePolicy: PolicyDocument): Request[] => {
    const own = Object.fromEntries(Object.entries(context).map(([key, value]) => [key, value.own]));
    const told = Object.entries({ ...own, ...changed, ...always, 'aws:PrincipalIsAWSService': 'true' }).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return [{ principal: service, action, resource: where ? `${resource}/${where}` : resource, context: Object.fromEntries(told), resourcePolicy }];
  };
  return actions.flatMap((action): Claim[] => [
    { title: `${service} for this account: ${action}`, allowed: true, requests: request(action, {}) },
    ...(object?.includes(ACCOUNT) ? [{
      title: `${service} where another account has its logs: ${action}`, allowed: false, requests: request(action, {}, object.replace(ACCOUNT, STRANGER)),
    }] : []),
    ...Object.entries(context).flatMap(([key, { foreign }]): Claim[] => [
      { title: `${service} with ${key} ${foreign}: ${action}`, allowed: false, requests: request(action, { [key]: foreign }) },
      { title: `${service} without ${key}: ${action}`, allowed: false, requests: request(action, { [key]: undefined }) },
    ]),
  ]);
}
