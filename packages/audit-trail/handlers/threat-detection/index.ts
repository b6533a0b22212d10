import { Answer, customResource, Request } from '../custom-resource';
import { decide, State } from './decide';
import { SERVICES } from './services';

/** Turns one service on where it is missing. */
export const handler = customResource(async ({ RequestType, ResourceProperties }: Request): Promise<Answer> => {
  const name = String(ResourceProperties.Service);
  const service = SERVICES[name];
  if (!service) throw new Error(`'Service' must be one of ${Object.keys(SERVICES).join(', ')}, got '${name}'`);

  const state = RequestType === 'Delete' ? State.ON : await service.state();
  const { enable, outcome } = decide(name, RequestType, state);
  if (enable) await service.enable();
  return { physicalResourceId: name, data: { Outcome: outcome } };
});
