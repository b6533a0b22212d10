import { Answer, customResource, Request } from '../custom-resource';
import { decide, State } from './decide';

/** One service: what it does now, and how it is turned on. */
export interface Service {
  state(): Promise<State>;
  enable(): Promise<void>;
}

/** A handler that turns a service on where it is missing. Each service is bundled by itself: a function has the code of its own only. */
export function turnsOn(service: Service): (request: Request) => Promise<void> {
  return customResource(async ({ RequestType, ResourceProperties }): Promise<Answer> => {
    const name = String(ResourceProperties.Service);
    const state = RequestType === 'Delete' ? State.ON : await service.state();
    const { enable, outcome } = decide(name, RequestType, state);
    if (enable) await service.enable();
    return { physicalResourceId: name, data: { Outcome: outcome } };
  });
}
